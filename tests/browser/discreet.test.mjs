// S19: somebody comes near the screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("s19: one tap, or two on Esc, show a neutral page; a reload keeps it", async () => {
  const amina = await program.as("amina", { viewport: PHONE });
  await amina.goto("/cases");
  const seen = () => amina.locator("main").isVisible().then(async (shown) => shown && !(await amina.locator("#neutral").isVisible()));
  assert.ok(await seen());
  const hide = amina.locator("[data-hide]");
  const box = await hide.boundingBox();
  assert.ok(box.y > PHONE.height / 2, "in reach of the thumb");
  assert.ok(box.width >= 44 && box.height >= 44, "as big as a thumb");
  await hide.click();
  assert.ok(!(await seen()));
  assert.doesNotMatch(await amina.title(), /Cases/);
  await amina.reload();
  assert.ok(!(await seen()), "still hidden");
  await amina.locator("[data-unhide]").click();
  assert.ok(await seen());
  await amina.keyboard.press("Escape");
  await amina.keyboard.press("Escape");
  assert.ok(!(await seen()));
});

test("s19: hiding works without scripts too, and loses no word", async () => {
  const amina = await program.as("amina", { scripts: false });
  await amina.goto("/cases");
  const main = amina.locator("main");
  const typed = amina.locator("[data-search]");
  await typed.fill("Dana");
  await amina.locator("[data-hide]").click();
  assert.ok(await amina.locator("#neutral").isVisible());
  assert.ok(!(await main.isVisible()), "nothing of the page is left to be read");
  await amina.locator("[data-unhide]").click({ force: true });
  assert.ok(await main.isVisible());
  assert.equal(await typed.inputValue(), "Dana");
  await amina.context().close();
});

test("s19: a page that nobody touches goes blank", async () => {
  const amina = await program.as("amina");
  await amina.clock.install();
  await amina.goto("/cases");
  await amina.clock.runFor("14:30");
  assert.ok(!(await amina.locator("#blank").isVisible()));
  await amina.clock.runFor("01:00");
  assert.ok(await amina.locator("#blank").isVisible());
  assert.doesNotMatch(await amina.title(), /Cases/);
  await amina.locator("[data-resume]").click();
  assert.ok(!(await amina.locator("#blank").isVisible()));
});
