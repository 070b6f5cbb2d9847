// A plan from the first wish to the review: written by two at once without losing a word, signed on the screen of a phone, printed in Arabic.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { added, choose, drawn, pathOf, press, registered, send, withCase, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, start } from "./harness.mjs";

let program;
let amina;
let kase;
let plan;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("a plan is written without a script, goal by goal", async () => {
  amina = await program.as("amina");
  await registered(amina, "Planned Wayfarer");
  kase = await withCase(amina);
  const round = await assess(amina);
  assert.ok(round);
  await amina.goto(`${kase}/plans`);
  await clean(amina, "plans-none");
  const plain = await program.as("amina", { scripts: false });
  await plain.goto(`${kase}/plans`);
  await press(plain, "Begin a plan");
  plan = pathOf(plain);
  await added(plain, "Write what the person says", { wants: "To stay near the school.", limits: "A bad knee." });
  await added(plain, "Add a goal", { words: "A dry home before winter" });
  await added(plain, "Add an expected result", { words: "The roof holds through a night of rain" });
  await added(plain, "Add a commitment", { words: "Clears the room under the leak", person: { index: 1 }, due_on: "2030-03-01" });
  await added(plain, "Add a support", { words: "Shelter team looks at the roof", need: "shelter", due_on: "2030-04-01" });
  await added(plain, "Add what makes safer", { words: "A bag stands ready at the neighbour's" });
  await amina.goto(plan);
  await clean(amina, "plan-draft");
  await amina.getByRole("link", { name: "Add a support" }).first().click();
  await clean(amina, "plan-line");
});

// The screening that opens the plan.
async function assess(page) {
  await page.goto(`${kase}/assessments`);
  const card = page.locator("main .card", { hasText: "Short screening with one person" }).first();
  await Promise.all([page.waitForNavigation(), card.locator("form button").click()]);
  const at = pathOf(page).replace(/\/answers$/, "");
  await choose(page, [["q_tonight", "yes"]]);
  await send(page, "main button[name=go][value=safety]");
  await choose(page, [["q_hurt", "no"]]);
  await send(page, "main button[name=go][value=stay]");
  await page.goto(`${at}/finalisation`);
  await page.check("[name=risk][value=moderate]");
  await send(page);
  return at;
}

test("two people write one plan and nobody's words vanish", async () => {
  const bruno = await program.as("bruno");
  await amina.goto(plan);
  await bruno.goto(plan);
  await Promise.all([amina.waitForNavigation(), amina.getByRole("link", { name: "Write what the person says" }).click()]);
  await Promise.all([bruno.waitForNavigation(), bruno.getByRole("link", { name: "Write what the person says" }).click()]);
  await amina.fill("[name=tried]", "A cousin helped for a while.");
  await bruno.fill("[name=tried]", "The town hall was asked twice.");
  await send(amina);
  await Promise.all([bruno.waitForNavigation(), bruno.locator("main form button.btn-primary[type=submit]").last().click()]);
  assert.match(await words(bruno), /A cousin helped for a while\./);
  assert.match(await words(bruno), /The town hall was asked twice\./);
  await clean(bruno, "plan-conflict");
  // Nothing is chosen beforehand, and what he did not touch is not asked.
  await send(bruno);
  assert.match(await words(bruno), /Choose one of these/);
  await bruno.getByLabel(/^Mine/).check();
  await send(bruno);
  assert.match(await words(bruno), /The town hall was asked twice\./);
});

test("it is signed on the screen of a phone, and holds when both sides have agreed", async () => {
  const phone = await program.as("amina", { viewport: PHONE });
  await phone.goto(plan);
  await clean(phone, "plan-draft-phone");
  await press(phone, "Ready for agreement");
  await clean(phone, "plan-proposed-phone");
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href*='side=person']").first().click()]);
  // A board that is left empty is told of by its name, and is drawn on after that.
  await phone.check("[name=way][value=drawn]");
  await Promise.all([phone.waitForNavigation(), phone.locator("main form button.btn-primary[type=submit]").last().click()]);
  assert.match(await words(phone), /Sign here: Fill this in/);
  await clean(phone, "plan-sign-empty-phone");
  await drawn(phone);
  await clean(phone, "plan-sign-phone");
  await send(phone);
  assert.equal(await phone.locator("main svg.tc-signature polyline").count(), 1);
  await Promise.all([phone.waitForNavigation(), phone.locator("main a[href*='side=organisation']").first().click()]);
  await send(phone);
  assert.match(await words(phone), /Agreed/);
  await phone.goto(kase);
  assert.match(await words(phone), /0 of 3 done/);
  await clean(phone, "plan-case-phone");
});

test("a support leads into the referral, and the review shows how far it has come", async () => {
  await amina.goto(plan);
  await Promise.all([amina.waitForNavigation(), amina.locator("main a[href*='/refer?need=shelter']").first().click()]);
  assert.match(amina.url(), /from=/);
  assert.equal(await amina.inputValue("main [name=need]"), "shelter");
  await amina.locator("main [name=to]").first().check();
  await send(amina);
  await amina.goto(plan);
  assert.ok(await amina.locator("main a[href^='/referrals/']").count(), "the referral stands beside the support");
  await Promise.all([amina.waitForNavigation(), amina.getByRole("link", { name: "Review progress" }).click()]);
  await amina.locator("main [value=partly]").first().check();
  await choose(amina, [["satisfaction", "unsaid"]]);
  await clean(amina, "plan-review");
  await send(amina);
  assert.match(await words(amina), /Did not want to say|Partly/);
  await clean(amina, "plan-agreed");
});

test("it is printed in the person's language, without what makes safer", async () => {
  await amina.goto(`${plan}/print`);
  await clean(amina, "plan-print-ask");
  await choose(amina, [["lang", "ar"]]);
  await amina.check("[name=safe]");
  await send(amina);
  assert.equal(await amina.locator(".tc-paper").getAttribute("dir"), "rtl");
  assert.doesNotMatch(await words(amina), /A bag stands ready/);
  await amina.emulateMedia({ media: "print" });
  await clean(amina, "plan-print-ar");
  await amina.emulateMedia({ media: "screen" });
  const arabic = await program.as("amina", { viewport: DESKTOP, lang: "ar" });
  await arabic.goto(plan);
  await clean(arabic, "plan-ar");
  await arabic.goto(kase);
  await clean(arabic, "plan-case-ar");
});

test("one long word that somebody typed makes no page wider than its window", async () => {
  await amina.goto(`${kase}/documents`);
  await amina.fill("#f-title", `Photo ${"y".repeat(150)}`);
  await amina.selectOption("#f-kind", "other");
  const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
  await amina.setInputFiles("#f-file", { name: "paper.png", mimeType: "image/png", buffer: Buffer.from(dot, "base64") });
  await send(amina);
  await clean(amina, "documents-long-word");
});
