// Forms without a network: filled in Arabic on a phone, kept through a restart of the browser, sent exactly once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answerPage, begun, device as open, fillToTheEnd, signIn, unlock } from "./device.mjs";
import { faults, start } from "./harness.mjs";

let program;
let profile;
before(async () => {
  program = await start();
  profile = mkdtempSync(join(tmpdir(), "throughcare-field-"));
});
after(async () => {
  await program?.stop();
  rmSync(profile, { recursive: true, force: true });
});

// The same device each time.
const device = (options) => open(program, profile, options);

test("a form filled in Arabic without a network survives a restart and is sent exactly once", async () => {
  let { context, page } = await device();
  await signIn(page, program);
  await begun(page, "household_needs");
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
  await signIn(page, program);
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
