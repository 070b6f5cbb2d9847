// Rounds of a repeat as cards: what was said in each, the way into it, and one more.
import { button, el, sure, t } from "./dom.js";
import { bare } from "./questions.js";

export function cards(fill, growing) {
  return growing.map(({ parent, repeat, label, rounds }) => {
    const name = bare(label) || t("round");
    // Rounds that stand on this very page are cards there.
    const elsewhere = rounds.filter((round) => round.page && round.page !== fill.page.address);
    const one = ({ address, number, words, page }) => {
      const title = `${name} ${number}`;
      return el("li", { class: "card tc-card" }, el("div", { class: "card-body" }, el("h2", { class: "card-title" }, title),
        el("p", { dir: "auto" }, words.join(" · ") || t("round_blank")),
        el("div", { class: "tc-actions" }, button(t("change"), "tc-quiet", () => fill.go(page), { "aria-label": `${t("change")} ${title}` }),
          button(t("remove"), "tc-quiet", async () => { if (await sure(t("remove_sure", { what: title }), t("remove"))) fill.remove(address); }, { "aria-label": `${t("remove")} ${title}` }))));
    };
    return el("div", { class: "tc-growing" }, elsewhere.length > 0 && el("ul", { class: "list-unstyled" }, elsewhere.map(one)),
      button(t("round_add", { what: name }), "tc-quiet", () => fill.add(parent, repeat), { "data-add": true }));
  });
}
