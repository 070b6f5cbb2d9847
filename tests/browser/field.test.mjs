// Forms without a network: filled in Arabic on a phone, kept through a restart of the browser, sent exactly once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { ARGS, PHONE, faults, start } from "./harness.mjs";

const PIN = "480913";
let program;
let profile;
// The browser that is open, so that a failed test leaves none behind.
let opened;
before(async () => {
  program = await start();
  profile = mkdtempSync(join(tmpdir(), "throughcare-field-"));
});
after(async () => {
  await opened?.close();
  await program?.stop();
  rmSync(profile, { recursive: true, force: true });
});

// The same device each time: a browser over one profile folder.
async function device({ offline = false } = {}) {
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS, baseURL: program.base, viewport: PHONE, locale: "ar" });
  opened = context;
  await context.addCookies([{ name: "lang", value: "ar", url: program.base }]);
  const page = context.pages()[0] ?? (await context.newPage());
  page.mistakes = [];
  page.on("pageerror", (error) => page.mistakes.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text()) && page.mistakes.push(message.text()));
  await context.setOffline(offline);
  return { context, page };
}

async function signIn(page) {
  await page.goto("/sign-in");
  await page.fill("[name=login]", "zaid");
  await page.fill("[name=password]", program.password);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

const unlock = async (page) => {
  await page.fill("#pin", PIN);
  await page.click("#field form button[type=submit]");
  await page.locator("[data-connection]").waitFor();
};

// Answers whatever a page asks so that nothing is missing: what it asks is read from the page, not known before.
async function answerPage(page) {
  const questions = await page.locator("#field [data-question]").all();
  for (const question of questions) {
    const radios = question.locator("input[type=radio]");
    const checks = question.locator("input[type=checkbox]");
    const field = question.locator("input[type=text], textarea").first();
    if (await radios.count()) await radios.first().check();
    else if (await checks.count()) await checks.first().check();
    else if (await question.locator("select").count()) await question.locator("select").selectOption({ index: 1 });
    else if ((await field.count()) && !(await field.inputValue())) {
      const mode = await field.getAttribute("inputmode");
      const hint = await field.getAttribute("placeholder");
      await field.fill(hint?.includes("/") ? "12/03/2020" : hint?.includes(":") ? "٠٩:٣٠" : mode === "numeric" || mode === "decimal" ? "٢" : "دانا صالح");
      await field.press("Tab");
    }
  }
}

// Goes to the end. What a first answer makes wrong is mended on the same page, a few times at most.
async function fillToTheEnd(page, { pages = 200 } = {}) {
  for (let at = 0; at < pages; at++) {
    if (await page.locator("[data-hand-in]").count()) return;
    await answerPage(page);
    const before = await page.locator("#field progress").getAttribute("value");
    await page.click("[data-next]");
    const errors = page.locator("#field .tc-errors");
    if (await errors.count()) assert.fail(`page ${before}: ${await errors.textContent()}`);
  }
  assert.fail("the form does not end");
}

test("a form filled in Arabic without a network survives a restart and is sent exactly once", async () => {
  let { context, page } = await device();
  await signIn(page);
  await page.goto("/field");
  await page.fill("#pin", PIN);
  await page.fill("#pin-again", PIN);
  await page.click("#field form button[type=submit]");
  await page.locator("[data-form=household_needs]").waitFor();
  assert.deepEqual(await faults(page), []);
  // The worker of the page keeps the shell and the forms before the network goes.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await unlock(page);

  await context.setOffline(true);
  await page.reload();
  await unlock(page);
  await page.locator("[data-form=household_needs] button").last().click();
  await page.locator("#field [data-question], #field [data-add]").first().waitFor();
  assert.deepEqual(await faults(page), []);
  await answerPage(page);
  const words = await page.locator("#field [data-question]").first().textContent();
  await context.close();

  ({ context, page } = await device({ offline: true }));
  await page.goto("/field");
  await page.fill("#pin", "111222");
  await page.click("#field form button[type=submit]");
  await page.waitForFunction(() => document.getElementById("pin-error").textContent);
  await unlock(page);
  await page.locator("[data-draft] .btn-primary").click();
  await page.locator("#field [data-question]").first().waitFor();
  assert.equal(await page.locator("#field [data-question]").first().textContent(), words, "it goes on where it was left");
  await fillToTheEnd(page);
  assert.deepEqual(await faults(page), []);
  await page.click("[data-hand-in]");
  await page.locator("[data-handed-in=waiting]").waitFor();

  // The line breaks after the server has taken it: it is sent again and counted once.
  let sent = 0;
  await context.route("**/field/submissions", async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  // Closing the browser ended the session, so that the worker signs in first.
  await context.setOffline(false);
  await page.goto("/sign-in?next=%2Ffield");
  await signIn(page);
  await page.goto("/field");
  await unlock(page);
  await page.locator("[data-handed-in=sent]").waitFor({ timeout: 60_000 });
  assert.equal(sent, 2);
  assert.equal(await page.locator("[data-handed-in]").count(), 1);
  assert.deepEqual(page.mistakes.filter((mistake) => !/Failed to load|ERR_FAILED/.test(mistake)), []);
  await context.close();
});

test("five wrong PINs wipe what the device kept for this person", async () => {
  const { context, page } = await device();
  await page.goto("/field");
  for (let at = 0; at < 5; at++) {
    await page.locator("#pin").waitFor();
    await page.fill("#pin", "135790");
    await page.click("#field form button[type=submit]:not([disabled])");
    await page.waitForFunction((tries) => !document.querySelector("#pin") || document.getElementById("pin-error").textContent.includes(String(4 - tries)), at);
  }
  const left = await page.evaluate(() => new Promise((resolve) => {
    const open = indexedDB.open("throughcare-field");
    open.onsuccess = () => {
      const stores = ["vaults", "copies", "files"];
      const transaction = open.result.transaction(stores);
      const counts = stores.map((store) => transaction.objectStore(store).count());
      transaction.oncomplete = () => resolve(counts.map((count) => count.result));
    };
  }));
  assert.deepEqual(left, [0, 0, 0]);
  await context.close();
});
