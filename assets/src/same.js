// A form over a version that was read says which fields stand as they were served: where a colleague saved meanwhile, those are not asked
// again. A page that answers a form holds what was typed before, and says nothing of it.
const choices = (field) => [...field.options];
const same = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  if (field.type === "file") return field.value === "";
  if (!field.options) return field.value === field.defaultValue;
  const marked = choices(field).some((option) => option.defaultSelected);
  return choices(field).every((option, at) => option.selected === (marked || field.multiple ? option.defaultSelected : at === 0));
};

document.addEventListener("formdata", (event) => {
  const fields = [...event.target.elements].filter((field) => field.name && !field.name.startsWith("_"));
  if (document.body.hasAttribute("data-answers-form") || !fields.some((field) => field.name === "version")) return;
  const names = new Set(fields.filter((field) => field.matches("input, textarea, select")).map((field) => field.name));
  fields.filter((field) => field.matches("input, textarea, select") && !same(field)).forEach((field) => names.delete(field.name));
  names.delete("version");
  names.forEach((name) => event.formData.append("_same", name));
});
