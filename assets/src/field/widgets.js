// The field of each kind of question. A widget is `{ node, set }`: what is shown, and how a value that came from elsewhere gets into it.
// Every field carries the ids that its label, hint and error are tied by.
import { button, comma, el, t } from "./dom.js";
import * as days from "./days.js";
import { capture } from "./capture.js";

const has = ({ appearance = "" }, word) => appearance.split(/\s+/).includes(word);

// Tables of like questions: the one that only shows the choices, and those that are answered by them.
const chooses = ({ kind }) => kind === "select_one" || kind === "select_multiple";
export const isHead = (question) => chooses(question) && has(question, "label");
export const isRow = (question) => chooses(question) && has(question, "list-nolabel") && !question.readonly;

const dayHint = (question) => (has(question, "month-year") ? "month_hint" : has(question, "year") ? "year_hint" : "day_hint");

export function widget(question, id, hands) {
  if (isHead(question)) return head(question, id);
  if (question.readonly && question.kind !== "note") return shown(question, id);
  switch (question.kind) {
    case "note": return { node: el("span", { id, hidden: true }), set() {} };
    case "select_one": return has(question, "minimal") || has(question, "autocomplete") ? dropdown(question, id, hands) : choices(question, id, hands, "radio");
    case "select_multiple": return choices(question, id, hands, "checkbox");
    case "rank": return rank(question, id, hands);
    case "range": return scale(question, id, hands);
    case "acknowledge": return acknowledge(question, id, hands);
    case "date": return typed(question, id, hands, { shown: (value) => days.shownDay(value, question.appearance), read: (text) => days.day(text, question.appearance), mode: "numeric", hint: t(dayHint(question)) });
    case "time": return typed(question, id, hands, { shown: days.shownTime, read: days.time, mode: "numeric", hint: t("time_hint") });
    case "date_time": return moment(question, id, hands);
    case "integer": return typed(question, id, hands, { read: days.number, mode: "numeric" });
    case "decimal": return typed(question, id, hands, { read: days.number, mode: "decimal" });
    case "file": case "geopoint": case "geotrace": case "geoshape": return capture(question, id, hands);
    default: return text(question, id, hands);
  }
}

const group = (question) => ["select_one", "select_multiple", "rank", "date_time"].includes(question.kind) && !question.readonly && !isHead(question);
// Whether the question's words are the legend of several fields rather than the label of one.
export const isGroup = (question) => group(question) && !(question.kind === "select_one" && (has(question, "minimal") || has(question, "autocomplete")));

// The choices side by side, in as many columns as there are.
function columns(question, attributes, ...inside) {
  const node = el("div", { class: "tc-matrix-choices", ...attributes }, ...inside);
  node.style.setProperty("--columns", question.choices.length);
  return node;
}

// Each row says the choices again to readers of screens.
function head(question, id) {
  return { node: columns(question, { id, "aria-hidden": "true" }, question.choices.map(({ label }) => el("span", {}, label))), set() {} };
}

function shown(question, id) {
  const words = (value) => {
    const labels = value.split(" ").map((part) => question.choices.find((choice) => choice.value === part)?.label ?? part);
    return question.choices.length ? labels.join(comma) : question.kind === "date" ? days.shownDay(value) : value;
  };
  const node = el("output", { id, class: "tc-field-shown", dir: "auto" }, words(question.value));
  return { node, set: (value) => { node.textContent = words(value); } };
}

function typed(question, id, hands, { shown: show = (value) => value, read, mode, hint }) {
  const node = el("input", { id, class: "form-control tc-w-short", type: "text", inputmode: mode, autocomplete: "off", dir: "ltr", value: show(question.value), placeholder: hint,
    onchange: () => hands.give(node.value.trim() ? read(node.value) : "") });
  return { node, set: (value) => { if (read(node.value) !== value) node.value = show(value); } };
}

function text(question, id, hands) {
  const long = has(question, "multiline") || question.rows > 1;
  const numbers = has(question, "numbers") ? "numeric" : null;
  // A keypad of another script gives its own digits.
  const value = () => (numbers || question.digits ? days.plain(node.value) : days.readable(node.value));
  const common = { id, class: "form-control", dir: question.value ? "auto" : null, autocomplete: "off", onchange: () => hands.give(value()), oninput: () => hands.soon(value) };
  const node = long ? el("textarea", { ...common, rows: question.rows ?? 4 }, question.value) : el("input", { ...common, type: "text", inputmode: numbers, value: question.value });
  return { node, set: (value) => { if (node.value !== value && document.activeElement !== node) node.value = value; } };
}

