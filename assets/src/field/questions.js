// The questions of a page. Each has a node that stays while nothing but its value, its words or what is wrong with it changes.
import * as base from "./base.js";
import * as copies from "./copies.js";
import { button, el, sure, t } from "./dom.js";
import { isGroup, isHead, isRow, widget } from "./widgets.js";

const FAULTS = { required: "fault_required", constraint: "fault_constraint", whole_number: "fault_whole_number", number: "fault_number", scale: "fault_scale", date: "fault_date", time: "fault_time", date_time: "fault_date_time", location: "fault_location", choice: "fault_choice" };
export const faultOf = (finding) => finding.message || t(FAULTS[finding.fault] ?? "fault_constraint");

const idOf = (address) => `q-${address.replace(/[^A-Za-z0-9]+/g, "-")}`;
// What asks for another field when it changes.
const shape = (question) => JSON.stringify([question.kind, question.readonly, question.appearance, question.choices, question.scale, question.accept, question.required && question.kind === "select_one"]);

const MOST_COLUMNS = 7;
// So many columns fit, and of words alone.
const fits = ({ choices }) => choices.length <= MOST_COLUMNS && choices.every(({ media }) => media.length === 0);
const codes = ({ choices }) => choices.map(({ value }) => value).join(" ");

// The words of a question: the legend of several fields, the label of one, or words alone.
function label(question, id) {
  if (question.kind === "note" || isHead(question)) return el("p", { class: question.kind === "note" ? "tc-note" : "form-label" });
  if (isRow(question)) return el("p", { class: "form-label", id: `${id}-label` });
  return isGroup(question) ? el("legend", { class: "form-label" }) : el("label", { class: "form-label", for: id });
}

export class Questions {
  constructor(fill) {
    this.fill = fill;
    this.node = el("div", {});
    this.drawn = new Map();
    this.touched = new Set();
    this.round = new Map();
  }

  // Takes over a page: what is new is put in, what is gone taken out, what looks otherwise drawn anew. Answers how many came and went.
  follow(page) {
    const changed = new Map(page.questions.map((question) => [question.address, question]));
    const order = new Set(page.order);
    const gone = [...this.drawn.keys()].filter((address) => !order.has(address));
    gone.forEach((address) => { this.drawn.get(address).node.remove(); this.drawn.delete(address); });
    const before = this.drawn.size;
    changed.forEach((question, address) => this.#take(address, question));
    this.#arrange(page.order);
    this.#tables(page.order);
    return { added: this.drawn.size - before, gone: gone.length };
  }

  // Says what is wrong at these questions.
  tell(findings) {
    findings.forEach(({ address }) => {
      this.touched.add(address);
      const one = this.drawn.get(address);
      if (one) this.#wrong(one);
    });
  }

  focus(address) {
    const node = this.drawn.get(address)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.querySelector("input:not([type=hidden]), select, textarea, button, [tabindex]")?.focus();
  }

  #take(address, question) {
    const one = this.drawn.get(address);
    if (one && one.shape === shape(question)) {
      one.question = question;
      one.widget.set(question.value);
      this.#words(one);
      this.#wrong(one);
      return;
    }
    const focused = one?.node.contains(document.activeElement);
    const fresh = this.#draw(question);
    one?.node.replaceWith(fresh.node);
    this.drawn.set(address, fresh);
    if (focused) this.focus(address);
  }

  #draw(question) {
    const id = idOf(question.address);
    const one = { question, id, shape: shape(question) };
    const hands = {
      guarded: this.fill.copy.body.guarded,
      give: (text) => this.fill.give(one.question, text),
      // While somebody types it is kept now and then, and drawn as little.
      soon: (text) => { clearTimeout(one.timer); one.timer = setTimeout(() => hands.give(text()), 1_000); },
      media: (media) => this.#media(media),
      file: (name) => this.fill.file(name),
      draw: (name, blob) => this.fill.give(one.question, name, blob),
      keepFile: (name, blob) => copies.keepFile(this.fill.vault, this.fill.copy, name, blob),
      dropFile: async () => { await base.dropFile(this.fill.copy.id, one.question.value); await hands.give(""); },
    };
    one.widget = widget(question, id, hands);
    one.label = label(question, id);
    one.hint = el("p", { class: "tc-hint", id: `${id}-hint` });
    one.guidance = el("details", { class: "tc-disclosure" }, el("summary", {}, t("more")), el("p", {}));
    one.error = el("p", { class: "tc-error", id: `${id}-error` });
    const row = isRow(question) && { role: "group", "aria-labelledby": `${id}-label` };
    one.node = el(isGroup(question) && !row ? "fieldset" : "div", { class: "tc-field", "data-question": question.address, ...row },
      one.label, one.hint, one.guidance, this.#media(question.media), one.error, one.widget.node);
    this.#words(one);
    this.#wrong(one);
    return one;
  }

