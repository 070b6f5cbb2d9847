// A phone on which forms are filled in: the same device each time, by its profile folder; its PIN; and filling a form page by page.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { ARGS, PHONE, faults } from "./harness.mjs";

export const PIN = "480913";

const opened = [];

// Closes whatever a failed test left open.
export async function putAway() {
  for (const context of opened.splice(0)) await context.close();
}

// A browser over one profile folder, where the organisations of the demonstration are.
export async function device(program, profile, { offline = false, lang = "ar" } = {}) {
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS, baseURL: program.base, viewport: PHONE, locale: lang, timezoneId: "Asia/Amman" });
  opened.push(context);
  await context.addCookies([{ name: "lang", value: lang, url: program.base }]);
  const page = context.pages()[0] ?? (await context.newPage());
  page.mistakes = [];
  page.on("pageerror", (error) => page.mistakes.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text()) && page.mistakes.push(message.text()));
  await context.setOffline(offline);
  return { context, page };
}

export async function signIn(page, program, login = "zaid") {
  await page.goto("/sign-in");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", program.password);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

// The first time on this device: a PIN is chosen, and the forms are there.
export async function begun(page, form) {
  await page.goto("/field");
  await page.fill("#pin", PIN);
  await page.fill("#pin-again", PIN);
  await page.click("#field form button[type=submit]");
  await page.locator(`[data-form=${form}]`).waitFor();
}

export const unlock = async (page) => {
  await page.fill("#pin", PIN);
  await page.click("#field form button[type=submit]");
  await page.locator("[data-connection]").waitFor();
};

// An administrator publishes a form that may be filled in without a network, for cases of this type.
export async function published(program, login, type, text) {
  const page = await program.as(login);
  await page.goto("/forms/new");
  await page.check("#f-subject-household");
  await page.locator("label", { hasText: type }).first().click();
  await page.check("input[name=offline]");
  await page.check("input[name=intake]");
  await page.setInputFiles("#f-file", { name: "form.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await Promise.all([page.waitForNavigation(), page.locator("main form button.btn-primary[type=submit]").last().click()]);
  await Promise.all([page.waitForNavigation(), page.locator("form[action$='/publication'] button").click()]);
  await page.context().close();
}

// Takes the form of this title along for the first case that it may go along for; answers where the case is.
export async function takenAlong(page, title) {
  await page.goto("/cases");
  const cases = await page.locator("main [data-row] a[href^='/cases/']").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  const along = page.locator("main a[href^='/field#along=']", { hasText: title });
  for (const kase of cases) {
    await page.goto(`${kase}/forms`);
    if (!(await along.count())) continue;
    assert.deepEqual(await faults(page), []);
    await along.first().click();
    await unlock(page);
    await page.locator("[data-case]").waitFor();
    return kase;
  }
  return assert.fail("none of the cases is open and has this form to be taken along");
}

// How many vaults, copies and files lie on the device.
export const kept = (page) => page.evaluate(() => new Promise((resolve) => {
  const open = indexedDB.open("throughcare-field");
  open.onsuccess = () => {
    const stores = ["vaults", "copies", "files"];
    const transaction = open.result.transaction(stores);
    const counts = stores.map((store) => transaction.objectStore(store).count());
    transaction.oncomplete = () => {
      open.result.close();
      resolve(counts.map((count) => count.result));
    };
  };
}));

// All that lies in the browser, sealed or not, byte by byte as letters: its databases with the keys, the storages, the caches, the history.
export const lying = (page) => page.evaluate(async () => {
  const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state)];
  const letters = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const read = async (value) => {
    if (value instanceof Blob) await read(await value.arrayBuffer());
    else if (value instanceof ArrayBuffer) said.push(letters(new Uint8Array(value)));
    else if (ArrayBuffer.isView(value)) said.push(letters(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
    else if (value && typeof value === "object") for (const [name, part] of Object.entries(value)) { said.push(name); await read(part); }
    else said.push(String(value));
  };
  const answer = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
  for (const { name } of await indexedDB.databases()) {
    const base = await answer(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      const records = base.transaction(store).objectStore(store);
      await read(await Promise.all([answer(records.getAllKeys()), answer(base.transaction(store).objectStore(store).getAll())]));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const found = await cache.match(request);
      said.push(request.url);
      if (name.startsWith("field-forms") || found.headers.get("content-type")?.includes("html")) said.push(await found.text());
    }
  }
  return said.join("\n");
});

// Answers one question so that nothing is missing: what it asks is read from the page, unless it is said here.
async function answer(question, said) {
  const radios = question.locator("input[type=radio]");
  const checks = question.locator("input[type=checkbox]");
  const list = question.locator("select");
  const field = question.locator("input[type=text], textarea").first();
  const box = (value) => question.locator(`input[value="${value}"]`);
  if (await list.count()) await list.selectOption(said ?? { index: 1 });
  else if (await radios.count()) await (said ? box(said) : radios.first()).check();
  else if (await checks.count()) for (const one of said ? said.split(" ").map(box) : [checks.first()]) await one.check();
  else if ((await field.count()) && !(await field.inputValue())) {
    const mode = await field.getAttribute("inputmode");
    const hint = await field.getAttribute("placeholder");
    await field.fill(said ?? (hint?.includes("/") ? "12/03/2020" : hint?.includes(":") ? "٠٩:٣٠" : mode === "numeric" || mode === "decimal" ? "٢" : "دانا صالح"));
    await field.press("Tab");
  }
}

const nameOf = (address) => address.split("/").pop().replace(/\[\d+\]$/, "");

// Answers what a page asks; `said` holds answers by the names of their questions. What an answer brings up is answered where it is said.
export async function answerPage(page, said = {}) {
  const done = new Set();
  for (let more = true; more; ) {
    const asked = await page.locator("#field [data-question]").evaluateAll((nodes) => nodes.map((node) => node.dataset.question));
    const fresh = asked.filter((address) => !done.has(address) && (done.size === 0 || nameOf(address) in said));
    for (const address of fresh) {
      done.add(address);
      const question = page.locator(`#field [data-question="${address}"]`);
      if (await question.count()) await answer(question, said[nameOf(address)]);
    }
    more = fresh.length > 0;
  }
}

// Goes to the end, every page without a mistake.
export async function fillToTheEnd(page, said = {}, { pages = 200 } = {}) {
  for (let at = 0; at < pages; at++) {
    if (await page.locator("[data-hand-in]").count()) return;
    await answerPage(page, said);
    const before = await page.locator("#field progress").getAttribute("value");
    await page.click("[data-next]");
    const errors = page.locator("#field .tc-errors");
    if (await errors.count()) assert.fail(`page ${before}: ${await errors.textContent()}`);
  }
  assert.fail("the form does not end");
}

// For which services the household may be, on the device: each says what it comes to and why.
export async function readVerdicts(page) {
  const all = page.locator("[data-verdict]");
  await all.first().waitFor();
  for (const one of await all.all()) {
    await one.locator("summary").click();
    assert.ok(await one.locator(".tc-verdict-why li").count() > 0);
    assert.match(await one.getAttribute("data-verdict"), /^(eligible|not_eligible|unknown)$/);
  }
}
