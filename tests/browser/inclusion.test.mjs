// Social inclusion, as Italy's GePI has it, from the coordinator's desk to the closing: the preliminary analysis opens the framework and the
// pact, the signed pact opens monitoring and the evaluation. What is shut is tried first, and says what opens it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { added, assessed, card, choose, day, drawn, pathOf, posted, press, refused, send, signedByPeople, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, picture, start } from "./harness.mjs";

let program;
let marco;
let kase;
let plan;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const PRELIMINARY = "Opens after: Preliminary analysis (finalised)";
const PACT = "Opens after: Pact for inclusion (agreed)";
const EVALUATION = "Opens after: Evaluation (finalised)";
const RENT = "Rent and bills are paid without new debts";

async function goesTo(stage) {
  await marco.goto(`${kase}/stage`);
  await choose(marco, [["stage", stage]]);
  await refused(marco);
}

async function movedTo(stage) {
  await goesTo(stage);
  assert.equal(pathOf(marco), kase, `${stage} is open`);
}

async function refusedFrom(stage) {
  await goesTo(stage);
  assert.match(await words(marco), /This stage is still shut/, stage);
}

async function shutRecord(page, kind, opens) {
  await page.goto(`${kase}/records/new?kind=${kind}`);
  assert.match(await words(page), /This can be written later/, kind);
  assert.ok((await words(page)).includes(opens), kind);
  assert.equal(await page.locator("main form[action$='/records']").count(), 0, kind);
  await shutAgainst(page, `${kase}/records`, { kind, account: "Was there all the same", way: "in_person" }, opens);
  assert.ok((await page.content()).includes("Was there all the same"), "what was typed is kept");
}

// Nothing on the page leads there: it is sent all the same, is refused, and the page says what opens it.
async function shutAgainst(page, path, fields, opens) {
  assert.equal(await posted(page, path, fields), 422, path);
  assert.match(await words(page), /This part is still shut/, path);
  assert.ok((await words(page)).includes(opens), path);
}

async function shutAssessment(page, title, opens) {
  await page.goto(`${kase}/assessments`);
  assert.ok((await words(page, card(page, title))).includes(opens), title);
  assert.equal(await card(page, title).locator("form button").count(), 0, title);
  await shutAgainst(page, `${kase}/assessments`, { tool: title.toLowerCase().replace(" ", "_") }, opens);
}

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
  await clean(giulia, "inclusion-assignment");
  await send(giulia);
  // Nobody moves it on: it is assigned.
  await giulia.goto(kase);
  assert.match(await words(giulia, giulia.locator("main [aria-current=step]").first()), /Preliminary analysis/);
});

test("what needs the preliminary analysis says so, on a phone too", async () => {
  marco = await program.as("marco", { viewport: DESKTOP });
  await marco.goto(kase);
  for (const opens of [PRELIMINARY, PACT]) assert.ok((await words(marco)).includes(opens), opens);
  const phone = await program.as("marco", { viewport: PHONE });
  await shutAssessment(phone, "Framework analysis", PRELIMINARY);
  await shutAssessment(phone, "Final evaluation", PACT);
  await clean(phone, "inclusion-assessments-phone");
  await phone.goto(`${kase}/records`);
  assert.ok((await words(phone)).includes(PRELIMINARY) && (await words(phone)).includes(PACT));
  await clean(phone, "inclusion-records-phone");
  await shutRecord(phone, "community_project", PRELIMINARY);
  await shutRecord(phone, "monitoring_visit", PACT);
  await clean(phone, "inclusion-record-shut-phone");
  await phone.goto(`${kase}/achievements`);
  assert.ok((await words(phone)).includes(PRELIMINARY));
  await clean(phone, "inclusion-progress-phone");
  // A line can be read, and nothing is set on it.
  await phone.locator("main details", { hasText: RENT }).first().locator("summary").click();
  await Promise.all([phone.waitForNavigation(), phone.getByRole("link", { name: RENT }).first().click()]);
  assert.ok((await words(phone)).includes(PRELIMINARY));
  assert.equal(await phone.locator("main form[action$='/achievements']").count(), 0);
  await shutAgainst(phone, `${kase}/achievements`, { line: "rent_is_paid", version: "0", state: "to_achieve", seen_on: day(-1) }, PRELIMINARY);
  await picture(phone, "inclusion-progress-refused-phone");
  await phone.goto(`${kase}/placements`);
  assert.ok((await words(phone)).includes(PRELIMINARY));
  assert.equal(await phone.locator("main a[href*='/placements/new']").count(), 0);
  await clean(phone, "inclusion-placements-shut-phone");
  await shutAgainst(phone, `${kase}/placements`, { weekly_hours: "8", starts_on: day(1) }, PRELIMINARY);
  await picture(phone, "inclusion-placement-refused-phone");
});

