// A unit is screened: begun, watched, left and come back to, paused, gone on with and cancelled; and one that ended gives its proposals, by worker and
// provider, to the workers, who ask the people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { goes, pathOf, posted, press, send, until, words } from "./flow.mjs";
import { PHONE, clean, start } from "./harness.mjs";

let program;
let bruno;
let screening;
before(async () => { program = await start(); slow(); });
after(async () => {
  if (program) fast();
  await program?.stop();
});

// A unit of the demonstration is gone through at once: here one case after the other, and slowly, as where there are a hundred thousand.
function slow() {
  program.sql(`alter table screenings alter column slice set default 1;
    create or replace function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.6); return new; end';
    grant execute on function slowly() to public;
    create or replace trigger slowly before update of done on screenings for each row when (new.done > old.done) execute function slowly()`);
}

function fast() {
  program.sql("drop trigger if exists slowly on screenings; drop function if exists slowly; alter table screenings alter column slice set default 20000");
}

const SERVICES = ["Home visits for older persons", "Nutrition for children under five"];

// Begins a screening of the unit for these services, from the list.
async function begins(page, services = SERVICES) {
  await goes(page, "/team", "/screenings");
  const unit = await page.locator("main [name=unit] option", { hasText: "Marsa field unit" }).first().getAttribute("value");
  await page.selectOption("main [name=unit]", unit);
  for (const name of services) await page.locator("main [name=services]").and(page.getByLabel(name, { exact: false })).first().check();
  await send(page, "main form[action='/screenings'] button.btn-primary");
  return pathOf(page);
}

const state = (page) => page.locator("#progress .tc-state").first().innerText();
// How many households were gone through, of how many.
async function come(page) {
  const said = (await words(page, page.locator("#progress"))).match(/(\d+) \/ (\d+)/);
  return said ? said.slice(1).map(Number) : [0, 0];
}

// Looks on without touching the page, until it shows more than so many.
async function growsBeyond(page, done) {
  const end = Date.now() + 60_000;
  while ((await come(page))[0] <= done) {
    assert.ok(Date.now() < end, `it goes beyond ${done}`);
    await page.waitForTimeout(300);
  }
  return (await come(page))[0];
}

test("a supervisor begins it, watches it, and leaves the page", async () => {
  bruno = await program.as("bruno");
  screening = await begins(bruno);
  assert.match(await words(bruno), /You can leave this page; the screening goes on\./);
  const seen = await growsBeyond(bruno, 0);
  const more = await growsBeyond(bruno, seen);
  assert.match(await state(bruno), /Running/);
  await clean(bruno, "screening-under-way");
  await goes(bruno, "/screenings");
  assert.match(await words(bruno, bruno.locator("main tr", { has: bruno.locator(`a[href="${screening}"]`) })), /Running|Waiting/);
  await goes(bruno, screening);
  assert.ok((await growsBeyond(bruno, more)) > more, "it went on meanwhile");
});

test("it is paused, stands still, goes on where it was, and ends", async () => {
  await press(bruno, "Pause");
  assert.match(await state(bruno), /Paused/);
  const [stood, all] = await come(bruno);
  assert.ok(stood > 0 && stood < all, `${stood} of ${all}`);
  await clean(bruno, "screening-paused");
  await bruno.waitForTimeout(2500);
  await bruno.reload();
  assert.deepEqual(await come(bruno), [stood, all], "nobody is gone through while it is paused");
  assert.doesNotMatch(await words(bruno), /What was found/);
  const phone = await program.as("bruno", { viewport: PHONE });
  await phone.goto(screening);
  await clean(phone, "screening-paused-phone");
  await press(phone, "Go on");
  assert.ok((await growsBeyond(phone, stood)) > stood);
  fast();
  await until(bruno, screening, async (page) => /Done/.test(await state(page)), { seconds: 60 });
  const [done, total] = await come(bruno);
  assert.equal(done, total);
  assert.ok(Math.abs(total - all) <= 2, `everybody once: ${total}, at first ${all}`);
});

