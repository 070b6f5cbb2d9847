// For which services a household may be: the rules that came with the form, judged by the server's own evaluator over the answers at hand.
import { callout, comma, el, t } from "./dom.js";
import * as engine from "./engine.js";

// Words of rules came in every language; those kept by an earlier program in one.
const said = (words) => (typeof words === "object" ? words[document.documentElement.lang] ?? words.en : words);

const ORDER = ["eligible", "unknown", "not_eligible"];
const TONES = { eligible: "good", unknown: "warning", not_eligible: "neutral" };

// What a condition saw, as the server says it: of several fields each value is named, and those of one member stand together.
const MOST_VALUES = 6;
function seen(rules, values) {
  const times = new Map();
  const nth = (name) => times.set(name, (times.get(name) ?? -1) + 1).get(name);
  const ofNumber = values.every(([name]) => name === "members");
  const told = values.map(([name, value]) => [name, value, nth(name)]).filter(([name, value]) => value !== null && (ofNumber || name !== "members"));
  if (told.length === 1 && typeof told[0][1] === "boolean") return "";
  const called = (name, value) => (typeof value === "boolean" ? said(rules.words?.[value ? "yes" : "no"] ?? String(value)) : [value].flat().map((code) => said(rules.choices?.[name]?.[code] ?? String(code))).join(comma));
  const named = (name, value) => t("value", { field: said(rules.labels[name] ?? name), value: called(name, value) });
  const alone = new Set(told.map(([name]) => name)).size === 1;
  const groups = new Map();
  told.forEach(([name, value, member], at) => {
    const key = !alone && name.startsWith("member.") ? `member ${member}` : at;
    groups.set(key, [...(groups.get(key) ?? []), alone ? called(name, value) : named(name, value)]);
  });
  // Those of members come after those of the household.
  const keys = [...groups.keys()].sort((one, other) => (typeof one === "string") - (typeof other === "string"));
  const all = keys.map((key) => groups.get(key).join(" · "));
  return [...all.slice(0, MOST_VALUES), ...(all.length > MOST_VALUES ? ["…"] : [])].join(comma);
}

// What each service's rule says of a finished copy, those that it may be for first.
export function judged(rules, copy) {
  if (!rules?.services.length) return [];
  const { verdicts } = engine.ask({ do: "judge", draft: copy, fields: rules.fields, rules: rules.services.map(({ rule }) => rule) });
  const all = rules.services.map(({ name, provider, clauses }, at) => {
    const { verdict, clauses: holds, values, decides } = verdicts[at];
    return { name, provider, verdict, clauses: clauses.map((words, nth) => ({ words: said(words), holds: holds[nth], values: seen(rules, values[nth]) })), asks: decides.map((field) => said(rules.labels[field] ?? field)) };
  });
  return all.sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
}

const state = (tone, words) => el("span", { class: `tc-state tc-${tone}` }, words);
const clause = ({ words, holds, values }) => el("li", {}, state(holds === null ? "warning" : holds ? "good" : "neutral", t(holds === null ? "clause_unknown" : holds ? "clause_met" : "clause_not_met")), " ", words, values && el("bdi", { class: "tc-hint" }, ` (${values})`));

function service({ name, provider, verdict, clauses, asks }) {
  return el("li", { class: "card tc-card", "data-verdict": verdict }, el("div", { class: "card-body" }, el("h2", { class: "card-title" }, name),
    el("p", {}, state(TONES[verdict], t(`verdict_${verdict}`)), " ", el("span", { class: "tc-hint" }, provider)),
    asks.length > 0 && el("p", {}, t("verdict_ask", { what: asks.join(" · ") })),
    el("details", { class: "tc-disclosure" }, el("summary", {}, t("verdict_why")), el("ul", { class: "tc-verdict-why" }, clauses.map(clause)))));
}

// The page of verdicts, below its heading.
export const shown = (all) => [callout("info", t("judged_provisional"), el("p", {}, t("judged_provisional_next"))), el("ul", { class: "list-unstyled" }, all.map(service))];
