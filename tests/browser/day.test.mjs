// A working day of three people as sixty actions, one after the other: no page is a dead end, and the day tells how long each took.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { SEND, choose, drafted, filled, pathOf, registered, send, withCase, withConsent, words } from "./flow.mjs";
import { PHONE, start } from "./harness.mjs";

let program;
const people = {};
const done = [];
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

// One action of somebody: how many pages it took and how long, and that its last page leads on.
async function does(who, what, action) {
  const page = people[who];
  let pages = 0;
  // Pages that came, and no note that a page made in its history.
  const counted = () => { pages += 1; };
  page.on("domcontentloaded", counted);
  const begun = performance.now();
  try {
    await action(page);
  } catch (error) {
    error.message = `${who} ${what} (${page.url()}): ${error.message}`;
    throw error;
  }
  const millis = Math.round(performance.now() - begun);
  page.off("domcontentloaded", counted);
  const [status, server] = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return [entry.responseStatus, entry.responseStart - entry.requestStart];
  });
  assert.ok(status < 400, `${who} ${what} ends at ${status}`);
  assert.ok(await page.locator("main a[href], main button").count(), `${who} ${what} ends where nothing leads on`);
  done.push({ who, what, pages, millis, server: Math.round(server) });
}

async function come(who, login, options) {
  people[who] = await program.as(login, options);
  await does(who, "sees what is due", (page) => page.goto("/"));
}

const opens = (who, what, path) => does(who, what, (page) => page.goto(path()));
const follow = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole("link", { name }).first().click()]);
const press = (page, name) => Promise.all([page.waitForNavigation(), page.getByRole("button", { name }).first().click()]);

// Opens a form, answers it, and sends it.
async function answers(page, path, { fill = {}, pick = [], tick = [], button } = {}) {
  if (path) await page.goto(path);
  await choose(page, pick);
  for (const [name, value] of Object.entries(fill)) {
    const box = page.locator(`main [name=${name}]`).first();
    if (await box.evaluate((element) => element.tagName === "SELECT")) await box.selectOption(value);
    else await box.fill(value);
  }
  for (const name of tick) await page.check(`main [name=${name}]`);
  await send(page, button);
}

const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16);
let kase;
let round;
let plan;
let meeting;
let referral;

test("the worker's morning leads from the search to an agreed plan", async () => {
  const worker = (what, action) => does("worker", what, action);
  await come("worker", "amina");
  await worker("opens what is most overdue", (page) => Promise.all([page.waitForNavigation(), page.locator("main .tc-task a").first().click()]));
  await worker("registers a person after a search", (page) => registered(page, "Daylong Wayfarer"));
  await worker("opens a case", async (page) => { kase = await withCase(page); });
  await worker("records consent", (page) => withConsent(page, kase));
  await worker("writes down a visit", (page) => answers(page, `${kase}/notes`, { pick: [["kind", "visit"]], fill: { body: "The roof leaks over one room." } }));
  await worker("corrects the note", async (page) => { await follow(page, "Correct"); await answers(page, "", { fill: { body: "The roof leaks over two rooms." } }); });
  await worker("pins a warning", (page) => answers(page, `${kase}/notes`, { pick: [["kind", "note"]], fill: { body: "A dog at the gate." }, tick: ["pinned"] }));
  await worker("adds a task", (page) => answers(page, `${kase}/tasks`, { fill: { title: "Ask the school", due_at: at(48) } }));
  await worker("begins the screening", async (page) => {
    await page.goto(`${kase}/assessments`);
    const begin = page.locator("main .card", { hasText: "Short screening with one person" }).first().locator("form button");
    await Promise.all([page.waitForNavigation(), begin.click()]);
    round = pathOf(page).replace(/\/answers$/, "");
  });
  await worker("answers on living conditions", (page) => answers(page, "", { pick: [["q_tonight", "yes"]], button: "main button[name=go][value=safety]" }));
  await worker("answers on safety", (page) => answers(page, "", { pick: [["q_hurt", "no"]], button: "main button[name=go][value=stay]" }));
  await worker("finalises the screening", (page) => answers(page, `${round}/finalisation`, { pick: [["risk", "moderate"]] }));
  await worker("begins a plan", async (page) => { await page.goto(`${kase}/plans`); await press(page, "Begin a plan"); plan = pathOf(page); });
  const adds = (what, name, fill) => worker(what, async (page) => { await follow(page, name); await answers(page, "", { fill }); });
  await adds("writes what the person wants", "Write what the person says", { wants: "To stay near the school." });
  await adds("adds a goal", "Add a goal", { words: "A dry home before winter" });
  await adds("adds an expected result", "Add an expected result", { words: "The roof holds" });
  await adds("adds a commitment", "Add a commitment", { words: "Clears the room", person: { index: 1 }, due_on: "2030-03-01" });
  await adds("adds a support", "Add a support", { words: "The shelter team looks at it", need: "shelter", due_on: "2030-04-01" });
  await worker("proposes the plan", (page) => press(page, "Ready for agreement"));
  await worker("notes the person's agreement", async (page) => { await page.locator("main a[href*='side=person']").first().click(); await page.waitForURL(/agreement/); await answers(page, "", { pick: [["way", "said"]], fill: { witness: "Basma Khoury" } }); });
  await worker("agrees for the organisation", (page) => answers(page, `${plan}/agreement?side=organisation`));
});

