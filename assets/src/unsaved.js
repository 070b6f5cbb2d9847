// Words that no draft keeps, as sealed narratives, and drawings are not left by mistake: the browser asks. Without a connection it asks for
// all, since the page can't be fetched again. Hiding the page (S19) leaves nothing and asks nothing.
// A field may stand outside its form.
const areas = "textarea, [data-draw] input:first-of-type";
const posted = (area) => area.matches?.(areas) && area.form?.matches('[method="post"]');
const answersForm = document.body.hasAttribute("data-answers-form");
const written = new Set();
if (answersForm && document.querySelector(".tc-errors, .tc-field-wrong")) {
  [...document.querySelectorAll(areas)].filter(posted).forEach((area) => written.add(area));
}

const drafted = (area) => area.type !== "hidden" && area.closest("[data-autosave]") && !area.closest("[data-no-autosave]");
// What a hidden field began with is not known any more: only a drawing that was changed here is looked at.
const changed = (area) => answersForm || area.type === "hidden" || area.value !== area.defaultValue;
const unsaved = (area) => area.isConnected && area.value.trim() !== "" && changed(area);

document.addEventListener("input", (event) => {
  if (posted(event.target)) written.add(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
  [...written].filter((area) => area.form === event.target).forEach((area) => written.delete(area));
});
addEventListener("beforeunload", (event) => {
  if (document.body.dataset.leaves) return;
  if ([...written].some((area) => unsaved(area) && !(navigator.onLine && drafted(area)))) event.preventDefault();
});
