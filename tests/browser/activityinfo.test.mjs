// The six steps of protection, as ActivityInfo's manual has them, with somebody at high risk: identification, consent, assessment, planning,
// implementation with a referral, follow-up and review up to the closing. The follow-up due within 48 hours is missed, and goes up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { added, assessed, card, choose, day, pathOf, press, referred, registered, send, until, withCase, withConsent, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, start } from "./harness.mjs";

let program;
let amina;
let bruno;
let kase;
let code;
let plan;
let referral;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

async function goesTo(stage) {
  await amina.goto(`${kase}/stage`);
  await choose(amina, [["stage", stage]]);
  await Promise.all([amina.waitForNavigation(), amina.locator("main form button.btn-primary[type=submit]").last().click()]);
  return pathOf(amina) === kase;
}

// A note of this kind, from the page that asks for it.
async function noted(page, kind, body) {
  await page.goto(`${kase}/notes?kind=${kind}`);
  await choose(page, [["kind", kind]]);
  await page.fill("main [name=body]", body);
  await clean(page, `six-steps-note-${kind}`);
  await send(page);
}

test("one: somebody at high risk is identified, and a safety action is asked for the same day", async () => {
  amina = await program.as("amina", { viewport: DESKTOP });
  await registered(amina, "Sixfold Wayfarer");
  kase = await withCase(amina, "high");
  assert.match(await words(amina), /No safety action is logged/);
  assert.match(await words(amina), /Take a safety action/);
  await clean(amina, "six-steps-identified");
  code = (await words(amina)).match(/C-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  await noted(amina, "safety_action", "She sleeps at her aunt's from tonight.");
  await amina.goto(kase);
  assert.doesNotMatch(await words(amina), /No safety action is logged/);
  for (const stage of ["planning", "implementation"]) assert.ok(!(await goesTo(stage)), `${stage} is shut before the assessment`);
  assert.match(await words(amina), /This stage is still shut/);
  await clean(amina, "six-steps-stage-shut");
});

test("two: she agrees to what is shared with whom", async () => {
  await amina.goto(`${kase}/consents/new`);
  await clean(amina, "six-steps-consent");
  await withConsent(amina, kase);
  await clean(amina, "six-steps-consented");
  assert.ok(await goesTo("consented"));
});

test("three: the assessment says how high the risk is, on a phone", async () => {
  assert.ok(await goesTo("assessment"));
  const phone = await program.as("amina", { viewport: PHONE });
  const pages = [[["q_tonight", "yes"]], [["q_eaten", "yes"]], [], [["q_hurt", "yes"], ["q_papers", "yes"]], [], []];
  const round = await assessed(phone, kase, "Short screening with one person", pages);
  assert.ok(await phone.isChecked("[name=risk][value=high]"), "whoever was hurt is at high risk");
  await clean(phone, "six-steps-risk-phone");
  await send(phone);
  assert.equal(pathOf(phone), round);
  await clean(phone, "six-steps-assessed-phone");
  // A screening opens no plan: the analysis that it says is due does.
  assert.ok(!(await goesTo("planning")), "the analysis is still to come");
  await amina.goto(`${kase}/assessments`);
  await Promise.all([amina.waitForNavigation(), card(amina, "In-depth analysis with one person").locator("form button").first().click()]);
  const analysis = pathOf(amina).replace(/\/answers$/, "");
  await choose(amina, [["q_sleeping", "home"]]);
  await send(amina, "main button[name=go][value=safety]");
  await choose(amina, [["q_danger_now", "soon"]]);
  await send(amina, "main button[name=go][value=stay]");
  await amina.goto(`${analysis}/finalisation`);
  await choose(amina, [["risk", "high"]]);
  await send(amina);
  assert.equal(pathOf(amina), analysis);
});

test("four: the plan is agreed by a spoken word before a witness", async () => {
  assert.ok(await goesTo("planning"));
  await amina.goto(`${kase}/plans`);
  await press(amina, "Begin a plan");
  plan = pathOf(amina);
  await added(amina, "Add a goal", { words: "To be safe at home again" });
  await added(amina, "Add an expected result", { words: "Three months without a threat" });
  await added(amina, "Add a support", { words: "The clinic looks at her hand", need: "health", due_on: day(7) });
  await clean(amina, "six-steps-plan");
  await press(amina, "Ready for agreement");
  await Promise.all([amina.waitForNavigation(), amina.locator("main a[href*='side=person']").first().click()]);
  await choose(amina, [["way", "said"]]);
  if (!(await amina.inputValue("main [name=person]"))) await amina.selectOption("main [name=person]", { index: 1 });
  await amina.fill("main [name=witness]", "Basma Khoury");
  await clean(amina, "six-steps-agreement");
  await send(amina);
  await Promise.all([amina.waitForNavigation(), amina.locator("main a[href*='side=organisation']").first().click()]);
  await send(amina);
  assert.match(await words(amina), /Agreed/);
  await clean(amina, "six-steps-agreed");
});

test("five: she is referred to the clinic, which answers and serves her", async () => {
  assert.ok(await goesTo("implementation"));
  referral = await referred(amina, kase);
  await clean(amina, "six-steps-referral");
  const chen = await program.as("chen", { viewport: PHONE });
  await chen.goto(referral);
  await clean(chen, "six-steps-asked-phone");
  await chen.goto(`${referral}/acceptance`);
  await send(chen);
  await chen.goto(`${referral}/outcome`);
  await clean(chen, "six-steps-outcome-phone");
  await chen.fill("main [name=what]", "Her hand was dressed");
  await send(chen);
  await amina.goto(`${referral}/follow-up`);
  await clean(amina, "six-steps-asking");
  await choose(amina, [["answer", "received"], ["confirmer", "person"]]);
  await send(amina);
});

test("the follow-up due within 48 hours is missed, and goes up to the supervisor", async () => {
  bruno = await program.as("bruno", { viewport: DESKTOP });
  const told = (page) => page.locator("main [data-row]", { hasText: code }).filter({ hasText: "A task is overdue: Follow-up" }).count();
  await bruno.goto("/notifications?kind=tasks&due=newest");
  assert.equal(await told(bruno), 0, "not yet");
  // Two days and an hour go by for this follow-up.
  const hers = `kind = 'follow_up' and done_at is null and case_id = '${kase.split("/").pop()}'`;
  assert.equal(program.sql(`select round(extract(epoch from due_at - now()) / 3600) from tasks where ${hers}`), "48");
  assert.equal(program.sql(`update tasks set due_at = due_at - interval '49 hours', overdue_at = overdue_at - interval '49 hours' where ${hers}`), "UPDATE 1");
  await until(bruno, "/notifications?kind=tasks&due=newest", told);
  await clean(bruno, "six-steps-told");
  await bruno.goto("/cases?keeper=all&overdue=yes&risk=high");
  assert.ok(await bruno.locator("main [data-row]", { hasText: code }).count());
  await clean(bruno, "six-steps-overdue");
  await amina.goto("/");
  assert.ok(await amina.locator("main .tc-task", { hasText: code }).filter({ hasText: "overdue by" }).count());
  await amina.goto(kase);
  assert.match(await words(amina), /Follow-up · overdue by 1 hour/);
  await clean(amina, "six-steps-late");
  const late = amina.locator("main .tc-task", { hasText: "Follow-up" }).first();
  await Promise.all([amina.waitForNavigation(), late.getByRole("link", { name: "Write what came of it" }).click()]);
  assert.equal(pathOf(amina), `${kase}/notes`, "it is done by what came of it, not by a tap");
});

test("what came of it ends the missed one, and the next begins", async () => {
  await noted(amina, "contact", "She is well; the aunt's house is quiet.");
  await until(bruno, "/notifications?kind=tasks&due=newest", async (page) => !(await page.locator("main [data-row]", { hasText: code }).filter({ hasText: "A task is overdue: Follow-up" }).count()));
  const hers = `kind = 'follow_up' and done_at is null and case_id = '${kase.split("/").pop()}'`;
  assert.equal(program.sql(`select count(*) || ' ' || round(extract(epoch from min(due_at) - now()) / 3600) from tasks where ${hers}`), "1 48");
});

test("six: review, a lower risk with its reason, and the closing", async () => {
  assert.ok(await goesTo("review"));
  await amina.goto(`${plan}/review`);
  await amina.locator("main [value=achieved]").first().check();
  await choose(amina, [["satisfaction", "unsaid"]]);
  await clean(amina, "six-steps-review");
  await send(amina);
  await amina.goto(`${kase}/risk`);
  await choose(amina, [["risk", "low"]]);
  await Promise.all([amina.waitForNavigation(), amina.locator("main form button.btn-primary[type=submit]").last().click()]);
  assert.notDeepEqual(await amina.locator(".tc-errors").allInnerTexts(), [], "lowered with a reason only");
  await clean(amina, "six-steps-risk-refused");
  await amina.selectOption("main [name=reason]", "reassessed");
  await send(amina);
  await amina.goto(`${kase}/closure`);
  await amina.selectOption("main [name=reason]", "needs_met");
  await amina.locator("main [name^=g_][value=achieved]").check();
  for (const name of ["discussed", "reviewed", "way_back"]) await amina.check(`main [name=${name}]`);
  await amina.selectOption("main [name=way_back_how]", { index: 1 });
  await clean(amina, "six-steps-closing");
  await send(amina);
  assert.match(await words(amina), /Goals: Reached 1/);
  await clean(amina, "six-steps-closed");
  const arabic = await program.as("amina", { viewport: PHONE, lang: "ar" });
  await arabic.goto(kase);
  await clean(arabic, "six-steps-closed-ar");
});