  // Forms know a little Markdown; its marks are taken away rather than shown.
  #words(one) {
    const { question, label, hint, guidance } = one;
    const words = bare(question.label);
    if (label.dataset.words !== words + question.required) {
      label.dataset.words = words + question.required;
      label.replaceChildren(words || t("no_label"), ...(question.required && question.kind !== "note" ? [el("span", { class: "tc-required" }, " *", el("span", { class: "visually-hidden" }, ` ${t("required")}`))] : []));
    }
    [hint.hidden, hint.textContent] = [!question.hint, bare(question.hint)];
    guidance.hidden = !question.guidance;
    guidance.lastElementChild.textContent = bare(question.guidance);
  }

  #wrong(one) {
    const { question, error, node, hint, id } = one;
    const wrong = question.finding && this.touched.has(question.address);
    const words = wrong ? faultOf(question.finding) : "";
    // What was mended keeps its place until the page is left, so that what stands below does not move from under a finger.
    if (words) [error.hidden, error.textContent] = [false, words];
    else error.hidden = !error.textContent;
    error.style.visibility = words ? "" : "hidden";
    node.classList.toggle("tc-field-wrong", Boolean(words));
    const described = [!hint.hidden && `${id}-hint`, words && `${id}-error`].filter(Boolean).join(" ");
    const fields = isGroup(question) ? [node] : node.querySelectorAll("input, select, textarea");
    fields.forEach((field) => {
      described ? field.setAttribute("aria-describedby", described) : field.removeAttribute("aria-describedby");
      words ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid");
    });
  }

  // Puts the nodes in order without moving what stands right; rounds that follow each other are cards.
  #arrange(order) {
    let at = this.node.firstChild;
    const used = new Set();
    for (const address of order) {
      const { node, question } = this.drawn.get(address);
      const card = order.length > 1 && question.round ? this.#card(question.round) : null;
      if (card && !used.has(card.node)) {
        used.add(card.node);
        if (card.node === at) at = at.nextSibling;
        else this.node.insertBefore(card.node, at);
        card.at = card.body.firstChild;
      }
      if (card) {
        if (node === card.at) card.at = node.nextSibling;
        else card.body.insertBefore(node, card.at);
      } else if (node === at) at = at.nextSibling;
      else this.node.insertBefore(node, at);
    }
    this.round.forEach((card, key) => {
      if (used.has(card.node)) return;
      card.node.remove();
      this.round.delete(key);
    });
  }

  // Rows that are answered by the choices of the head above them stand under it, where there is room for so many side by side.
  #tables(order) {
    let over = null;
    for (const address of order) {
      const { question, node } = this.drawn.get(address);
      if (isHead(question)) over = fits(question) ? question : null;
      else if (!over || !isRow(question) || codes(question) !== codes(over)) over = null;
      node.classList.toggle("tc-matrix-head", question === over);
      node.classList.toggle("tc-matrix-row", over !== null && question !== over);
    }
  }

  #card({ address, label, number, of, may_remove: mayRemove }) {
    if (!this.round.has(address)) {
      const [title, body] = [el("h2", { class: "card-title" }), el("div", { class: "card-body" })];
      const remove = button(t("remove"), "tc-quiet", async () => { if (await sure(t("remove_sure", { what: title.textContent }), t("remove"))) this.fill.remove(address); });
      this.round.set(address, { title, body, remove, node: el("section", { class: "card tc-card" }, el("div", { class: "card-header" }, title, remove), body) });
    }
    const card = this.round.get(address);
    card.title.textContent = `${label} ${number} / ${of}`.trim();
    card.remove.hidden = !mayRemove;
    card.remove.setAttribute("aria-label", `${t("remove")} ${card.title.textContent}`);
    return card;
  }

  #media(media) {
    const address = (file) => this.fill.copy.body.form.media.find(({ name }) => name === file)?.address;
    return (media ?? []).filter(({ file }) => address(file)).map(({ kind, file }) => {
      const src = address(file);
      if (kind === "audio") return el("audio", { controls: true, preload: "none", src });
      if (kind === "video") return el("video", { controls: true, preload: "none", class: "tc-taken", src });
      return el("img", { src, alt: "", class: "tc-taken" });
    });
  }
}

export const bare = (text) => text.replace(/<[^>]*>/g, "").replace(/\[([^\]]+)\]\(https?:[^)\s]+\)/g, "$1").replace(/(\*\*|__)(.+?)\1/g, "$2").replace(/^#+\s*/gm, "");