test("no stage is reached before what opens it, and no pact is put forward", async () => {
  for (const stage of ["framework", "pact", "monitoring", "evaluation"]) await refusedFrom(stage);
  await clean(marco, "inclusion-stage-shut");
  await marco.goto(`${kase}/plans`);
  await press(marco, "Begin a plan");
  plan = pathOf(marco);
  assert.ok((await words(marco)).includes(PRELIMINARY));
  await added(marco, "Add a goal", { words: "Work that lasts" });
  await added(marco, "Add an expected result", { words: "Six months in one place" });
  await added(marco, "Add a commitment", { words: "Goes to the course on three days a week", person: { index: 1 }, due_on: day(90) });
  await added(marco, "Add a support", { words: "The employment centre finds a course", need: "livelihood", due_on: day(60) });
  await press(marco, "Ready for agreement");
  assert.match(await words(marco), /The plan is still shut/);
  await clean(marco, "inclusion-pact-shut");
  // Nobody signs or reviews what was not put forward, and no stage is called closed: that is closing.
  const version = await marco.locator("main [name=version]").first().inputValue();
  for (const [step, fields] of [["agreement", { side: "organisation", way: "signed_in" }], ["review", { satisfaction: "unsaid" }]]) {
    assert.ok((await posted(marco, `${plan}/${step}`, { version, ...fields })) >= 400, step);
  }
  await marco.goto(plan);
  assert.match(await words(marco), /Draft/);
  await marco.goto(`${kase}/stage`);
  assert.equal(await posted(marco, `${kase}/stage`, { stage: "closed", version: await marco.locator("main [name=version]").first().inputValue() }), 422);
});

test("the preliminary analysis opens the framework and the pact, not yet monitoring", async () => {
  await assessed(marco, kase, "Preliminary analysis", [[["q_home_lost", "no"]], [["q_living_from", "work"]], [], [], [["q_path", "complex"]]]);
  await clean(marco, "inclusion-preliminary-end");
  await marco.selectOption("main [name=reason]", "reassessed");
  await send(marco);
  await marco.goto(`${kase}/assessments`);
  assert.equal(await card(marco, "Framework analysis").locator("form button").count(), 1);
  await clean(marco, "inclusion-framework-open");
  await shutAssessment(marco, "Final evaluation", PACT);
  await marco.goto(kase);
  assert.ok(!(await words(marco)).includes(PRELIMINARY) && (await words(marco)).includes(PACT));
  await shutRecord(marco, "monitoring_visit", PACT);
  for (const stage of ["monitoring", "evaluation"]) await refusedFrom(stage);
  await movedTo("framework");
});

test("the framework analysis is gone through", async () => {
  const pages = [[["q_home", "unsure"], ["q_network", "yes"]], [["q_in_work", "on_off"]], [["q_attends", "no_children"]], [["q_cared_for", "yes"]]];
  const round = await assessed(marco, kase, "Framework analysis", pages);
  await clean(marco, "inclusion-framework-end");
  await send(marco);
  assert.equal(pathOf(marco), round);
  assert.match(await words(marco), /Now and then/);
  await clean(marco, "inclusion-framework");
  await movedTo("pact");
});

