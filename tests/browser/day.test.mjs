// A working day of three people as sixty actions, one after the other, each begun where the one before ended and reached by the links that stand there:
// no page is a dead end, and a table tells how many pages and requests each action took, and how long.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SEND, backTo, choose, chosen, consented, filled, finds, goes, pathOf, press, registeredHere, send, turnsTo, withCase, words } from "./flow.mjs";
import { PHONE, start } from "./harness.mjs";

let program;
const people = {};
const done = [];
before(async () => { program = await start(); });
after(async () => {
  await program?.stop();
  tells(done);
});

// One action of somebody: how many pages and requests it took and how long, and that its last page leads on.
async function does(who, what, action) {
  const page = people[who];
  const count = { pages: 0, requests: 0 };
  // Pages that came, and no note that a page made in its history.
  const paged = () => { count.pages += 1; };
  const asked = () => { count.requests += 1; };
  page.on("domcontentloaded", paged);
  page.on("request", asked);
  const begun = performance.now();
  try {
    await action(page);
  } catch (error) {
    error.message = `${who} ${what} (${page.url()}): ${error.message}`;
    throw error;
  } finally {
    page.off("domcontentloaded", paged);
    page.off("request", asked);
  }
  const millis = Math.round(performance.now() - begun);
  const [status, server] = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return [entry.responseStatus, entry.responseStart - entry.requestStart];
  });
  done.push({ who, what, ...count, millis, server: Math.round(server) });
  assert.ok(status < 400, `${who} ${what} ends at ${status}`);
  assert.deepEqual(page.mistakes.splice(0), [], `${who} ${what}: no script fails`);
  await leadsOn(page, `${who} ${what}`);
}

// The page itself leads on, besides what stands above every page: a link or a button that can be seen, or unfolded.
async function leadsOn(page, what) {
  const ways = await page.locator("main :is(a[href]:not([href^='#']), button, summary)").evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
  assert.ok(ways, `${what} ends at ${page.url()}, where nothing leads on`);
}

function tells(actions) {
  const heads = { who: "who", what: "does what", pages: "pages", requests: "requests", millis: "ms", server: "server ms" };
  const width = (key) => Math.max(...[heads, ...actions].map((one) => String(one[key]).length));
  const cell = (one, key) => (typeof actions[0]?.[key] === "number" ? String(one[key]).padStart(width(key)) : String(one[key]).padEnd(width(key)));
  const table = [heads, ...actions].map((one) => Object.keys(heads).map((key) => cell(one, key)).join("  ").trimEnd()).join("\n");
  console.log(table);
  const folder = process.env.THROUGHCARE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "day.txt"), `${table}\n`);
}

async function come(who, login, options) {
  people[who] = await program.as(login, options);
  await does(who, "sees what is due", (page) => Promise.all([page.waitForNavigation(), page.locator("header a.tc-brand").click()]));
}

const opens = (who, what, ...ways) => does(who, what, (page) => goes(page, ...ways));
const follow = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole("link", { name }).first().click()]);

const week = async (page) => {
  await goes(page, "/calendar");
  await Promise.all([page.waitForNavigation(), page.locator("main a[href^='/calendar?view=week']").first().click()]);
};

// Answers the form that stands there, and sends it.
async function answers(page, { fill = {}, pick = [], tick = [], button } = {}) {
  await choose(page, pick);
  for (const [name, value] of Object.entries(fill)) {
    const box = page.locator(`main [name=${name}]`).first();
    if (await box.evaluate((element) => element.tagName === "SELECT")) await box.selectOption(value);
    else await box.fill(value);
  }
  for (const name of tick) await page.check(`main [name=${name}]`);
  await send(page, button);
}

// The first answer of everything that is asked.
async function firstOfEach(page, part) {
  const names = await page.locator(`${part} [type=radio]`).evaluateAll((all) => [...new Set(all.map((one) => one.name))]);
  for (const name of names) await page.locator(`${part} [name='${name}']`).first().check();
}

const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16);
const worker = (what, action) => does("worker", what, action);
let kase;
let code;
let round;
let plan;
let referral;

// From the page of the case to one of its own, and its form answered.
const onCase = (what, ways, form) => worker(what, async (page) => {
  await backTo(page, kase);
  await goes(page, ...ways.map((way) => kase + way));
  await answers(page, form);
});

