// Family accompaniment, as Colombia and Jamaica have it: what a household has achieved, set with what shows it, and its report on paper in
// the family's language.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, pathOf, send, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, picture, start } from "./harness.mjs";

let program;
let camila;
let kase;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const AIDS = "Whoever was prescribed an aid or rehabilitation has received it";

async function opened(page, line) {
  await page.goto(`${kase}/achievements`);
  // Its dimension is folded until it is opened.
  await page.locator("main details", { hasText: line }).first().locator("summary").click();
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: line }).first().click()]);
}

test("the case says how far the household has come", async () => {
  camila = await program.as("camila", { viewport: DESKTOP });
  await camila.goto("/cases");
  await Promise.all([camila.waitForNavigation(), camila.locator("main [data-row] a[href^='/cases/']").first().click()]);
  kase = pathOf(camila);
  assert.match(await words(camila), /Achievements/);
  assert.match(await words(camila), /of \d+ achieved/);
  await camila.goto(`${kase}/achievements`);
  for (const part of ["Identification", "Health and nutrition", "Progress over time", "Share of conditions missing"]) assert.ok((await words(camila)).includes(part), part);
  await clean(camila, "achievements");
});

test("a line is set with what shows it, and refused without", async () => {
  await opened(camila, AIDS);
  await choose(camila, [["state", "achieved"]]);
  await camila.fill("main [name=seen_on]", "2026-02-03");
  await Promise.all([camila.waitForNavigation(), camila.locator("main form button.btn-primary").last().click()]);
  assert.match(await words(camila), /Name a document that shows it/);
  await clean(camila, "achievement-refused");
  await camila.fill("main [name=words]", "The chair stands in the kitchen");
  await send(camila);
  await opened(camila, AIDS);
  assert.match(await words(camila), /The chair stands in the kitchen/);
  await clean(camila, "achievement-line");
});

test("on a phone, and without a script, a line is set again", async () => {
  const phone = await program.as("camila", { viewport: PHONE, scripts: false });
  await phone.goto(`${kase}/achievements`);
  await picture(phone, "achievements-phone");
  await opened(phone, AIDS);
  await phone.check("main [name=state][value=does_not_apply]");
  await phone.fill("main [name=words]", "Nobody needs one any more");
  await send(phone);
  await opened(phone, AIDS);
  const said = await words(phone);
  assert.ok(said.includes("Nobody needs one any more") && said.includes("The chair stands in the kitchen"), "nothing is written over");
  await picture(phone, "achievement-line-phone");
});

test("the household report is in the family's language", async () => {
  await camila.goto(`${kase}/achievements/print`);
  await clean(camila, "achievements-print-ask");
  await choose(camila, [["lang", "es"]]);
  await camila.check("main [name=safe]");
  await Promise.all([camila.waitForNavigation(), camila.locator("main form button.btn-primary").last().click()]);
  assert.match(await words(camila), /Reporte del hogar/);
  assert.match(await words(camila), /Por alcanzar|Alcanzado/);
  assert.equal(await camila.locator(".tc-paper").getAttribute("lang"), "es");
  assert.equal(await camila.locator("html").getAttribute("lang"), "en", "what stands around it is the reader's");
  await clean(camila, "achievements-report");
});

test("the list reads from right to left", async () => {
  const arabic = await program.as("camila", { viewport: PHONE, lang: "ar" });
  await arabic.goto(`${kase}/achievements`);
  assert.match(await words(arabic), /الإنجازات/);
  await clean(arabic, "ar-achievements");
});
