// Long text survives a lost session, in this tab only and for the same user only.
// Elements marked data-no-autosave, as sealed narratives are, never enter it.
import { drop, get, keys, set } from "./storage.js";

const user = document.body.dataset.user || "";
const draft = (key) => `tc-draft:${user}:${key}`;
const sent = (key) => `tc-sent:${user}:${key}`;
const signedOut = user === "";
const rejected = document.querySelector(".tc-errors") !== null;

function fields(holder) {
  const all = holder.matches("form") ? [...holder.querySelectorAll("textarea, input[type=text], input[type=date], select")] : [holder];
  return all.filter((field) => field.name && !field.closest("[data-no-autosave]"));
}

function note(field, forget) {
  const words = document.body.dataset;
  const line = document.createElement("p");
  line.className = "tc-draft";
  line.setAttribute("role", "status");
  line.append(words.wordDraft);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.wordDiscard;
  button.addEventListener("click", () => {
    forget();
    line.remove();
    field.focus();
  });
  line.append(button);
  field.after(line);
}

function restore(holder, key) {
  const kept = JSON.parse(get(draft(key)) || "null");
  if (!kept) return;
  const changed = fields(holder).filter((field) => kept[field.name] !== undefined && kept[field.name] !== field.value);
  const old = changed.map((field) => [field, field.value]);
  for (const field of changed) field.value = kept[field.name];
  if (changed.length) {
    note(changed[changed.length - 1], () => {
      drop(draft(key));
      for (const [field, value] of old) field.value = value;
    });
  }
}

function keep(holder) {
  const key = holder.dataset.autosave;
  let timer = 0;
  const save = () => set(draft(key), JSON.stringify(Object.fromEntries(fields(holder).map((field) => [field.name, field.value]))));
  holder.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  const form = holder.closest("form");
  form?.addEventListener("submit", () => {
    clearTimeout(timer);
    save();
    set(sent(key), "1");
  });
}

// Whether a submission succeeded shows on the page after it: neither the sign-in page nor the same form with errors.
function settle() {
  // A page for nobody follows a submission that did not arrive: what was typed is kept for the form's next visit.
  if (signedOut) return keys("tc-sent:").forEach(drop);
  for (const mark of keys(`tc-sent:${user}:`)) {
    if (!rejected) drop(mark.replace("tc-sent:", "tc-draft:"));
    drop(mark);
  }
  for (const other of [...keys("tc-draft:"), ...keys("tc-sent:")]) {
    if (!other.split(":")[1] || other.split(":")[1] !== user) drop(other);
  }
}

settle();
document.querySelectorAll("[data-autosave]").forEach((holder) => {
  restore(holder, holder.dataset.autosave);
  keep(holder);
});
document.querySelectorAll("form[data-signs-out]").forEach((form) =>
  form.addEventListener("submit", () => [...keys("tc-draft:"), ...keys("tc-sent:")].forEach(drop)),
);