test("what was found stands by service, and whom it proposes by worker and provider", async () => {
  await until(bruno, screening, async (page) => !/being worked out/.test(await words(page)), { seconds: 60 });
  for (const service of SERVICES) assert.ok((await words(bruno, bruno.locator("main table", { hasText: "More information needed" }))).includes(service), service);
  const groups = bruno.locator("main table", { hasText: "Waiting for a place" });
  assert.match(await words(bruno, groups.locator("tr[data-row]", { hasText: "Amina Haddad" }).first()), /(Home visits|Nutrition)[\s\S]*Al Noor[\s\S]*\d/);
  assert.ok((await groups.locator("tr[data-row]").count()) > 1);
  await clean(bruno, "screening-done");
  await goes(bruno, `${screening}/proposals`);
  assert.match(await words(bruno, bruno.locator("main tr[data-row]").first()), /C-[0-9A-Z]{4}-[0-9A-Z]{4}[\s\S]*Proposed/);
  await clean(bruno, "screening-proposals");
});

test("given to the workers, each has a task to ask the person, and nothing is sent", async () => {
  const sent = () => Number(program.sql("select count(*) from referrals"));
  const were = sent();
  const mine = bruno.locator("main tr[data-row]", { hasText: "Amina Haddad" }).filter({ hasText: "Proposed" }).first();
  const kase = (await mine.locator("a[href^='/cases/']").getAttribute("href")).match(/^\/cases\/[^/]+/)[0];
  // Among the tasks of the case, folded or not.
  const isAsked = async (page) => /Consent to ask for/.test(await page.locator("main").textContent());
  const named = (await words(bruno, mine)).match(new RegExp(SERVICES.join("|")))[0];
  const amina = await program.as("amina");
  await amina.goto(kase);
  assert.ok(!(await isAsked(amina)));
  await goes(bruno, screening);
  await press(bruno, "Give the proposals to the workers");
  assert.match(await words(bruno), /The workers have them since/);
  assert.equal(await bruno.getByRole("button", { name: "Give the proposals to the workers" }).count(), 0);
  await until(amina, kase, isAsked, { seconds: 60 });
  await clean(amina, "screening-task");
  await goes(amina, `${kase}/services`);
  const proposed = amina.locator("main .tc-callout", { hasText: "Proposed by a screening" });
  assert.ok((await words(amina, proposed)).includes(named), named);
  assert.equal(await amina.locator("main [name=to]:checked").count(), 0, "nothing is ticked before the person was asked");
  await clean(amina, "screening-services");
  assert.equal(sent(), were, "nothing is sent");
  // Twice gives nobody a second task.
  assert.equal(await posted(bruno, `${screening}/proposals`), 409);
});

test("another one is cancelled, and proposes nobody", async () => {
  slow();
  const second = await begins(bruno);
  await growsBeyond(bruno, 0);
  await bruno.locator("main summary", { hasText: "Cancel the screening" }).click();
  await press(bruno, "Cancel the screening");
  assert.match(await state(bruno), /Cancelled/);
  assert.doesNotMatch(await words(bruno), /What was found/);
  for (const label of ["Pause", "Go on", "Cancel the screening"]) assert.equal(await bruno.getByRole("button", { name: label }).count(), 0, label);
  const stood = await come(bruno);
  await bruno.waitForTimeout(2500);
  await bruno.reload();
  assert.deepEqual(await come(bruno), stood);
  await clean(bruno, "screening-cancelled");
  await goes(bruno, "/screenings");
  assert.match(await words(bruno, bruno.locator("main tr", { has: bruno.locator(`a[href="${second}"]`) })), /Cancelled/);
  assert.match(await words(bruno, bruno.locator("main tr", { has: bruno.locator(`a[href="${screening}"]`) })), /Done/);
});
