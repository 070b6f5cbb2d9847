// A signature drawn with finger, pen or mouse. The choice of that way opens the box where there is one; what is drawn travels as points in a hidden field.
import { strokes } from "./strokes.js";

document.querySelectorAll("[data-draw]").forEach((box) => {
  const form = box.closest("form");
  const field = box.querySelector("input");
  const drawn = strokes(box.querySelector("svg.tc-signature"), field.value, (text) => { field.value = text; }, () => field.dispatchEvent(new Event("input", { bubbles: true })));
  box.querySelector("button").addEventListener("click", drawn.clear);
  const ways = form.querySelectorAll("[name=way]");
  const open = () => { box.hidden = ways.length > 0 && form.querySelector("[name=way]:checked")?.value !== "drawn"; };
  ways.forEach((way) => way.addEventListener("change", open));
  open();
  // Whoever comes back finds a way ticked again that nobody ticked just now. What the pad shows is what is sent.
  addEventListener("pageshow", () => { field.value = drawn.text(); open(); });
});