test("the worker's morning leads from the search to an agreed plan", async () => {
  await come("worker", "amina");
  await worker("opens what is most overdue", (page) => Promise.all([page.waitForNavigation(), page.locator("main .tc-task a").first().click()]));
  await worker("registers a person after a search", async (page) => { await goes(page, "/people"); await registeredHere(page, "Daylong Wayfarer"); });
  await worker("opens a case", async (page) => {
    kase = await withCase(page);
    code = (await words(page)).match(/C-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  });
  await worker("records consent", async (page) => { await goes(page, `${kase}/consents/new`); await consented(page); });
  await onCase("writes down a visit", ["/notes"], { pick: [["kind", "visit"]], fill: { body: "The roof leaks over one room." } });
  await worker("corrects the note", async (page) => { await follow(page, "Correct"); await answers(page, { fill: { body: "The roof leaks over two rooms." } }); });
  await onCase("pins a warning", ["/notes"], { pick: [["kind", "note"]], fill: { body: "A dog at the gate." }, tick: ["pinned"] });
  await onCase("adds a task", ["/tasks"], { fill: { title: "Ask the school", due_at: at(48) } });
  await worker("begins the screening", async (page) => {
    await backTo(page, kase);
    await goes(page, `${kase}/assessments`);
    const begin = page.locator("main .card", { hasText: "Short screening with one person" }).first().locator("form button");
    await Promise.all([page.waitForNavigation(), begin.click()]);
    round = pathOf(page).replace(/\/answers$/, "");
  });
  await worker("answers on living conditions", (page) => answers(page, { pick: [["q_tonight", "yes"]], button: "main button[name=go][value=safety]" }));
  await worker("answers on safety", (page) => answers(page, { pick: [["q_hurt", "no"]], button: "main button[name=go][value=stay]" }));
  await worker("finalises the screening", async (page) => { await backTo(page, round); await goes(page, `${round}/finalisation`); await answers(page, { pick: [["risk", "moderate"]] }); });
  await worker("begins a plan", async (page) => { await backTo(page, kase); await goes(page, `${kase}/plans`); await press(page, "Begin a plan"); plan = pathOf(page); });
  const adds = (what, name, fill) => worker(what, async (page) => { await follow(page, name); await answers(page, { fill }); });
  await adds("writes what the person wants", "Write what the person says", { wants: "To stay near the school." });
  await adds("adds a goal", "Add a goal", { words: "A dry home before winter" });
  await adds("adds an expected result", "Add an expected result", { words: "The roof holds" });
  await adds("adds a commitment", "Add a commitment", { words: "Clears the room", person: { index: 1 }, due_on: "2030-03-01" });
  await adds("adds a support", "Add a support", { words: "The shelter team looks at it", need: "shelter", due_on: "2030-04-01" });
  await worker("proposes the plan", (page) => press(page, "Ready for agreement"));
  const signs = (side) => async (page) => { await Promise.all([page.waitForNavigation(), page.locator(`main a[href*='side=${side}']`).first().click()]); };
  await worker("notes the person's agreement", async (page) => { await signs("person")(page); await answers(page, { pick: [["way", "said"]], fill: { witness: "Basma Khoury" } }); });
  await worker("agrees for the organisation", async (page) => { await signs("organisation")(page); await answers(page); });
});

test("the worker's noon is meetings, the calendar and a referral", async () => {
  await worker("plans an interview", async (page) => {
    await backTo(page, kase);
    await goes(page, `${kase}/meetings`, `${kase}/meetings/new`);
    await answers(page, { pick: [["kind", "interview"]], fill: { starts_at: at(2), place: "Centre" } });
  });
  await worker("moves it as the person asked", async (page) => {
    await page.locator("main summary", { hasText: "another time" }).click();
    await answers(page, { fill: { starts_at: at(0), move_reason: "transport" }, pick: [["asked_by", "person"]], button: "main form[action$='/time'] button[type=submit]" });
  });
  await worker("writes down what came of it", (page) => answers(page, { pick: [["state", "held"]], fill: { minutes: "They will ask the landlord." }, button: "main form[action$='/outcome'] button[type=submit]" }));
  await worker("looks at the week", week);
  await worker("looks for the case", (page) => finds(page, code, kase));
  await worker("drafts a referral", async (page) => { await goes(page, `${kase}/refer`); await chosen(page, "health", "Al Noor"); });
  await worker("fills and sends it", async (page) => { await filled(page); await send(page, SEND); referral = pathOf(page); });
  await worker("asks the provider", (page) => answers(page, { fill: { text: "Is a ramp at the door?" }, button: "main form:has(input[value=message]) button[type=submit]" }));
  await opens("worker", "looks at the board", "/referrals");
  await opens("worker", "looks at the caseload", "/cases");
  await opens("worker", "looks for a service", "/services");
});

test("the provider answers from a phone, through an appointment that moves to the outcome", async () => {
  // Some steps take one tap on the page of the referral, others a form of their own.
  const provider = (what, step, form) => does("provider", what, async (page) => {
    await backTo(page, referral);
    const tap = `main form[action="${referral}/${step}"] button[type=submit]`;
    if (await page.locator(tap).count()) return send(page, tap);
    await goes(page, `${referral}/${step}`);
    return answers(page, form);
  });
  await come("provider", "chen", { viewport: PHONE });
  await opens("provider", "opens the inbox", "/inbox");
  await does("provider", "opens the referral", async (page) => { await goes(page, "/inbox?shelf=new"); await turnsTo(page, referral); });
  await provider("says it arrived", "acknowledgement");
  await provider("accepts it", "acceptance");
  await provider("gives an appointment", "appointment", { fill: { at: at(24) } });
  await provider("moves it as the person asked", "appointment", { fill: { at: at(30), asked_by: { index: 1 }, why: { index: 1 } } });
  await provider("begins", "start");
  await provider("writes an interim note", "interim-note", { fill: { remark: "Seen once; a second visit follows." } });
  await provider("reports the outcome", "outcome", { fill: { what: "Seen by the doctor" } });
  await opens("provider", "sees the services", "/services");
});

test("the worker's afternoon closes the loop, and the supervisor's looks after the team", async () => {
  await opens("worker", "reads the notifications", "/notifications");
  await worker("asks the person and closes the loop", async (page) => {
    await finds(page, code, kase);
    await goes(page, referral, `${referral}/follow-up`);
    await answers(page, { pick: [["answer", "received"], ["confirmer", "person"]] });
  });
  await worker("reviews the plan", async (page) => {
    await backTo(page, kase);
    await goes(page, `${kase}/plans`, plan, `${plan}/review`);
    await page.locator("main [value=partly]").first().check();
    await answers(page, { pick: [["satisfaction", "unsaid"]] });
  });
  await worker("moves the case on", async (page) => { await backTo(page, kase); await goes(page, `${kase}/stage`); await answers(page, { pick: [["stage", "planning"]] }); });
  await worker("prints the summary", (page) => goes(page, kase, `${kase}/print`));
  await worker("pauses the case", async (page) => { await backTo(page, kase); await goes(page, `${kase}/pause`); await firstOfEach(page, "main form"); await send(page); });
  await worker("goes on with it", async (page) => { await backTo(page, kase); await goes(page, `${kase}/resumption`); await firstOfEach(page, "main form"); await send(page); });
  await come("supervisor", "bruno");
  await opens("supervisor", "looks at the team", "/team");
  await opens("supervisor", "looks at the whole caseload", "/cases", "/cases?sort=due&keeper=all");
  await does("supervisor", "opens the case", (page) => finds(page, code, kase));
  await does("supervisor", "reviews its quality", async (page) => {
    await goes(page, `${kase}/quality`);
    await firstOfEach(page, "main form[action$='/quality']");
    await send(page, "main form[action$='/quality'] button[type=submit]");
  });
  await does("supervisor", "hands it to a colleague", async (page) => {
    await backTo(page, kase);
    await goes(page, `${kase}/assignment`);
    const keeper = page.locator("main [name=manager]");
    await keeper.selectOption(await keeper.locator("option", { hasText: "Basma Khoury" }).first().getAttribute("value"));
    await send(page);
  });
  await opens("supervisor", "looks at the sample of the month", "/team", "/team/quality");
  await opens("supervisor", "looks at the loop", "/loop");
  await does("supervisor", "looks at the calendar of the team", week);
});

test("the day had sixty actions, most of one or two pages", () => {
  assert.ok(done.length >= 60, `${done.length} actions`);
  const pages = done.map((one) => one.pages).sort((a, b) => a - b);
  assert.ok(pages[Math.floor(pages.length / 2)] <= 2, `half of the actions take at most ${pages[Math.floor(pages.length / 2)]} pages`);
  const mean = pages.reduce((a, b) => a + b) / pages.length;
  assert.ok(mean <= 3, `${mean} pages an action`);
});
