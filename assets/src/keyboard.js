// "/" to the search box, "j" and "k" between rows, "?" for help. Never while somebody types.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
const shown = (element) => element.getClientRects().length > 0;

function search() {
  const box = [...document.querySelectorAll("[data-search]")].find(shown);
  if (box) {
    box.focus();
    box.select();
  } else {
    document.querySelector(".tc-search-link")?.click();
  }
}

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by));
  const target = rows[next].matches("a, button") ? rows[next] : rows[next].querySelector("a[href], button");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": search,
  j: () => move(1),
  k: () => move(-1),
  "?": () => document.getElementById("help")?.showModal?.(),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.documentElement.matches(".is-hidden, .is-blank")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
