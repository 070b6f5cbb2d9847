// Menus are <details>; this only closes them: by Esc, by a tap elsewhere, by opening another.
const menus = [...document.querySelectorAll("details[data-menu]")];
const close = (menu) => (menu.open = false);

document.addEventListener("click", (event) => menus.filter((menu) => !menu.contains(event.target)).forEach(close));
document.addEventListener("keydown", (event) => {
  const open = menus.find((menu) => menu.open);
  if (event.key !== "Escape" || !open) return;
  event.stopImmediatePropagation();
  close(open);
  open.querySelector("summary").focus();
});
