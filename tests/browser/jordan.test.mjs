// Outreach to households, as Jordan has it: the questionnaire in Arabic on a phone, the household found to be known, a case opened from what
// came, the services it is eligible for with each condition, three referrals written together and sent with consent, a provider's answer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answerPage, begun, device, fillToTheEnd, putAway, readVerdicts, signIn, unlock } from "./device.mjs";
import { SEND, choose, filled, pathOf, registered, send, withConsent, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, start } from "./harness.mjs";

const NAME = "سلمى الزعبي";
const AGE = 40;
// What decides on the services: nobody earns, no insurance, much difficulty in walking and no wheelchair, a wish to learn a trade.
const SAID = {
  name: NAME, relation: "head", sex: "female", age: String(AGE), attends: "no", walking: "a_lot", devices: "wheelchair", insurance: "none",
  activity: "seeking", wants_training: "yes", tenure: "owned", receives: "none", phone: "0790123456",
};
const DEVICES = "Devices and fitting";
const CHOSEN = [DEVICES, "Exemption from health fees", "Courses in trades"];
let program;
let profile;
let zaid;
let kase;
let judged;
const referrals = {};
before(async () => {
  program = await start();
  profile = mkdtempSync(join(tmpdir(), "throughcare-jordan-"));
});
after(async () => {
  await putAway();
  await program?.stop();
  rmSync(profile, { recursive: true, force: true });
});

// Whatever is touched to answer is as large as a finger.
async function large(page) {
  const small = await page.locator("#field button, #field label.tc-choice, #field .tc-choice, #field input[type=text], #field select, #field textarea").evaluateAll((all) =>
    all.filter((one) => one.offsetHeight && one.offsetHeight < 44).map((one) => `${one.outerHTML.slice(0, 90)} ${one.offsetHeight}`));
  assert.deepEqual(small, []);
}

const row = (name) => zaid.locator("main .tc-choice", { hasText: name }).first();

test("the worker has met the head of the household before", async () => {
  zaid = await program.as("zaid", { viewport: PHONE });
  await registered(zaid, NAME, { born_on: `${new Date().getFullYear() - AGE}-01-15` });
  assert.match(await words(zaid), new RegExp(NAME));
  await clean(zaid, "jordan-person-phone");
});

test("the questionnaire is filled in Arabic on a phone without a network, survives a restart of the browser, and is sent", async () => {
  let { context, page } = await device(program, profile);
  await signIn(page, program);
  await begun(page, "household_needs");
  await clean(page, "jordan-forms-ar");
  // The worker of the page keeps the shell and the forms before the network goes.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await unlock(page);
  await context.setOffline(true);
  await page.locator("[data-form=household_needs] button").last().click();
  await page.locator("#field [data-question]").first().waitFor();
  assert.ok(await page.locator("#field [dir=rtl]").count(), "the form reads from right to left");
  await clean(page, "jordan-first-page-ar");
  await answerPage(page, SAID);
  await page.click("[data-next]");
  await context.close();

  ({ context, page } = await device(program, profile, { offline: true }));
  await page.goto("/field");
  await unlock(page);
  await page.locator("[data-draft] .btn-primary").click();
  await page.locator("#field [data-question]").first().waitFor();
  await large(page);
  await fillToTheEnd(page, SAID);
  await clean(page, "jordan-end-ar");
  await page.click("[data-hand-in]");
  await readVerdicts(page);
  assert.ok(await page.locator("[data-verdict=eligible]").count() >= CHOSEN.length, "the device finds what the server will find");
  judged = await page.locator("[data-verdict]").evaluateAll((all) => all.map((one) => [one.querySelector("h2").textContent.trim(), one.dataset.verdict, one.querySelectorAll(".tc-verdict-why li").length]));
  await clean(page, "jordan-verdicts-ar");
  await page.click("[data-to-forms]");
  await page.locator("[data-handed-in=waiting]").waitFor();
  // Closing the browser ended the session, so that the worker signs in first.
  await context.setOffline(false);
  await signIn(page, program);
  await page.goto("/field");
  await unlock(page);
  await page.locator("[data-handed-in=sent]").waitFor({ timeout: 60_000 });
  await clean(page, "jordan-sent-ar");
  await context.close();
});

