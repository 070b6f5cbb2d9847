// Social inclusion, as Italy's GePI has it: the coordinator assigns, the preliminary analysis opens the framework, the pact opens monitoring.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, pathOf, send, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, start } from "./harness.mjs";

let program;
let marco;
let kase;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const PRELIMINARY = "Opens after: Preliminary analysis (finalised)";
const PACT = "Opens after: Pact for inclusion (agreed)";
const card = (page, title) => page.locator("main .card", { hasText: title }).first();

test("the coordinator gives out a case that waits", async () => {
  const giulia = await program.as("giulia", { viewport: DESKTOP });
  await giulia.goto("/cases?keeper=all");
  const waiting = giulia.locator("main [data-row]", { hasText: "To be assigned" }).filter({ hasText: "Unit inbox" }).first();
  await Promise.all([giulia.waitForNavigation(), waiting.locator("a[href^='/cases/']").first().click()]);
  kase = pathOf(giulia);
  await clean(giulia, "inclusion-to-assign");
  await giulia.goto(`${kase}/assignment`);
  const manager = giulia.locator("main [name=manager]");
  await manager.selectOption(await manager.locator("option", { hasText: "Marco Bianchi" }).first().getAttribute("value"));
  await send(giulia);
});

test("what needs the preliminary analysis says so, on a phone too", async () => {
  marco = await program.as("marco", { viewport: DESKTOP });
  await marco.goto(kase);
  for (const opens of [PRELIMINARY, PACT]) assert.ok((await words(marco)).includes(opens), opens);
  const phone = await program.as("marco", { viewport: PHONE });
  await phone.goto(`${kase}/assessments`);
  assert.ok((await words(phone, card(phone, "Framework analysis"))).includes(PRELIMINARY));
  assert.equal(await card(phone, "Framework analysis").locator("form button").count(), 0);
  await clean(phone, "inclusion-assessments-phone");
  await phone.goto(`${kase}/records`);
  assert.ok((await words(phone)).includes(PRELIMINARY) && (await words(phone)).includes(PACT));
  await clean(phone, "inclusion-records-phone");
  await phone.goto(`${kase}/achievements`);
  assert.ok((await words(phone)).includes(PRELIMINARY));
});

test("the preliminary analysis opens the framework, not yet monitoring", async () => {
  await marco.goto(`${kase}/assessments`);
  await Promise.all([marco.waitForNavigation(), card(marco, "Preliminary analysis").locator("form button").first().click()]);
  const round = pathOf(marco).replace(/\/answers$/, "");
  const next = () => send(marco, "main button[name=go][value=next]");
  for (const answers of [[["q_home_lost", "no"]], [["q_living_from", "work"]], [], [], [["q_path", "complex"]]]) {
    await choose(marco, answers);
    await next();
  }
  await marco.goto(`${round}/finalisation`);
  await marco.selectOption("main [name=reason]", "reassessed");
  await send(marco);
  await marco.goto(`${kase}/assessments`);
  assert.equal(await card(marco, "Framework analysis").locator("form button").count(), 1);
  await clean(marco, "inclusion-framework-open");
  await marco.goto(kase);
  assert.ok(!(await words(marco)).includes(PRELIMINARY) && (await words(marco)).includes(PACT));
});

test("community projects say that nothing follows from attendance, on a phone too", async () => {
  const phone = await program.as("giulia", { viewport: PHONE });
  await phone.goto(`${kase}/placements`);
  assert.ok((await words(phone)).includes("Attendance is never a reason to cut a benefit."));
  await clean(phone, "inclusion-placements-phone");
  await phone.goto("/projects");
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href^='/projects/']", { hasText: "Gardens of the old port" }).click()]);
  await clean(phone, "inclusion-project-phone");
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href^='/cases/']").first().click()]);
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href*='/placements/']").first().click()]);
  assert.ok((await words(phone)).includes("agreed hours"));
  await clean(phone, "inclusion-weeks-phone");
});