test("the worker's noon is meetings, the calendar and a referral", async () => {
  const worker = (what, action) => does("worker", what, action);
  await worker("plans an interview", async (page) => {
    await answers(page, `${kase}/meetings/new`, { pick: [["kind", "interview"]], fill: { starts_at: at(2), place: "Centre" } });
    meeting = pathOf(page);
  });
  await worker("moves it as the person asked", async (page) => {
    await page.locator("main summary", { hasText: "another time" }).click();
    await answers(page, "", { fill: { starts_at: at(0), move_reason: "transport" }, pick: [["asked_by", "person"]], button: "main form[action$='/time'] button[type=submit]" });
  });
  await worker("writes down what came of it", (page) => answers(page, "", { pick: [["state", "held"]], fill: { minutes: "They will ask the landlord." }, button: "main form[action$='/outcome'] button[type=submit]" }));
  await opens("worker", "looks at the week", () => "/calendar?view=week");
  await opens("worker", "looks at the case", () => kase);
  await worker("drafts a referral", (page) => drafted(page, kase, "health", "Al Noor"));
  await worker("fills and sends it", async (page) => { await filled(page); await send(page, SEND); referral = pathOf(page); });
  await worker("asks the provider", (page) => answers(page, referral, { fill: { text: "Is a ramp at the door?" }, button: "main form:has(input[value=message]) button[type=submit]" }));
  await opens("worker", "looks at the board", () => "/referrals");
  await opens("worker", "looks at the caseload", () => "/cases");
  await opens("worker", "looks for a service", () => "/services");
});

test("the provider answers from a phone, through an appointment that moves to the outcome", async () => {
  const provider = (what, path, answer) => does("provider", what, (page) => answers(page, `${referral}/${path}`, answer));
  await come("provider", "chen", { viewport: PHONE });
  await opens("provider", "opens the inbox", () => "/inbox");
  await opens("provider", "opens the referral", () => referral);
  await provider("says it arrived", "acknowledgement");
  await provider("accepts it", "acceptance");
  await provider("gives an appointment", "appointment", { fill: { at: at(24) } });
  await provider("moves it as the person asked", "appointment", { fill: { at: at(30), asked_by: { index: 1 }, why: { index: 1 } } });
  await provider("begins", "start");
  await provider("writes an interim note", "interim-note", { fill: { remark: "Seen once; a second visit follows." } });
  await provider("reports the outcome", "outcome", { fill: { what: "Seen by the doctor" } });
  await opens("provider", "sees the services", () => "/services");
});

test("the worker's afternoon closes the loop, and the supervisor's looks after the team", async () => {
  const worker = (what, action) => does("worker", what, action);
  await opens("worker", "reads the notifications", () => "/notifications");
  await worker("asks the person and closes the loop", (page) => answers(page, `${referral}/follow-up`, { pick: [["answer", "received"], ["confirmer", "person"]] }));
  await worker("reviews the plan", async (page) => { await page.goto(`${plan}/review`); await page.locator("main [value=partly]").first().check(); await answers(page, "", { pick: [["satisfaction", "unsaid"]] }); });
  await worker("moves the case on", (page) => answers(page, `${kase}/stage`, { pick: [["stage", "planning"]] }));
  await worker("prints the summary", (page) => page.goto(`${kase}/print`));
  await worker("pauses the case", async (page) => { await page.goto(`${kase}/pause`); await page.locator("main [name=reason]").first().check(); await send(page); });
  await worker("goes on with it", async (page) => { await page.goto(`${kase}/resumption`); await page.locator("main [name=reason]").first().check(); await send(page); });
  await come("supervisor", "bruno");
  await opens("supervisor", "looks at the team", () => "/team");
  await opens("supervisor", "looks at the whole caseload", () => "/cases?keeper=all");
  await opens("supervisor", "opens the case", () => kase);
  await does("supervisor", "reviews its quality", async (page) => {
    await page.goto(`${kase}/quality`);
    const names = await page.locator("main form[action$='/quality'] [type=radio]").evaluateAll((all) => [...new Set(all.map((one) => one.name))]);
    for (const name of names) await page.locator(`main [name='${name}']`).first().check();
    await send(page, "main form[action$='/quality'] button[type=submit]");
  });
  await does("supervisor", "hands it to a colleague", async (page) => {
    await page.goto(`${kase}/assignment`);
    await page.locator("main [name=manager]").selectOption({ label: "Basma Khoury" });
    await send(page);
  });
  await opens("supervisor", "looks at the sample of the month", () => "/team/quality");
  await opens("supervisor", "looks at the loop", () => "/loop");
  await opens("supervisor", "looks at the calendar of the team", () => "/calendar?view=week");
});

test("the day had sixty actions, most of one or two pages", () => {
  assert.ok(done.length >= 60, `${done.length} actions`);
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (key) => done.map((one) => one[key]);
  const told = { actions: done.length, pages_per_action: of("pages").reduce((a, b) => a + b) / done.length, server_ms_median: middle(of("server")), server_ms_most: Math.max(...of("server")), slowest: [...done].sort((a, b) => b.server - a.server).slice(0, 5) };
  console.log(JSON.stringify(told, null, 2));
  if (process.env.THROUGHCARE_DAY) writeFileSync(process.env.THROUGHCARE_DAY, JSON.stringify({ ...told, done }, null, 2));
  assert.ok(told.pages_per_action <= 3, `${told.pages_per_action} pages an action`);
});
