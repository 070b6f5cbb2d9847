// Family accompaniment, as Colombia and Jamaica have it: what a household has achieved, set with what shows it; its report on paper in the
// family's language; and the path from the needs over the family plan to graduation, each step tried before it is open.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { added, assessed, card, choose, day, pathOf, posted, press, refused, send, signedByPeople, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, picture, start } from "./harness.mjs";

let program;
let camila;
let kase;
let plan;
// How far the household had come before anything was set, and once the aids were achieved.
let stood;
let since;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const AIDS = "Whoever was prescribed an aid or rehabilitation has received it";
const AIDS_ES = "Quien tenía prescrito un producto de apoyo o rehabilitación lo recibió";
const SCAN = "Prescription and receipt of the chair";
const HEALTH = "Health and nutrition";
const NEEDS = "Opens after: Needs assessment (finalised)";
const PLAN = "Family plan (agreed)";
const KNOWN = "Achievements (finalised)";

// The lines of the household's list fold by dimension.
const dimension = (page, label) => page.locator("main details.tc-disclosure", { has: page.locator("summary", { hasText: label }) }).first();

// The figure "n of m" of a dimension, on its fold and on its bar alike.
async function figure(page, label) {
  const read = (said) => said.replace(/[\u2066-\u2069]/g, "").match(/(\d+) (?:of|de) (\d+) (?:achieved|alcanzados)/)?.slice(1).map(Number);
  const bar = read(await page.locator("main figure, main table").locator("tr, li", { hasText: label }).first().innerText());
  if (await dimension(page, label).count()) assert.deepEqual(read(await dimension(page, label).locator("summary").innerText()), bar, label);
  return bar;
}

// The whole list: a dimension's figure, how many lines are achieved in all, and how many today's row over time says.
async function come(page) {
  await page.goto(`${kase}/achievements`);
  const today = page.locator("main table", { hasText: "Share missing" }).locator("tr[data-row]").last();
  const achieved = async (cell) => Number((await cell.innerText()).replace(/\D/g, ""));
  const of = await figure(page, HEALTH);
  return { of, all: Number((await words(page)).match(/Achieved\s+(\d+)/)?.[1]), over: await achieved(today.locator("td").first()) };
}

async function opened(page, line) {
  await page.goto(`${kase}/achievements`);
  // Its dimension is folded until it is opened.
  await page.locator("main details", { hasText: line }).first().locator("summary").click();
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: line }).first().click()]);
}

async function goesTo(stage) {
  await camila.goto(`${kase}/stage`);
  await choose(camila, [["stage", stage]]);
  await refused(camila);
}

async function movedTo(stage) {
  await goesTo(stage);
  assert.equal(pathOf(camila), kase, `${stage} is open`);
}

async function refusedFrom(stage, opens) {
  await goesTo(stage);
  assert.match(await words(camila), /This stage is still shut/, stage);
  assert.ok((await words(camila, camila.locator("main .tc-choice, main .form-check", { has: camila.locator(`[value=${stage}]`) }).first())).includes(opens), stage);
}

// What no button offers is refused where it is tried all the same, and the page says what opens it.
async function refusedGraduation(...opens) {
  await camila.goto(`${kase}/assessments`);
  assert.equal(await card(camila, "Readiness to graduate").locator("form button").count(), 0);
  assert.equal(await posted(camila, `${kase}/assessments`, { tool: "graduation_check" }), 422);
  assert.match(await words(camila), /This part is still shut/);
  for (const one of opens) assert.ok((await words(camila, card(camila, "Readiness to graduate"))).includes(one), one);
}

test("the case says how far the household has come", async () => {
  camila = await program.as("camila", { viewport: DESKTOP });
  await camila.goto("/cases");
  const fresh = camila.locator("main [data-row]", { hasText: "Registered" }).first();
  await Promise.all([camila.waitForNavigation(), fresh.locator("a[href^='/cases/']").first().click()]);
  kase = pathOf(camila);
  assert.match(await words(camila), /Achievements/);
  assert.match(await words(camila), /of \d+ achieved/);
  stood = await come(camila);
  for (const part of ["Identification", HEALTH, "Progress over time", "Share of conditions missing"]) assert.ok((await words(camila)).includes(part), part);
  await clean(camila, "achievements");
});

