// Small helpers for building pages, and the words that the server's page hands over.
const root = document.getElementById("field");
export const settings = JSON.parse(root.dataset.settings);
const words = JSON.parse(root.dataset.words);

// A text by its key, without the room's prefix; `{name}` stands for a value.
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// What the server said, in the language that is read now where its key is known here.
export const outcome = ({ word, words: said }) => words[word] ?? said;

// Between the parts of a list, as the language writes it.
export const comma = document.documentElement.lang === "ar" ? "، " : ", ";

// An element: attributes, handlers as `onclick`, and what it holds. What is false or missing is left out.
export function el(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.flat().filter((part) => part !== undefined && part !== null && part !== false));
  return element;
}

export const button = (text, style, onclick, more = {}) => el("button", { type: "button", class: `btn ${style}`, onclick, ...more }, text);

// Shows a page: its heading takes the focus, so that a reader of screens begins there.
export function show(title, ...inside) {
  const heading = el("h1", { tabindex: "-1" }, title);
  root.replaceChildren(heading, ...inside.flat().filter(Boolean));
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  return heading;
}

// Says something to readers of screens, without moving anything.
export function say(text) {
  document.getElementById("field-live").textContent = text;
}

export function callout(tone, text, ...inside) {
  return el("div", { class: `tc-callout tc-${tone}` }, el("div", { class: "tc-callout-text" }, el("p", { class: "tc-callout-title" }, text), ...inside));
}

// Asks before something that can't be undone; the button says what is done.
export function sure(question, act) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "tc-dialog", "aria-labelledby": "field-sure" },
      el("p", { id: "field-sure" }, question),
      el("div", { class: "tc-actions" }, button(act, "btn-danger", () => dialog.close("yes")), button(t("no"), "tc-quiet", () => dialog.close())));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
