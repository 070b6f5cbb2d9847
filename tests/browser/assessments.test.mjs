// From a short screening with one person to the analysis it leads to: domain by domain, on a phone and without a script too; rounds compared.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, pathOf, registered, send, withCase, words } from "./flow.mjs";
import { DESKTOP, PHONE, clean, start } from "./harness.mjs";

let program;
let amina;
let kase;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

// Begins a round of the tool on the card with this title.
async function begin(page, title) {
  await page.goto(`${kase}/assessments`);
  const card = page.locator("main .card", { hasText: title }).first();
  await Promise.all([page.waitForNavigation(), card.locator("form button").click()]);
  return pathOf(page).replace(/\/answers$/, "");
}

const next = (page) => send(page, "main button[name=go][value=next]");

test("a stage stays shut until an assessment is finalised", async () => {
  amina = await program.as("amina");
  await registered(amina, "Assessed Wayfarer");
  kase = await withCase(amina);
  assert.match(await words(amina), /Short screening with one person/);
  assert.match(await words(amina), /Opens after: Assessment \(finalised\)/);
  await amina.goto(`${kase}/stage`);
  await clean(amina, "assessment-stage-shut");
  await amina.check("main [name=stage][value=planning]");
  await Promise.all([amina.waitForNavigation(), amina.locator("main form button.btn-primary").last().click()]);
  assert.match(await words(amina), /This stage is still shut/);
});

test("the screening is filled in on a phone, part by part, and says that an analysis is due", async () => {
  const phone = await program.as("amina", { viewport: PHONE });
  await phone.goto(`${kase}/assessments`);
  await clean(phone, "assessments-phone");
  const round = await begin(phone, "Short screening with one person");
  await clean(phone, "assessment-fill-phone");
  await choose(phone, [["q_tonight", "yes"]]);
  await next(phone);
  await choose(phone, [["q_eaten", "no"]]);
  await send(phone, "main button[name=go][value=safety]");
  await choose(phone, [["q_hurt", "yes"], ["q_papers", "no"]]);
  await clean(phone, "assessment-safety-phone");
  await send(phone, "main button[name=go][value=stay]");
  assert.ok(await phone.isChecked("[name=q_hurt][value=yes]"), "what was saved is shown");
  await phone.goto(`${round}/finalisation`);
  await clean(phone, "assessment-finalise-phone");
  assert.ok(await phone.isChecked("[name=risk][value=high]"), "the rule's level is proposed");
  await send(phone);
  assert.match(await words(phone), /8 of 18/);
  await phone.goto(kase);
  assert.match(await words(phone), /Take a safety action/);
  assert.match(await words(phone), /In-depth analysis/);
  await clean(phone, "assessment-case-phone");
});

test("the analysis is filled in without a script, asked again, and both rounds are compared", async () => {
  const plain = await program.as("amina", { scripts: false });
  for (const [mood, danger, made] of [["4", "soon", "yes"], ["1", "no", "no"]]) {
    const round = await begin(plain, "In-depth analysis with one person");
    await choose(plain, [["q_sleeping", mood === "4" ? "nowhere" : "home"]]);
    await send(plain, "main button[name=go][value=health]");
    await choose(plain, [["q_mood", mood], ["q_private_care", made]]);
    await send(plain, "main button[name=go][value=safety]");
    await choose(plain, [["q_danger_now", danger]]);
    await plain.fill("[name=q_safer]", "A neighbour keeps her door open.");
    await send(plain, "main button[name=go][value=children]");
    await choose(plain, [["q_made_to_work", made]]);
    await send(plain, "main button[name=go][value=stay]");
    await plain.goto(`${round}/finalisation`);
    if (danger === "no") await plain.selectOption("[name=reason]", "reassessed");
    await send(plain);
    assert.match(await words(plain), /A neighbour keeps her door open/);
  }
  await amina.goto(`${kase}/assessments`);
  await clean(amina, "assessments");
  await amina.getByRole("link", { name: "Compare rounds" }).first().click();
  assert.match(await words(amina), /Less need/);
  assert.equal(await amina.locator(".tc-radar svg[role=img] polygon:not(.tc-radar-ring)").count(), 2);
  await clean(amina, "assessment-compare");
  const compared = new URL(amina.url());
  const phone = await program.as("amina", { viewport: PHONE });
  await phone.goto(compared.pathname + compared.search);
  await clean(phone, "assessment-compare-phone");
  const arabic = await program.as("amina", { viewport: DESKTOP, lang: "ar" });
  for (const [path, name] of [[compared.pathname + compared.search, "compare"], [`${kase}/assessments`, "list"], [kase, "case"]]) {
    await arabic.goto(path);
    await clean(arabic, `assessment-${name}-ar`);
  }
  await amina.goto(kase);
  assert.doesNotMatch(await words(amina), /Opens after: Assessment/);
  await clean(amina, "assessment-case");
  const round = await amina.locator("main a[href*='/assessments/']").first().getAttribute("href");
  await amina.goto(round);
  await clean(amina, "assessment-round");
});