function moment(question, id, hands) {
  const [on, at] = [(value) => days.shownDay(value.split("T")[0]), (value) => days.shownTime(value.split("T")[1] ?? "")];
  const give = () => hands.give(days.moment(day.value, time.value));
  const field = (suffix, label, value, hint) => el("input", { id: `${id}-${suffix}`, class: "form-control tc-w-short", type: "text", inputmode: "numeric", autocomplete: "off", dir: "ltr", value, placeholder: hint, "aria-label": label, onchange: give });
  const day = field("day", t("day"), on(question.value), t("day_hint"));
  const time = field("time", t("time"), at(question.value), t("time_hint"));
  return { node: el("div", { class: "tc-marks" }, day, time), set: (value) => { if (!value) [day.value, time.value] = ["", ""]; } };
}

function dropdown(question, id, hands) {
  const option = (value, label) => el("option", { value, selected: value === question.value }, label);
  const node = el("select", { id, class: "form-select", onchange: () => hands.give(node.value) },
    option("", t("choose")), question.choices.map((choice) => option(choice.value, choice.label)));
  return { node, set: (value) => { node.value = value; } };
}

function choices(question, id, hands, type) {
  const boxes = question.choices.map((choice, at) => {
    const box = el("input", { id: `${id}-${at}`, class: "form-check-input", type, name: id, value: choice.value, onchange: () => hands.give(told()) });
    const label = el("label", { class: "form-check-label", for: `${id}-${at}` }, choice.label, hands.media(choice.media));
    return { box, row: el("div", { class: "form-check tc-choice tc-choice-large" }, box, label) };
  });
  const told = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value).join(" ");
  // A choice made by mistake can be taken back.
  const clear = type === "radio" && !question.required && button(t("clear"), "btn-link tc-clear", () => {
    boxes[0]?.box.focus();
    set("");
    hands.give("");
  });
  const set = (value) => {
    const chosen = type === "radio" ? [value] : value.split(" ");
    boxes.forEach(({ box }) => { box.checked = chosen.includes(box.value); });
    if (clear) clear.hidden = !value;
  };
  set(question.value);
  const inside = [boxes.map(({ row }) => row), clear];
  return { node: isRow(question) ? columns(question, {}, ...inside) : el("div", {}, ...inside), set };
}

function rank(question, id, hands) {
  const list = el("ol", { class: "tc-rank", id: `${id}-list` });
  let order = [];
  const move = (at, by) => {
    order.splice(at + by, 0, ...order.splice(at, 1));
    draw();
    hands.give(order.join(" "));
    list.children[at + by]?.querySelector(by < 0 ? "[data-up]" : "[data-down]")?.focus();
  };
  const draw = () => list.replaceChildren(...order.map((value, at) => {
    const label = question.choices.find((choice) => choice.value === value)?.label ?? value;
    return el("li", {}, el("span", {}, label),
      button("↑", "tc-quiet", () => move(at, -1), { "data-up": true, disabled: at === 0, "aria-label": t("up", { what: label }) }),
      button("↓", "tc-quiet", () => move(at, 1), { "data-down": true, disabled: at === order.length - 1, "aria-label": t("down", { what: label }) }));
  }));
  const set = (value) => {
    const said = value.split(" ").filter((part) => question.choices.some((choice) => choice.value === part));
    order = [...said, ...question.choices.map((choice) => choice.value).filter((one) => !said.includes(one))];
    draw();
  };
  set(question.value);
  const agree = button(t("rank_right"), "tc-quiet", () => hands.give(order.join(" ")));
  return { node: el("div", {}, list, agree), set };
}

function scale(question, id, hands) {
  const { start, end, step } = question.scale;
  const low = Math.min(Number(start), Number(end));
  const high = Math.max(Number(start), Number(end));
  const said = el("output", { for: id, class: "tc-scale-value" });
  const tell = (value) => { said.textContent = value === "" ? t("scale_none") : value; };
  const node = el("input", { id, type: "range", class: "tc-scale", min: low, max: high, step: step || 1, oninput: () => tell(node.value), onchange: () => hands.give(node.value) });
  const set = (value) => { node.value = value === "" ? low : value; tell(value); };
  set(question.value);
  // Where it stands already a slider tells nothing: the lowest value is given by a tap on it too.
  node.addEventListener("click", () => hands.give(node.value));
  // Readers of screens hear the ends from the slider itself.
  const ends = el("div", { class: "tc-scale-ends", "aria-hidden": "true" }, el("bdi", {}, low), el("bdi", {}, high));
  return { node: el("div", {}, node, ends, said), set };
}

function acknowledge(question, id, hands) {
  const node = el("input", { id, class: "form-check-input", type: "checkbox", onchange: () => hands.give(node.checked ? "OK" : "") });
  const set = (value) => { node.checked = value !== ""; };
  set(question.value);
  return { node: el("div", { class: "form-check tc-choice tc-choice-large" }, node, el("label", { class: "form-check-label", for: id }, t("understood"))), set };
}
