// Keeps the shell of `/field` and the forms at hand for when there is no network, and nothing else: no answer of any other address.
const SHELL = [/*SHELL*/];
const SHELL_CACHE = "field-shell-/*VERSION*/";
const FORMS_CACHE = "field-forms";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL_CACHE).then(keepShell).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("field-shell-") && name !== SHELL_CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

// The page that called this worker did not come through it, so it is fetched once more.
async function keepShell(cache) {
  await cache.addAll(SHELL);
  const page = await fetch("/field");
  if (isGood(page)) await cache.put("/field", page);
}

const isGood = (answer) => answer.status === 200 && !answer.redirected;

// The server's answer, which is kept; else the one that was kept last.
async function freshFirst(request, name, key) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(request);
    if (isGood(answer)) await cache.put(key, answer.clone());
    // A server that fails is no better than none. Where it asks to sign in, the page that is kept comes all the same: only that can look
    // whether what lies here must go, and it leads on to signing in.
    const asksToSignIn = answer.type === "opaqueredirect";
    if (answer.status < 500 && !asksToSignIn) return answer;
    const kept = await cache.match(key);
    if (asksToSignIn) return kept ?? answer;
  } catch {
    // No network.
  }
  return (await cache.match(key)) ?? Response.error();
}

async function keptFirst(request, name) {
  const cache = await caches.open(name);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (isGood(answer)) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === "/field") event.respondWith(freshFirst(request, SHELL_CACHE, "/field"));
  else if (pathname === "/field/forms") event.respondWith(freshFirst(request, FORMS_CACHE, "/field/forms"));
  else if (/^\/field\/editions\/[^/]+\/rules$/.test(pathname)) event.respondWith(freshFirst(request, FORMS_CACHE, pathname));
  else if (pathname.startsWith("/field/editions/")) event.respondWith(keptFirst(request, FORMS_CACHE));
  else if (SHELL.includes(pathname)) event.respondWith(keptFirst(request, SHELL_CACHE));
});
