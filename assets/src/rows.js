// One form over a list whose buttons each keep what was said of one row alone: whether the pressed one leaves behind what stands elsewhere.
const chosen = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
const served = (field) => (field.options ? chosen(field).value : field.defaultValue);

// A row that was shown again holds what was sent and is not kept yet, as it was served.
const begun = (field) => field.value !== served(field) || (field.value !== "" && field.closest("[data-unkept]"));

export function leftBehind(form, button) {
  return [...form.elements].some((field) => field.dataset.keptBy && field.dataset.keptBy !== button?.dataset.keeps && begun(field));
}
