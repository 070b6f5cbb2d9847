// A planned meeting is dragged to another day of the calendar, by its button with a finger or anywhere with a mouse. The form then asks who wants it
// and why, as the meeting's own page does, and so does the button by itself: with a keyboard, or where there is but one day.
const dialog = document.querySelector("[data-move-dialog]");
const items = [...document.querySelectorAll("[data-move]")];
const FAR = 6;
const EDGE = 56;
const STEP = 14;
let held = null;

function ask(item, day) {
  const form = dialog.querySelector("form");
  form.action = item.dataset.move;
  form.elements.version.value = item.dataset.version;
  form.elements.starts_at.value = `${day}T${item.dataset.time}`;
  dialog.querySelector("[data-move-what]").textContent = item.dataset.what;
  dialog.showModal();
  form.elements.starts_at.focus();
}

function over(day) {
  if (held.over === day) return;
  held.over?.classList.remove("tc-day-over");
  day?.classList.add("tc-day-over");
  held.over = day;
}

function end() {
  if (!held) return;
  over(null);
  held.item.classList.remove("tc-moving");
  held = null;
}

function take(event, item) {
  const byHandle = event.target.closest(".tc-move-handle");
  if (event.button !== 0 || !event.isPrimary || (event.pointerType !== "mouse" && !byHandle)) return;
  held = { item, id: event.pointerId, x: event.clientX, y: event.clientY, moving: false, over: null };
}

function carry(event) {
  if (!held || event.pointerId !== held.id) return;
  if (!held.moving && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
  held.moving = true;
  held.item.classList.add("tc-moving");
  if (event.clientY < EDGE) scrollBy(0, -STEP);
  if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
  over(document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]") ?? null);
}

function drop(event) {
  if (!held || event.pointerId !== held.id) return;
  const { item, moving, over: day } = held;
  end();
  if (!moving) return;
  // The click that ends a drag opens nothing.
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  if (day && day.dataset.day !== item.dataset.on) ask(item, day.dataset.day);
}

if (dialog) {
  for (const item of items) {
    item.addEventListener("pointerdown", (event) => take(event, item));
    // Links and texts are not dragged by themselves.
    item.addEventListener("dragstart", (event) => event.preventDefault());
    const handle = item.querySelector(".tc-move-handle");
    handle.hidden = false;
    handle.addEventListener("click", () => ask(item, item.dataset.on));
  }
  document.addEventListener("pointermove", carry);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => event.key === "Escape" && end());
  dialog.querySelector("[data-move-cancel]").addEventListener("click", () => dialog.close());
}
