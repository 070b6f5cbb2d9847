// Whoever goes back after sending finds the page fetched anew and their words put back by the browser. The page's forms then carry the mark that they
// had, so that the same words sent once more are the same act and nothing is done twice; other words are another act. Only where words are typed: a step
// that is taken, undone and taken again is meant each time.
const MARKED = 'form[method="post"] input[name="_once"]';
const mark = document.querySelector(MARKED);

if (mark) {
  const before = history.state?.once ?? mark.value;
  history.replaceState({ ...history.state, once: before }, "");
  for (const field of document.querySelectorAll(MARKED)) {
    if (field.form.querySelector("textarea")) field.value = before;
  }
}
