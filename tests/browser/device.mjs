// A phone on which forms are filled in: the same device each time, by its profile folder; its PIN; and filling a form page by page.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { ARGS, PHONE } from "./harness.mjs";

export const PIN = "480913";

const opened = [];

// Closes whatever a failed test left open.
export async function putAway() {
  for (const context of opened.splice(0)) await context.close();
}

// A browser over one profile folder.
export async function device(program, profile, { offline = false } = {}) {
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS, baseURL: program.base, viewport: PHONE, locale: "ar" });
  opened.push(context);
  await context.addCookies([{ name: "lang", value: "ar", url: program.base }]);
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
