// Words that no draft keeps, as sealed narratives, and drawings are not left by mistake: the browser asks. Without a connection it asks for
// all, since the page can't be fetched again. Hiding the page (S19) leaves nothing and asks nothing.
const areas = 'form[method="post"] textarea, form[method="post"] [data-draw] input:first-of-type';
const answersForm = document.body.hasAttribute("data-answers-form");
const written = new Set();
if (answersForm && document.querySelector(".tc-errors, .tc-field-wrong")) {
  document.querySelectorAll(areas).forEach((area) => written.add(area));
}

const drafted = (area) => area.type !== "hidden" && area.closest("[data-autosave]") && !area.closest("[data-no-autosave]");
// What a hidden field began with is not known any more: only a drawing that was changed here is looked at.
const changed = (area) => answersForm || area.type === "hidden" || area.value !== area.defaultValue;
const unsaved = (area) => area.isConnected && area.value.trim() !== "" && changed(area);

document.addEventListener("input", (event) => {
  if (event.target.matches?.(areas)) written.add(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
  event.target.querySelectorAll(areas).forEach((area) => written.delete(area));
});
addEventListener("beforeunload", (event) => {
  if (document.body.dataset.leaves) return;
  if ([...written].some((area) => unsaved(area) && !(navigator.onLine && drafted(area)))) event.preventDefault();
});
