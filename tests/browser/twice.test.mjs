// Haste and confusion: the back button, two clicks, two tabs. Nothing happens twice, and no word is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEND, drafted, filled, pathOf, registered, send, withCase, withConsent, words } from "./flow.mjs";
import { start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const referrals = async (page, kase) => {
  await page.goto(kase);
  return page.locator("main aside a[href^='/referrals/0'], main .tc-side-card a[href^='/referrals/0']").count();
};

test("two quick clicks on Send, and Send once more after going back, make one referral", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Doubtful Pilgrim");
  const kase = await withCase(amina);
  await withConsent(amina, kase);
  await drafted(amina, kase, "health", "General practice");
  await filled(amina);
  // A second click may break the first answer off on its way: what counts is where it ends.
  await amina.locator(SEND).dblclick();
  await amina.waitForURL(/referrals\/[0-9a-f-]+$/);
  const sent = pathOf(amina);
  assert.equal(await referrals(amina, kase), 1);

  await amina.goto(sent);
  await amina.goto(`${sent}/edit`).catch(() => {});
  assert.doesNotMatch(await words(amina), /Something went wrong/);
  await amina.goBack();
  assert.equal(await referrals(amina, kase), 1);
});

test("a page come back to after sending sends nothing new", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Dreamy Pilgrim");
  const kase = await withCase(amina);
  await withConsent(amina, kase);
  await drafted(amina, kase, "health", "General practice");
  await filled(amina);
  await send(amina, SEND);
  await amina.goBack();
  const button = amina.locator(SEND);
  if (await button.count()) await Promise.all([amina.waitForNavigation(), button.click()]);
  assert.equal(await referrals(amina, kase), 1);
});

test("a quick note come back to and sent once more is one note; other words are another", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Forgetful Pilgrim");
  const kase = await withCase(amina);
  await amina.goto(`/quick-note?case=${kase.split("/").pop()}`);
  const noted = async (text) => {
    await amina.fill("[name=body]", text);
    await send(amina);
  };
  await noted("She came at nine.");
  await amina.goBack();
  await noted("She came at nine.");
  await amina.goBack();
  await noted("She came at ten.");
  await amina.goto(kase);
  const seen = await words(amina);
  assert.equal(seen.split("She came at nine.").length - 1, 1);
  assert.match(seen, /She came at ten\./);
});

test("a form sent twice without our scripts is sent once as well", async () => {
  const amina = await program.as("amina", { scripts: false });
  await registered(amina, "Plain Pilgrim");
  const kase = await withCase(amina);
  await withConsent(amina, kase);
  await drafted(amina, kase, "health", "General practice");
  await filled(amina);
  await amina.locator(SEND).dblclick();
  await amina.waitForURL(/referrals\/[0-9a-f-]+$/);
  assert.equal(await referrals(amina, kase), 1);
});

test("two tabs that mend one note: the second learns of the first, and both texts are kept", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Twofold Pilgrim");
  const kase = await withCase(amina);
  await amina.goto(`${kase}/notes`);
  await amina.check("[name=kind][value=note]").catch(() => amina.selectOption("[name=kind]", "note"));
  await amina.fill("[name=body]", "She came at nine");
  await send(amina);
  const mend = await amina.locator("main a[href*='corrects=']").first().getAttribute("href");
  const other = await amina.context().newPage();
  await amina.goto(mend);
  await other.goto(mend);
  await amina.fill("[name=body]", "She came at ten");
  await send(amina);
  await other.fill("[name=body]", "She came at eleven");
  await Promise.all([other.waitForNavigation(), other.locator("main form button.btn-primary[type=submit]").last().click()]);
  assert.match(await words(other), /She came at ten/, "the second tab shows what the first one wrote");
  assert.equal(await other.inputValue("[name=body]"), "She came at eleven", "and keeps its own words");
  await send(other);
  await amina.goto(kase);
  for (const text of ["She came at nine", "She came at ten", "She came at eleven"]) assert.match(await words(amina), new RegExp(text));
});

test("a note sent without a connection stays on the screen, and goes out when there is one again", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Distant Pilgrim");
  const kase = await withCase(amina);
  await amina.goto(`${kase}/notes?kind=note`);
  const field = amina.locator("textarea[name=body]");
  await field.fill("She crossed the river on foot.");
  await amina.context().setOffline(true);
  const button = amina.locator(`main form:has(textarea[name=body]) button[type=submit]`).last();
  await button.click();
  await amina.locator(".tc-offline").waitFor();
  assert.equal(await field.inputValue(), "She crossed the river on foot.");
  await amina.context().setOffline(false);
  await amina.locator(".tc-offline").waitFor({ state: "detached" });
  await Promise.all([amina.waitForNavigation(), button.click()]);
  assert.match(await words(amina), /She crossed the river on foot\./);
});
