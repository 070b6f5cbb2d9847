// Whoever goes back after sending finds the page fetched anew and their words put back by the browser. The page's forms then carry the mark that they
// had, so that the same words sent once more are the same act and nothing is done twice; other words are another act. Only where words are typed: a step
// that is taken, undone and taken again is meant each time.
const fields = [...document.querySelectorAll('form[method="post"] input[name="_once"]')].filter((field) => field.form.querySelector("textarea"));

if (fields.length) {
  const before = history.state?.once ?? fields[0].value;
  history.replaceState({ ...history.state, once: before }, "");
  for (const field of fields) field.value = before;
}