test("no stage is reached before what opens it, no plan is put forward, and nobody is ready to graduate", async () => {
  await movedTo("needs_assessment");
  await refusedFrom("family_plan", NEEDS);
  for (const stage of ["accompaniment", "graduation"]) await refusedFrom(stage, PLAN);
  await clean(camila, "family-stage-shut");
  await refusedGraduation(KNOWN, PLAN);
  await camila.goto(kase);
  for (const opens of [NEEDS, PLAN]) assert.ok((await words(camila)).includes(opens), opens);
  await camila.goto(`${kase}/plans`);
  await press(camila, "Begin a plan");
  plan = pathOf(camila);
  assert.ok((await words(camila)).includes(NEEDS));
  await added(camila, "Write what the person says", { wants: "That the children finish school." });
  await added(camila, "Add a goal", { words: "Grandmother gets about by herself" });
  await added(camila, "Add an expected result", { words: "She goes to the market alone" });
  await added(camila, "Add a commitment", { words: "Takes her to the fitting of the chair", person: { index: 1 }, due_on: day(30) });
  await added(camila, "Add a support", { words: "The health post adjusts the chair", need: "health", due_on: day(60) });
  await press(camila, "Ready for agreement");
  assert.match(await words(camila), /The plan is still shut/);
  await clean(camila, "family-plan-shut");
});

test("a line is set with a scanned picture that shows it, and refused without", async () => {
  await opened(camila, AIDS);
  await choose(camila, [["state", "achieved"]]);
  await camila.fill("main [name=seen_on]", day(-1));
  await refused(camila);
  assert.match(await words(camila), /Name a document that shows it/);
  await clean(camila, "achievement-refused");
  assert.deepEqual(await come(camila), stood, "what was refused counts for nothing");
  const scan = await camila.screenshot();
  await camila.goto(`${kase}/documents`);
  await camila.fill("main [name=title]", SCAN);
  await camila.selectOption("main [name=kind]", "medical");
  await camila.locator("main [type=file]").first().setInputFiles({ name: "scan.png", mimeType: "image/png", buffer: scan });
  await send(camila, "main form[enctype] button.btn-primary");
  await opened(camila, AIDS);
  await choose(camila, [["state", "achieved"]]);
  await camila.fill("main [name=seen_on]", day(-1));
  const paper = await camila.locator("main [name=document] option", { hasText: SCAN }).first().getAttribute("value");
  await camila.selectOption("main [name=document]", paper);
  await send(camila);
  await opened(camila, AIDS);
  assert.match(await words(camila), /Achieved/);
  assert.equal(await camila.locator(`main .tc-lines a[href='${kase}/documents/${paper}']`, { hasText: SCAN }).count(), 1, "the scan stands beside it");
  await clean(camila, "achievement-line");
});

test("its dimension stands one higher, and so does the list over time", async () => {
  since = await come(camila);
  assert.deepEqual(since.of, [stood.of[0] + 1, stood.of[1]]);
  assert.equal(since.all, stood.all + 1);
  assert.equal(since.over, stood.over + 1, "progress over time");
  await dimension(camila, HEALTH).locator("summary").click();
  assert.match(await words(camila, dimension(camila, HEALTH).locator("tr", { hasText: AIDS })), /Achieved/);
  await clean(camila, "achievements-one-more");
});

