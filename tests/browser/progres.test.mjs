// As proGres works: from an incident to a user, a unit, a partner here and one outside, with and without approval; and "My notifications".
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ANSWERS, SEND, choose, pathOf, registered, send, words } from "./flow.mjs";
import { DESKTOP, PHONE, faults, picture, start } from "./harness.mjs";

let program;
let yara;
let kase;
let incident;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

async function withConsent(page) {
  await page.goto(`${kase}/consents/new`);
  await page.locator("[name=person]").selectOption({ index: 1 });
  await page.fill("[name=purpose]", "to be helped");
  for (const box of await page.locator("main [name=to_orgs]").all()) await box.check();
  await choose(page, [["answer", "yes"], ["given_by", "person"], ["form", "signature"], ...["need", "urgency", "area", "identity"].map((section) => ["sections", section])]);
  for (const name of ["spoken_alone", "understood"]) await page.check(`[name=${name}]`);
  await page.fill("[name=language]", "Arabic");
  if (await page.locator("[name=limits_explained]").count()) await page.check("[name=limits_explained]");
  await send(page);
}

// From the incident's own page: Refer, the need, and the receiver that this picks.
async function draft(need, pick) {
  await yara.goto(incident);
  await yara.locator("main a[href*='/refer?from=']").first().click();
  await yara.selectOption("[name=need]", need);
  await yara.locator("main button[type=submit]").last().click();
  await yara.waitForURL(new RegExp(`need=${need}`));
  await pick(yara);
  await send(yara);
  await yara.fill("[name=reason]", "Agreed in our talk");
  await yara.check("[name=person]");
  await choose(yara, ANSWERS);
}

const service = (name) => (page) => page.locator("main .tc-choice", { hasText: name }).first().locator("[name=to]").check();

// Shown on the referral, on the record, and on the case.
async function linked(referral) {
  await yara.goto(referral);
  assert.match(await words(yara), /Protection incident/);
  assert.equal(await yara.locator(`main a[href='${incident}']`).count(), 1);
  for (const page of [incident, kase]) {
    await yara.goto(page);
    assert.ok(await yara.locator(`main a[href='${referral}']`).count(), `${page} does not lead to ${referral}`);
  }
}

test("an incident is written on an individual's case", async () => {
  yara = await program.as("yara");
  await registered(yara, "Quiet Wayfarer");
  await yara.locator("main a[href^='/cases/new']").first().click();
  await yara.locator("[name=intake_source]").selectOption({ index: 1 });
  await choose(yara, [["case_type", "40"], ["risk", "moderate"], ["priority", "normal"], ["keeper", "me"]]);
  await send(yara);
  kase = pathOf(yara);
  await withConsent(yara);
  await yara.goto(`${kase}/records`);
  await yara.getByRole("link", { name: "Protection incident" }).click();
  assert.deepEqual(await faults(yara), []);
  await yara.fill("[name=account]", "Papers were taken away at the checkpoint.");
  await yara.fill("[name=place]", "The northern road");
  await send(yara);
  incident = pathOf(yara);
  assert.match(await words(yara), /Papers were taken away/);
  assert.deepEqual(await faults(yara), []);
  await picture(yara, "record");
});

test("a service that requires approval is pending review, then pending action", async () => {
  await draft("resettlement", service("Resettlement counselling"));
  await send(yara, "main button[name=go][value=review]");
  const referral = pathOf(yara);
  assert.match(await words(yara), /Pending Review/);
  await linked(referral);
  const david = await program.as("david");
  await david.goto(referral);
  await Promise.all([david.waitForNavigation(), david.locator("button[name=action][value=approve], form:has(input[name=action][value=approve]) button").first().click()]);
  await yara.goto(`${referral}/edit`);
  await send(yara, SEND);
  await yara.goto(referral);
  assert.match(await words(yara), /Pending Action/);
  await picture(yara, "pending-action");
});

test("one that requires none goes out at once: to a unit, a user, a partner here and one outside", async () => {
  const receivers = [
    ["registration", async (page) => page.locator("#f-to-unit").selectOption({ label: "Resettlement unit" }), "ivan"],
    ["registration", async (page) => page.locator("#f-to-user").selectOption({ index: 1 }), null],
    ["health", service("General practice"), "chen"],
    ["education", service("Night school"), null],
  ];
  for (const [need, pick, receiver] of receivers) {
    await draft(need, pick);
    await send(yara, SEND);
    const referral = pathOf(yara);
    assert.match(await words(yara), /Pending Action/, need);
    await linked(referral);
    if (!receiver) continue;
    const there = await program.as(receiver);
    await there.goto(referral);
    assert.match(await words(there), /Pending Action/);
    assert.doesNotMatch(await words(there), /Started from/);
  }
});

test("my notifications are narrowed by due date, programme and type, and marked done", async () => {
  const lina = await program.as("lina", { viewport: DESKTOP });
  await lina.goto("/");
  await lina.getByRole("link", { name: "My notifications" }).last().click();
  await picture(lina, "my-notifications");
  assert.deepEqual(await faults(lina), []);
  await lina.getByRole("link", { name: "All", exact: true }).click();
  const rows = lina.locator("main [data-row]");
  assert.ok((await rows.count()) > 0, "the demonstration has notifications for Lina");
  const done = lina.getByRole("link", { name: "Done", exact: true });
  await done.click();
  const before = await rows.count();
  await lina.getByRole("link", { name: "All", exact: true }).click();
  await lina.getByRole("link", { name: "Referrals", exact: true }).last().click();
  assert.match(lina.url(), /due=all/);
  assert.match(lina.url(), /kind=referrals/);
  const marked = (await rows.first().innerText()).split(/\s/)[0];
  await Promise.all([lina.waitForNavigation(), lina.getByRole("button", { name: /Mark done/ }).first().click()]);
  assert.match(lina.url(), /kind=referrals/, "the list stays as it was narrowed");
  await done.click();
  // What was told of the same referral before is done with it.
  assert.ok((await rows.count()) > before);
  assert.ok((await rows.allInnerTexts()).some((row) => row.startsWith(marked)));
  const small = await program.as("lina", { viewport: PHONE, lang: "ar" });
  await small.goto("/notifications?due=all");
  assert.deepEqual(await faults(small), []);
  await picture(small, "my-notifications-phone-ar");
});
