// A recording becomes plain samples before it is sent: what recorded it wrote more into its file, the place among it (S18).
import { heard, isLong, written } from "./field/sounds.js";

async function prepare(input, problem) {
  const [chosen] = input.files;
  problem.textContent = "";
  if (!chosen) return;
  const { form, dataset: words } = input;
  // Nothing is sent before it is ready.
  form.dataset.sent = "1";
  try {
    const sound = await heard(chosen);
    if (isLong(sound)) throw new RangeError(words.wordLong);
    const files = new DataTransfer();
    files.items.add(new File([written(sound)], "recording.wav", { type: "audio/wav" }));
    input.files = files.files;
  } catch (error) {
    input.value = "";
    problem.textContent = error instanceof RangeError ? error.message : words.wordUnreadable;
  } finally {
    delete form.dataset.sent;
  }
}

document.querySelectorAll("[data-recording]").forEach((input) => {
  const problem = document.createElement("p");
  problem.className = "tc-error";
  problem.setAttribute("role", "alert");
  input.after(problem);
  input.addEventListener("change", () => prepare(input, problem));
});
