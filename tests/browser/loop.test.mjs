// The main flow, as people do it: register, open a case, record consent, refer; the other organisation answers from a phone and reports;
// the person's word closes the loop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, faults, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const pathOf = (page) => new URL(page.url()).pathname;
// Sends the page's main form, and waits for the answer.
const send = async (page, button = "main form button.btn-primary[type=submit]") => {
  await Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);
  assert.deepEqual(await page.locator(".tc-errors").allInnerTexts(), [], page.url());
};
const choose = async (page, answers) => {
  for (const [name, value] of answers) await page.check(`main [name=${name}][value='${value}']`);
};

async function registered(page) {
  await page.goto("/people?q=Quaint+Wanderer");
  await page.locator("main a[href^='/people/new']").first().click();
  await page.fill("[name=name]", "Quaint Wanderer");
  await page.selectOption("[name=sex]", "female");
  await page.fill("[name=born_on]", "1990-05-01");
  await page.fill("[name=admin1]", "Marsa");
  await send(page);
}

async function withCase(page) {
  await page.locator("main a[href^='/cases/new']").first().click();
  await page.locator("[name=intake_source]").selectOption({ index: 1 });
  await choose(page, [["case_type", "1"], ["risk", "moderate"], ["priority", "normal"], ["keeper", "me"]]);
  await send(page);
  return pathOf(page);
}

async function withConsent(page, kase) {
  await page.goto(`${kase}/consents/new`);
  await page.locator("[name=person]").selectOption({ index: 1 });
  await page.fill("[name=purpose]", "to be seen by a doctor");
  for (const box of await page.locator("main [name=to_orgs]").all()) await box.check();
  await choose(page, [["answer", "yes"], ["given_by", "person"], ["form", "signature"], ...["need", "urgency", "area", "identity"].map((section) => ["sections", section])]);
  await page.check("[name=spoken_alone]");
  await page.check("[name=understood]");
  await page.fill("[name=language]", "Arabic");
  if (await page.locator("[name=limits_explained]").count()) await page.check("[name=limits_explained]");
  await send(page);
}

async function referred(page, kase) {
  await page.goto(`${kase}/refer`);
  await page.selectOption("[name=need]", "health");
  await page.locator("main button[type=submit]").last().click();
  await page.waitForURL(/need=health/);
  const services = page.locator("main [name=to]");
  for (let i = 0; i < (await services.count()); i++) {
    const around = await services.nth(i).evaluate((box) => box.closest("li, label, div")?.innerText ?? "");
    if (/Al Noor/.test(around)) { await services.nth(i).check(); break; }
  }
  await send(page);
  await page.fill("[name=reason]", "Fever for a week");
  await page.check("[name=person]");
  await choose(page, [["priority", "normal"], ["already_receives", "no"], ["without_help", "no"], ["available_here", "yes"], ["safe_for_person", "yes"], ["safe_for_worker", "yes"], ["follow_up", "with_worker"], ...["need", "urgency", "area", "identity"].map((section) => ["sections", section])]);
  await send(page, "main button[name=go][value=send]");
  return pathOf(page);
}

test("a referral goes out, is answered from a phone, and is closed by the person's word", async () => {
  const amina = await program.as("amina");
  await registered(amina);
  const kase = await withCase(amina);
  await withConsent(amina, kase);
  const referral = await referred(amina, kase);
  assert.deepEqual(await faults(amina), []);

  const chen = await program.as("chen", { viewport: PHONE });
  await chen.goto(referral);
  assert.doesNotMatch(await chen.locator("main").innerText(), /Quaint Wanderer/, "before acceptance only the brief");
  await chen.goto(`${referral}/acceptance`);
  await send(chen);
  assert.match(await chen.locator("main").innerText(), /Quaint Wanderer/, "after acceptance the packet");
  assert.deepEqual(await faults(chen), []);
  await chen.goto(`${referral}/outcome`);
  await chen.fill("[name=what]", "Seen by the doctor");
  await send(chen);

  await amina.goto(`${referral}/follow-up`);
  await choose(amina, [["answer", "received"], ["confirmer", "person"]]);
  await send(amina);
  await amina.goto(referral);
  assert.match(await amina.locator("main").innerText(), /Confirmed by the person/);

  const stranger = await program.as("karim");
  assert.equal((await stranger.goto(referral)).status(), 404);
});