test("whoever is known is shown before a case is opened from what came", async () => {
  await zaid.goto("/arrivals");
  await clean(zaid, "jordan-arrivals-phone");
  await Promise.all([zaid.waitForNavigation(), zaid.locator("main [data-row] a[href^='/arrivals/']").last().click()]);
  assert.match(await words(zaid), /Somebody like this is known/);
  assert.match(await words(zaid), new RegExp(NAME));
  await clean(zaid, "jordan-arrival-phone");
  const opens = "main form[action$='/opening'] button[type=submit]";
  await zaid.selectOption("main [name=intake_source]", "outreach");
  await choose(zaid, [["case_type", "90"], ["priority", "normal"]]);
  await Promise.all([zaid.waitForNavigation(), zaid.locator(opens).last().click()]);
  assert.match(await words(zaid), /Say whether this is somebody who is known/);
  await clean(zaid, "jordan-who-phone");
  await zaid.locator("main [name=person_0]").first().check();
  await send(zaid, opens);
  kase = pathOf(zaid);
  assert.match(kase, /^\/cases\//);
  assert.match(await words(zaid), new RegExp(NAME));
  await clean(zaid, "jordan-case-phone");
});

test("the services that fit are explained condition by condition", async () => {
  await zaid.goto(`${kase}/services?only=eligible`);
  await clean(zaid, "jordan-services-phone");
  for (const [name, condition] of [[DEVICES, /Lacks a device/], ["Exemption from health fees", /Income per head and month[\s\S]*Health insurance/], ["Courses in trades", /Wants training or work/]]) {
    assert.match(await words(zaid, row(name)), /Eligible/, name);
    const conditions = row(name).locator("details", { hasText: "Conditions, one by one" });
    await conditions.locator("summary").click();
    assert.ok(await conditions.locator("li").count(), name);
    assert.match(await words(zaid, conditions), condition, name);
  }
  await clean(zaid, "jordan-conditions-phone");
  const arabic = await program.as("zaid", { viewport: PHONE, lang: "ar" });
  await arabic.goto(`${kase}/services?only=eligible`);
  // The same evaluator decided without a network, by as many conditions: what it found stands here, what it ruled out does not. What only the
  // record of the person decides it could not know.
  const found = new Map(await arabic.locator("main .tc-choice").evaluateAll((all) => all.map((one) => [one.querySelector("label").textContent.trim(), one.querySelectorAll("details li").length])));
  for (const [name, verdict, conditions] of judged) {
    if (verdict === "eligible") assert.equal(found.get(name), conditions, name);
    else if (verdict === "not_eligible") assert.ok(!found.has(name), name);
  }
  await clean(arabic, "jordan-services-ar");
});

test("three referrals are written together, and sent with consent", async () => {
  for (const name of CHOSEN) await row(name).locator("[name=to]").check();
  await Promise.all([zaid.waitForNavigation(), zaid.locator("main button.btn-primary[form=draft-form]").click()]);
  assert.match(await words(zaid), /The drafts are kept\. Nothing is sent yet\./);
  assert.equal(await zaid.locator("#drafts a").count(), 3);
  for (const name of CHOSEN) {
    const edit = await zaid.locator("#drafts a", { hasText: name }).getAttribute("href");
    referrals[name] = edit.replace(/\/edit$/, "");
  }
  await clean(zaid, "jordan-drafts-phone");
  await withConsent(zaid, kase);
  for (const name of CHOSEN) {
    await zaid.goto(`${referrals[name]}/edit`);
    await filled(zaid);
    await clean(zaid, `jordan-draft-${CHOSEN.indexOf(name)}-phone`);
    await send(zaid, SEND);
    assert.equal(pathOf(zaid), referrals[name], `${name} is sent`);
  }
  await clean(zaid, "jordan-sent-phone");
  await zaid.goto(kase);
  for (const name of CHOSEN) assert.ok((await words(zaid)).includes(name), name);
  await clean(zaid, "jordan-referred-phone");
});

test("a provider answers, and the worker reads it", async () => {
  const chen = await program.as("chen", { viewport: DESKTOP });
  await chen.goto(referrals[DEVICES]);
  assert.doesNotMatch(await words(chen), /0790123456/, "how to reach her is not in what was agreed to");
  await clean(chen, "jordan-asked");
  await chen.goto(`${referrals[DEVICES]}/acceptance`);
  await clean(chen, "jordan-accepting");
  await send(chen);
  assert.match(await words(chen), new RegExp(NAME));
  await chen.goto(`${referrals[DEVICES]}/outcome`);
  await chen.fill("[name=what]", "A wheelchair was fitted");
  await send(chen);
  await clean(chen, "jordan-served");
  await zaid.goto(referrals[DEVICES]);
  assert.match(await words(zaid), /A wheelchair was fitted/);
  await clean(zaid, "jordan-answered-phone");
  // The other two see theirs, and not this one.
  const leila = await program.as("leila");
  assert.equal((await leila.goto(referrals["Exemption from health fees"])).status(), 200);
  await clean(leila, "jordan-asked-too");
  assert.equal((await leila.goto(referrals["Courses in trades"])).status(), 404);
});
