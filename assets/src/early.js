// Runs before anything is painted: a page hidden by its reader stays hidden when it is loaded again.
try {
  // Whoever signed out leaves nothing in the tab.
  if (location.pathname === "/sign-in" && new URLSearchParams(location.search).has("out")) sessionStorage.clear();
  if (sessionStorage.getItem("tc-hidden")) document.documentElement.classList.add("is-hidden");
} catch {
  // Storage may be refused; the hide button then only lasts until the next page.
}
