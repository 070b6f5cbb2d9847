// One click sends one form; data-confirm asks once; the error summary takes the focus.
import { leftBehind } from "./rows.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const unkept = form.dataset.unkeptQuestion && leftBehind(form, event.submitter) ? form.dataset.unkeptQuestion : undefined;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm ?? unkept;
  if (question && !form.dataset.asked) {
    event.preventDefault();
    ask(question, () => {
      form.dataset.asked = "1";
      form.requestSubmit(event.submitter ?? undefined);
    });
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  }
});

// A form answered in place by htmx, or a page come back to, may be sent again.
function release(form) {
  delete form.dataset.sent;
  delete form.dataset.asked;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function ask(question, go) {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "tc-dialog";
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", text.id);
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "tc-actions";
  for (const [value, word, style] of [["yes", words.wordYes, "btn btn-primary"], ["no", words.wordNo, "btn tc-quiet"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = word;
    button.className = style;
    form.append(button);
  }
  dialog.append(text, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "yes") go();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.querySelector("[data-focus]")?.focus();

// Text runs as its own script does, but an empty field keeps the page's direction: dir="auto" would turn it to the left.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea, input[type=text], input[type=search]") || target.dir === "ltr") return;
  if (target.value) target.dir = "auto";
  else target.removeAttribute("dir");
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

addEventListener("beforeprint", () => {
  const now = new Date().toLocaleString(document.documentElement.lang);
  document.querySelectorAll("[data-print-time]").forEach((time) => (time.textContent = now));
});
