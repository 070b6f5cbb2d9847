// S20: what a device keeps can be read nowhere in it, and goes when the organisation wants it gone, or when its time is over.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { begun, device as open, kept, lying, published, putAway, signIn, takenAlong, unlock } from "./device.mjs";
import { words } from "./flow.mjs";
import { faults, start } from "./harness.mjs";

let program;
let admin;
const profiles = {};
before(async () => {
  program = await start();
  for (const login of ["zaid", "amina"]) profiles[login] = mkdtempSync(join(tmpdir(), `throughcare-guarded-${login}-`));
});
afterEach(putAway);
after(async () => {
  if (program) await administrator("samir").then(lifted);
  await program?.stop();
  for (const folder of Object.values(profiles)) rmSync(folder, { recursive: true, force: true });
});

const device = (login) => open(program, profiles[login], { lang: "en" });

const form = (id) => `survey,type,name,label
,text,where,Where is she now?
settings,form_title,form_id,version
,Where she is (${id}),${id},1
`;
const ANSWER = "Behind the blue door";

// Types the answer into what was begun, and waits until the device keeps it.
async function answered(page, begin) {
  await begin.click();
  const field = page.locator("#field [data-question] input");
  await field.fill(ANSWER);
  await field.press("Tab");
  await page.locator("#field .tc-line-tools button").first().click();
  await page.locator("[data-draft]", { hasText: /1\W* of \W*1\W* answered/ }).waitFor();
}

// Presses the button of a deed that is to be confirmed.
async function confirmed(page, part) {
  await part.locator("summary").click();
  await Promise.all([page.waitForNavigation(), part.locator("button.btn-danger").click()]);
}

async function administrator(login) {
  admin = await program.as(login);
  await admin.goto("/admin/lockdown");
}

// How many devices of somebody have told that nothing is left on them.
const wiped = async (name) => Number(await admin.locator("main tr", { hasText: name }).locator("td.tc-num").last().innerText());

// A lockdown that is in force shuts everybody out, other tests as well.
async function lifted() {
  await admin.goto("/admin/lockdown");
  const lift = admin.locator("details:has(form[action='/admin/lockdown/end'])");
  if (await lift.count()) await confirmed(admin, lift);
}

test("S20 a lockdown empties a device at its next contact in the middle of a form, and the device says so", async () => {
  await published(program, "samir", "Household visited", form("where_locked"));
  const { context, page } = await device("zaid");
  await signIn(page, program);
  await begun(page, "where_locked");
  await takenAlong(page, "where_locked");
  await context.setOffline(true);
  await answered(page, page.locator("[data-case] .btn-primary"));
  const there = await lying(page);
  assert.ok(there.includes("zaid"), "whose it is can be read");
  assert.ok(!there.includes(ANSWER), "what was answered can't");
  await page.locator("[data-case] .btn-primary").click();
  await page.locator("#field [data-question] input").waitFor();
  assert.deepEqual(await kept(page), [1, 1, 0]);

  await administrator("samir");
  const before = await wiped("Zaid");
  await confirmed(admin, admin.locator("details:has(form[action='/admin/lockdown'])"));
  assert.deepEqual(await kept(page), [1, 1, 0], "nothing reaches a device without a network");
  await context.setOffline(false);
  await page.locator("#field .tc-warning", { hasText: "wiped, as your organisation asked" }).waitFor();
  assert.deepEqual(await kept(page), [0, 0, 0]);
  assert.ok(!(await page.evaluate(() => caches.has("field-forms"))), "the forms go with the last of those who kept something here");
  assert.equal(await page.locator("#field [data-question]").count(), 0, "the form is gone from the screen as well");
  assert.deepEqual(await faults(page), []);

  await administrator("samir");
  assert.equal(await wiped("Zaid"), before + 1, "the administrator reads that nothing is left there");
  await lifted();
});

test("S20 what is kept for a protected type is gone after 72 hours, and not before", async () => {
  await published(program, "ada", "General protection", form("where_timed"));
  const { page } = await device("amina");
  await signIn(page, program, "amina");
  await begun(page, "where_timed");
  await answered(page, page.locator("[data-form=where_timed] button").last());
  const from = Date.now();
  const later = async (hours) => {
    await page.clock.setSystemTime(from + hours * 3_600_000);
    await page.goto("/field");
    await page.locator("#pin").waitFor();
  };
  await later(71.9);
  assert.deepEqual(await kept(page), [1, 1, 0]);
  await later(72.1);
  assert.deepEqual(await kept(page), [1, 0, 0]);
  assert.match(await words(page, page.locator("#field .tc-warning")), /1 copies that were not sent in time were wiped/);
  await unlock(page);
  assert.equal(await page.locator("[data-draft]").count(), 0);
});

test("S20 the devices of one person are wiped at their next contact when one was lost, and nobody else's beside it", async () => {
  const { page } = await device("amina");
  await page.goto("/field");
  await unlock(page);
  await answered(page, page.locator("[data-form=where_timed] button").last());
  // A colleague who shares the tablet.
  await signIn(page, program, "basma");
  await begun(page, "where_timed");
  assert.deepEqual(await kept(page), [2, 1, 0]);
  await administrator("ada");
  await confirmed(admin, admin.locator("main tr", { hasText: "Amina" }).locator("details"));
  await page.goto("/field");
  await page.locator("#field .tc-warning", { hasText: "wiped, as your organisation asked" }).waitFor();
  assert.deepEqual(await kept(page), [1, 0, 0]);
  assert.match(await words(page, page.locator("#field label[for=pin]")), /basma/);
  assert.deepEqual(await faults(page), []);
});