test("the pact is signed by both sides, on a phone", async () => {
  const phone = await program.as("marco", { viewport: PHONE });
  await phone.goto(plan);
  await press(phone, "Ready for agreement");
  await clean(phone, "inclusion-pact-phone");
  await signedByPeople(phone, async (page) => {
    await drawn(page);
    await clean(page, "inclusion-sign-phone");
  });
  await refusedFrom("monitoring");
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href*='side=organisation']").first().click()]);
  await clean(phone, "inclusion-sign-organisation-phone");
  await send(phone);
  assert.match(await words(phone), /Agreed/);
  await clean(phone, "inclusion-pact-signed-phone");
});

test("the signed pact opens monitoring: a visit, and how far each result has come", async () => {
  await movedTo("monitoring");
  await marco.goto(`${kase}/records`);
  assert.ok(!(await words(marco)).includes(PACT));
  await Promise.all([marco.waitForNavigation(), marco.getByRole("link", { name: "Monitoring visit" }).click()]);
  await clean(marco, "inclusion-visit");
  await marco.fill("main [name=account]", "The course has begun; the bus is late on Tuesdays.");
  await send(marco);
  assert.match(await words(marco), /The course has begun/);
  await clean(marco, "inclusion-visit-kept");
  await marco.goto(`${plan}/review`);
  await marco.locator("main [value=partly]").first().check();
  await choose(marco, [["satisfaction", "unsaid"]]);
  await clean(marco, "inclusion-review");
  await send(marco);
  assert.match(await words(marco), /Partly/);
});

test("the evaluation comes before the closing: needs are not met before it", async () => {
  await marco.goto(`${kase}/closure`);
  assert.ok((await words(marco)).includes(EVALUATION));
  await marco.selectOption("main [name=reason]", "needs_met");
  await marco.locator("main [name^=g_][value=achieved]").check();
  for (const name of ["discussed", "reviewed", "way_back"]) await marco.check(`main [name=${name}]`);
  await marco.selectOption("main [name=way_back_how]", { index: 1 });
  await refused(marco);
  assert.match(await words(marco), /This reason still waits/);
  await clean(marco, "inclusion-closing-too-early");
  await marco.goto(kase);
  assert.doesNotMatch(await words(marco), /Goals: Reached/);
  await movedTo("evaluation");
  const round = await assessed(marco, kase, "Final evaluation", [[["q_reached", "some"], ["q_alone", "yes"]]]);
  await choose(marco, [["risk", "low"]]);
  await clean(marco, "inclusion-evaluation-end");
  await send(marco);
  assert.equal(pathOf(marco), round);
  await clean(marco, "inclusion-evaluation");
});

test("the closing says what became of each goal, and the case reads as closed", async () => {
  await marco.goto(`${kase}/closure`);
  assert.ok(!(await words(marco)).includes(EVALUATION));
  await clean(marco, "inclusion-closing");
  await marco.selectOption("main [name=reason]", "needs_met");
  // Nothing is closed before each goal was spoken of.
  await Promise.all([marco.waitForNavigation(), marco.locator("main form button.btn-primary[type=submit]").last().click()]);
  assert.notDeepEqual(await marco.locator(".tc-errors").allInnerTexts(), []);
  await clean(marco, "inclusion-closing-refused");
  await marco.locator("main [name^=g_][value=achieved]").check();
  for (const name of ["discussed", "reviewed", "way_back"]) await marco.check(`main [name=${name}]`);
  await marco.selectOption("main [name=way_back_how]", { index: 1 });
  await send(marco);
  assert.equal(pathOf(marco), kase);
  assert.match(await words(marco), /Goals: Reached 1/);
  await clean(marco, "inclusion-closed");
  await Promise.all([marco.waitForNavigation(), marco.locator(`main a[href^='${kase}/closures/']`).first().click()]);
  assert.match(await words(marco), /Work that lasts/);
  await clean(marco, "inclusion-closing-kept");
  await marco.goto(`${kase}/assessments`);
  assert.equal(await marco.locator("main .card form button").count(), 0, "nothing is begun on a closed case");
  const arabic = await program.as("marco", { viewport: PHONE, lang: "ar" });
  await arabic.goto(kase);
  await clean(arabic, "inclusion-closed-ar");
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