test("the household report is in the family's language, and the line stands on it as achieved", async () => {
  await camila.goto(`${kase}/achievements/print`);
  await clean(camila, "achievements-print-ask");
  await choose(camila, [["lang", "es"]]);
  await camila.check("main [name=safe]");
  await Promise.all([camila.waitForNavigation(), camila.locator("main form button.btn-primary").last().click()]);
  assert.match(await words(camila), /Reporte del hogar/);
  assert.equal(await camila.locator(".tc-paper").getAttribute("lang"), "es");
  assert.equal(await camila.locator("html").getAttribute("lang"), "en", "what stands around it is the reader's");
  assert.match(await words(camila, camila.locator("main section li", { hasText: AIDS_ES })), /Alcanzado/);
  assert.deepEqual(await figure(camila, "Salud y nutrición"), since.of);
  await clean(camila, "achievements-report");
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
  assert.ok(said.includes("Nobody needs one any more") && said.includes(SCAN), "nothing is written over");
  await picture(phone, "achievement-line-phone");
  // What does not apply is counted on neither side.
  assert.deepEqual((await come(camila)).of, [stood.of[0], stood.of[1] - 1]);
});

test("the needs open the family plan, and what they say is achieved without being set", async () => {
  const pages = [[["q_water_from", "home"], ["q_toilet", "yes"]], [["q_meals", "never"]], [["q_income_line", "below"], ["q_living_from", "work"]]];
  await assessed(camila, kase, "Identification of needs", pages);
  // It comes out lower than what was taken for it at first.
  await camila.selectOption("main [name=reason]", "reassessed");
  await clean(camila, "family-needs-end");
  await send(camila);
  await camila.goto(`${kase}/achievements`);
  assert.deepEqual(await figure(camila, "Home, water and sanitation"), [2, 2]);
  assert.deepEqual(await figure(camila, "Income and work"), [0, 1]);
  await movedTo("family_plan");
  for (const stage of ["accompaniment", "graduation"]) await refusedFrom(stage, PLAN);
});

test("the plan is signed, opens accompaniment, and its goal is spoken of in a review", async () => {
  const phone = await program.as("camila", { viewport: PHONE });
  await phone.goto(plan);
  await press(phone, "Ready for agreement");
  await signedByPeople(phone);
  await refusedFrom("accompaniment", PLAN);
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href*='side=organisation']").first().click()]);
  await send(phone);
  assert.match(await words(phone), /Agreed/);
  await clean(phone, "family-plan-agreed-phone");
  await movedTo("accompaniment");
  await camila.goto(kase);
  assert.match(await words(camila), /0 of 2 done/);
  await camila.goto(`${plan}/review`);
  await camila.locator("main [value=partly]").first().check();
  await choose(camila, [["satisfaction", "unsaid"]]);
  await send(camila);
  const goal = camila.locator("main .tc-goal", { hasText: "Grandmother gets about by herself" });
  assert.match(await words(camila, goal), /She goes to the market alone/);
  assert.match(await words(camila, camila.locator("main tr", { hasText: "She goes to the market alone" })), /Partly/);
  await clean(camila, "family-plan-reviewed");
});

test("graduation waits until nothing of the list is unknown", async () => {
  await refusedGraduation(KNOWN);
  assert.ok(!(await words(camila, card(camila, "Readiness to graduate"))).includes(PLAN));
  for (let left = 40; ; left -= 1) {
    assert.ok(left, "the list comes to an end");
    await camila.goto(`${kase}/achievements`);
    const line = camila.locator("main details tr[data-row]", { hasText: "Not yet known" }).filter({ has: camila.locator("a") }).first();
    if (!(await line.count())) break;
    await camila.goto(await line.locator("a").getAttribute("href"));
    await choose(camila, [["state", "to_achieve"]]);
    await camila.fill("main [name=seen_on]", day(-1));
    await send(camila);
  }
  await camila.goto(`${kase}/assessments`);
  assert.equal(await card(camila, "Readiness to graduate").locator("form button").count(), 1);
  await clean(camila, "family-graduation-open");
  await movedTo("graduation");
});

test("the list reads from right to left", async () => {
  const arabic = await program.as("camila", { viewport: PHONE, lang: "ar" });
  await arabic.goto(`${kase}/achievements`);
  assert.match(await words(arabic), /الإنجازات/);
  await clean(arabic, "ar-achievements");
});
