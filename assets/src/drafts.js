// Long text survives a lost session, in this tab only and for the same user only.
// Elements marked data-no-autosave, as sealed narratives are, never enter it. A draft belongs to one form in one language, and is put
// back only where a page was opened anew and its field is empty or still as it was when the typing began: what answers a form holds what
// was sent, and that is the newest there is.
import { drop, get, keys, set } from "./storage.js";

const user = document.body.dataset.user || "";
const draft = (key) => `tc-draft:${user}:${key}`;
const sent = (key) => `tc-sent:${user}:${key}`;
const signedOut = user === "";
const answersForm = document.body.hasAttribute("data-answers-form");

// `R-2345-6789/1#note.fr` is the form `R-2345-6789/1` in French.
const formOf = (key) => key.split("#")[0];

function holdersIn(root) {
  return [root, ...root.querySelectorAll("[data-autosave]")].filter((holder) => holder.matches("[data-autosave]"));
}

function fields(holder) {
  const all = holder.matches("form") ? [...holder.querySelectorAll("textarea, input[type=text], input[type=date], select")] : [holder];
  return all.filter((field) => field.name && !field.closest("[data-no-autosave]"));
}

// What the server put into the field.
function served(field) {
  return field.defaultValue ?? [...field.options].find((option) => option.defaultSelected)?.value ?? "";
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

function restore(holder) {
  const key = draft(holder.dataset.autosave);
  const kept = JSON.parse(get(key) || "null");
  if (!kept) return;
  const untouched = (field) => field.value === served(field) && (field.value === "" || field.value === kept[field.name].served);
  const changed = fields(holder).filter(
    (field) => kept[field.name]?.typed !== undefined && kept[field.name].typed !== field.value && untouched(field),
  );
  const old = changed.map((field) => [field, field.value]);
  for (const field of changed) field.value = kept[field.name].typed;
  if (changed.length) {
    note(changed[changed.length - 1], () => {
      drop(key);
      for (const [field, value] of old) field.value = value;
    });
  }
}

function save(holder) {
  const typed = fields(holder).map((field) => [field.name, { typed: field.value, served: served(field) }]);
  set(draft(holder.dataset.autosave), JSON.stringify(Object.fromEntries(typed)));
}

// Fields that are swapped in later are kept too: the page listens, not the field.
const timers = new WeakMap();
document.addEventListener("input", (event) => {
  const holder = event.target.closest?.("[data-autosave]");
  if (!holder) return;
  clearTimeout(timers.get(holder));
  timers.set(holder, setTimeout(() => save(holder), 400));
});
document.addEventListener("submit", (event) => {
  // A preview in another tab leaves this page as it is.
  const elsewhere = event.submitter?.formTarget === "_blank";
  for (const holder of holdersIn(event.target)) {
    clearTimeout(timers.get(holder));
    save(holder);
    if (!elsewhere) set(sent(formOf(holder.dataset.autosave)), "1");
  }
});

// Whether a submission arrived shows on the page after it. The sign-in page says that it did not; any other page of a signed-in user, that
// it did, whether it went through or comes back with errors and all that was typed.
function settle() {
  // A page for nobody follows a submission that did not arrive: what was typed is kept for the form's next visit.
  if (signedOut) return keys("tc-sent:").forEach(drop);
  for (const mark of keys(`tc-sent:${user}:`)) {
    const form = mark.replace("tc-sent:", "tc-draft:");
    [form, ...keys(`${form}#`)].forEach(drop);
    drop(mark);
  }
  for (const other of [...keys("tc-draft:"), ...keys("tc-sent:")]) {
    if (!other.split(":")[1] || other.split(":")[1] !== user) drop(other);
  }
}

settle();
document.querySelectorAll("[data-autosave]").forEach(answersForm ? save : restore);
document.querySelectorAll("form[data-signs-out]").forEach((form) =>
  form.addEventListener("submit", () => [...keys("tc-draft:"), ...keys("tc-sent:")].forEach(drop)),
);
