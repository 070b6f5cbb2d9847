// A signature drawn with finger, pen or mouse. The choice of that way opens the box where there is one; what is drawn travels as points in a hidden field.
document.querySelectorAll("[data-draw]").forEach((box) => {
  const form = box.closest("form");
  const field = box.querySelector("input");
  const board = box.querySelector("svg");
  let stroke = null;
  const strokes = field.value ? field.value.split(";") : [];
  const show = () => {
    board.replaceChildren(
      ...strokes.map((points) => {
        const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
        line.setAttribute("points", points);
        return line;
      }),
    );
    field.value = strokes.join(";");
  };
  const point = (event) => {
    const at = board.getBoundingClientRect();
    const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return `${within(((event.clientX - at.left) / at.width) * 600, 600)},${within(((event.clientY - at.top) / at.height) * 200, 200)}`;
  };
  board.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    stroke = strokes.push(point(event)) - 1;
    show();
  });
  board.addEventListener("pointermove", (event) => {
    if (stroke === null || field.value.length > 38000) return;
    strokes[stroke] += ` ${point(event)}`;
    show();
  });
  ["pointerup", "pointercancel"].forEach((name) => board.addEventListener(name, () => { stroke = null; }));
  box.querySelector("button").addEventListener("click", () => { strokes.length = 0; show(); });
  const ways = form.querySelectorAll("[name=way]");
  const open = () => { box.hidden = ways.length > 0 && form.querySelector("[name=way]:checked")?.value !== "drawn"; };
  ways.forEach((way) => way.addEventListener("change", open));
  show();
// A signature drawn with finger, pen or mouse. The choice of that way opens the box; what is drawn travels as points in a hidden field.
import { strokes } from "./strokes.js";

document.querySelectorAll("[data-draw]").forEach((box) => {
  const form = box.closest("form");
  const field = box.querySelector("input");
  const drawn = strokes(box.querySelector("svg"), field.value, (text) => { field.value = text; });
  box.querySelector("button").addEventListener("click", drawn.clear);
  const open = () => { box.hidden = form.querySelector("[name=way]:checked")?.value !== "drawn"; };
  form.querySelectorAll("[name=way]").forEach((way) => way.addEventListener("change", open));
  open();
});
