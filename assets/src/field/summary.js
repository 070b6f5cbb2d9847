// What is wrong, above everything, each with the way to it.
import { el, t } from "./dom.js";
import { bare, faultOf } from "./questions.js";

export function summary(findings, go, more) {
  // Which child it is asked of stands before the question.
  const named = ({ rounds = [], label }) => [...rounds, label].map(bare).join(" · ");
  const line = (finding) => el("li", {}, el("a", { href: "#", onclick: (event) => { event.preventDefault(); go(finding); } }, named(finding)), `: ${faultOf(finding)}`);
  return el("div", { class: "tc-errors", role: "alert", tabindex: "-1" }, el("h2", {}, t("errors")), el("ul", {}, findings.map(line)), more);
}
