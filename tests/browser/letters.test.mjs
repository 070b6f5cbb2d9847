// The three types of referral with a letter, from draft to e-mailed: what is shared, language first, the preview, the last look; then the
// very PDF is opened and read, and its QR code leads where the letter says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import jsqr from "jsqr";
import { choose, pathOf, registered, send, words } from "./flow.mjs";
import { PHONE, faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

// The words and the QR code of a PDF; none where it carries no code.
function read(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "throughcare-letter-"));
  try {
    const file = join(folder, "letter.pdf");
    writeFileSync(file, bytes);
    const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
    execFileSync("pdftoppm", ["-r", "150", "-gray", file, join(folder, "page")]);
    const pages = readdirSync(folder).filter((name) => name.endsWith(".pgm")).sort();
    return { text, code: pages.map((name) => qr(readFileSync(join(folder, name)))).find(Boolean) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A grey picture as `pdftoppm` writes it: "P5 width height 255" and one byte a point.
function qr(picture) {
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.subarray(0, 60).toString("latin1"));
  const grey = picture.subarray(head.length);
  const points = new Uint8ClampedArray(grey.length * 4);
  grey.forEach((level, at) => points.set([level, level, level, 255], at * 4));
  return jsqr(points, Number(width), Number(height))?.data;
}

async function pdf(page, path) {
  const answer = await page.request.get(path);
  assert.equal(answer.status(), 200, path);
  assert.equal(answer.headers()["content-type"], "application/pdf");
  return Buffer.from(await answer.body());
}

const SECTIONS = ["need", "urgency", "area", "identity"].map((section) => ["sections", section]);
const ASKED = [["priority", "normal"], ["safe_for_person", "yes"], ["safe_for_worker", "yes"], ...SECTIONS];
const OF_SERVICE = [["already_receives", "no"], ["without_help", "no"], ["available_here", "yes"], ["follow_up", "with_worker"]];

// A client of the employment office, with consent for every organisation and for providers of any kind.
async function openCase(page, name) {
  await registered(page, name);
  await page.locator("main a[href^='/cases/new']").first().click();
  await page.locator("[name=intake_source]").selectOption({ index: 1 });
  await choose(page, [["case_type", "20"], ["risk", "low"], ["priority", "normal"], ["keeper", "me"]]);
  await send(page);
  const kase = pathOf(page);
  await page.goto(`${kase}/consents/new`);
  await page.locator("[name=person]").selectOption({ index: 1 });
  await page.fill("[name=purpose]", "to be helped");
  for (const box of await page.locator("main [name=to_orgs]").all()) await box.check();
  await page.check("[name=to_kinds][value=provider]");
  await choose(page, [["answer", "yes"], ["given_by", "person"], ["form", "signature"], ...SECTIONS]);
  await page.check("[name=spoken_alone]");
  await page.check("[name=understood]");
  await page.fill("[name=language]", "Arabic");
  if (await page.locator("[name=limits_explained]").count()) await page.check("[name=limits_explained]");
  await send(page);
  return kase;
}

// From the list of the case's referrals to the letter's dialogue.
async function begun(page, kase, type, to) {
  await page.goto(`${kase}/referrals`);
  await page.selectOption("[name=type]", type);
  await page.click("main form.tc-inline-form button[type=submit]");
  for (const [name, value] of Object.entries(to)) {
    if (name === "to_name") await page.fill(`[name=${name}]`, value);
    else await page.selectOption(`[name=${name}]`, value);
  }
  await page.selectOption("[name=need]", "skills_training");
  await send(page);
  await page.fill("[name=reason]", "Looks for work");
  await page.locator("[name=person]").first().check();
  await choose(page, ASKED);
  if (type !== "case_transfer") await choose(page, OF_SERVICE);
  const go = page.locator("main button[name=go][value=letter]");
  await Promise.all([page.waitForNavigation(), go.click()]);
  assert.match(page.url(), /\/letter$/);
}

async function addressed(page, name, address) {
  const other = page.locator("[type=radio][name=contact][value=other]");
  if ((await other.count()) && !(await other.isChecked())) {
    await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/fields")), other.check()]);
  }
  await page.fill("[name=contact_name]", name);
  await page.fill("[name=email]", address);
}

async function submitted(page) {
  await send(page, "main button[name=go][value=review]");
  assert.match(page.url(), /\/letter\/submission$/);
  const preview = await pdf(page, `${pathOf(page).replace("/submission", "")}/preview`);
  assert.deepEqual(await faults(page), []);
  await send(page, "main form[action$='/submission'] button[type=submit]");
  assert.match(await words(page), /nothing of it can be changed/);
  const path = pathOf(page);
  // The worker of the same program makes the letter within seconds.
  for (let i = 0; i < 40; i++) {
    await page.goto(path);
    if (await page.locator(`a[href='${path}/file']`).count()) break;
    await page.waitForTimeout(500);
  }
  const file = await pdf(page, `${path}/file`);
  assert.ok(file.equals(preview), "the preview is the very file");
  return { path, ...read(file) };
}

// Of the demonstration every message is written to a folder, within seconds.
async function mailed(page, path) {
  for (let i = 0; i < 40; i++) {
    await page.goto(path);
    if (/E-?mailed|Delivered/i.test(await words(page))) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`not e-mailed: ${await words(page)}`);
}

test("a case transfer, a referral within the system and one outside it go from draft to e-mailed", async () => {
  const lina = await program.as("lina");
  const kase = await openCase(lina, "Halim Quartz");
  const organisation = { organisation: { index: 1 } };

  await begun(lina, kase, "case_transfer", organisation);
  assert.deepEqual(await faults(lina), []);
  await addressed(lina, "Mr. Sample", "sample@sample.example");
  const transfer = await submitted(lina);
  assert.match(transfer.text, /R-[2-9A-Z]{4}-[2-9A-Z]{4}/);
  assert.match(transfer.text, /Possible transfer of a case/);
  await mailed(lina, transfer.path);

  await begun(lina, kase, "within", organisation);
  await addressed(lina, "Mr. Sample", "sample@sample.example");
  const within = await submitted(lina);
  assert.match(within.text, /Skills training/i);
  assert.equal(within.code, undefined, "who works here signs in");
  await mailed(lina, within.path);

  // Nobody of an organisation that was only written down is registered for a code: they are asked to call.
  await begun(lina, kase, "outside", { to_name: "Parish hall", to_kind: "provider" });
  await addressed(lina, "Mr. Sample", "sample@sample.example");
  assert.match(await words(lina), /nobody is registered for their one-time codes/);
  await picture(lina, "letter-compose");
  const outside = await submitted(lina);
  assert.match(outside.text, /Parish hall/);
  assert.equal(outside.code, undefined, "no answer is promised by a link that leads nowhere");
  await mailed(lina, outside.path);

  const adam = await program.as("adam");
  await adam.goto("/contacts/new");
  await adam.selectOption("[name=org]", { label: "Marsa Bar Association" });
  await adam.fill("[name=name]", "Duty desk");
  await adam.fill("main [name=email]", "desk@bar.example");
  await adam.fill("main [name=phone]", "555 0171");
  await adam.selectOption("main [name=lang]", "en");
  await send(adam);

  await begun(lina, kase, "outside", { organisation: { label: "Marsa Bar Association" } });
  await picture(lina, "letter-known");
  const known = await submitted(lina);
  assert.match(known.code, new RegExp(`^${program.base}/r/`), "the QR code opens the answer page");
  await mailed(lina, known.path);

  await lina.goto(`${kase}/referrals`);
  const rows = lina.locator("details.tc-referral-row");
  assert.equal(await rows.count(), 4);
  const hall = rows.filter({ hasText: "Parish hall" });
  await hall.locator("summary").click();
  assert.match(await hall.innerText(), /sample@sample\.example/);
  assert.deepEqual(await faults(lina), []);
  await picture(lina, "letter-list");
});

test("nobody loses words by changing the language, and a name stops the message", async () => {
  const lina = await program.as("lina", { viewport: PHONE });
  const kase = await openCase(lina, "Tarik Obsidian");
  await begun(lina, kase, "within", { organisation: { index: 1 } });
  await addressed(lina, "Mr. Sample", "sample@sample.example");
  await lina.fill("[name=message]", "Words of my own");
  await Promise.all([lina.waitForResponse((answer) => answer.url().endsWith("/fields")), lina.selectOption("select[name=lang]", "es")]);
  await lina.waitForFunction(() => document.querySelector("[name=message]")?.value.includes("Hola"));
  assert.match(await words(lina), /Words of my own/);
  assert.deepEqual(await faults(lina), []);
  await Promise.all([lina.waitForNavigation(), lina.click("button[name=go][value^='take.']")]);
  assert.equal(await lina.inputValue("[name=message]"), "Words of my own");

  await lina.fill("[name=message]", "Please see Tarik Obsidian on Monday");
  await Promise.all([lina.waitForNavigation(), lina.click("main button[name=go][value=review]")]);
  assert.equal(await lina.locator("mark").first().innerText(), "Tarik Obsidian");
  await picture(lina, "letter-guard-phone");
});

test("what was typed in another language never comes back over what the guard stopped, nor over what was sent", async () => {
  const lina = await program.as("lina");
  const kase = await openCase(lina, "Tarik Onyx");
  await begun(lina, kase, "within", { organisation: { index: 1 } });
  await addressed(lina, "Mr. Sample", "sample@sample.example");
  const stopped = async (typed) => {
    await lina.fill("[name=message]", typed);
    await Promise.all([lina.waitForNavigation(), lina.click("main button[name=go][value=review]")]);
    assert.ok((await lina.locator("mark").allInnerTexts()).includes("Tarik Onyx"));
    assert.equal(await lina.inputValue("[name=message]"), typed);
    assert.equal(await lina.locator(".tc-draft").count(), 0);
  };
  const chosen = (lang) =>
    Promise.all([lina.waitForResponse((answer) => answer.url().endsWith("/fields")), lina.selectOption("select[name=lang]", lang)]);

  const first = await lina.inputValue("select[name=lang]");
  const older = "Older words of my own";
  await lina.fill("[name=message]", older);
  await lina.waitForFunction(() => Object.keys(sessionStorage).some((key) => key.startsWith("tc-draft:")));
  await chosen("es");
  await lina.waitForFunction(() => document.querySelector("[name=message]")?.value.includes("Hola"));
  await stopped("Tarik Onyx viene el lunes");
  await stopped("Tarik Onyx viene el martes");

  // The kept page is opened anew: what was sent last stands there, and what goes out is what the last look shows.
  const path = pathOf(lina);
  await lina.goto(path);
  assert.equal(await lina.inputValue("[name=message]"), "Tarik Onyx viene el martes");
  const last = "La persona viene el martes";
  await lina.fill("[name=message]", last);
  await send(lina, "main button[name=go][value=review]");
  const look = await words(lina);
  assert.ok(look.includes(last) && !look.includes(older), look);
  assert.deepEqual(await lina.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("tc-draft:"))), []);

  // Back in the first language nothing of this tab takes the place of what the server keeps of it.
  await lina.goto(path);
  await chosen(first);
  await lina.waitForFunction((text) => document.querySelector("[name=message]")?.value === text, older);
  assert.equal(await lina.locator(".tc-draft").count(), 0);
});

test("words that were not sent come back into their own form and language alone", async () => {
  const lina = await program.as("lina");
  const kase = await openCase(lina, "Tarik Beryl");
  await begun(lina, kase, "within", { organisation: { index: 1 } });
  const path = pathOf(lina);
  await lina.fill("[name=message]", "Half a sentence");
  await lina.waitForFunction(() => Object.values(sessionStorage).some((kept) => kept.includes("Half a sentence")));
  await lina.goto(path);
  assert.equal(await lina.inputValue("[name=message]"), "Half a sentence");
  assert.equal(await lina.locator(".tc-draft").count(), 1);

  // Somebody kept the same letter with other words since: theirs stand.
  const kept = await lina.evaluate(() => Object.entries(sessionStorage).find(([key]) => key.startsWith("tc-draft:")));
  await lina.fill("[name=message]", "Kept on the server");
  await lina.fill("[name=email]", "desk@partner.example");
  await send(lina, "main button[name=go][value=keep]");
  await lina.evaluate(([key, value]) => sessionStorage.setItem(key, value), kept);
  await lina.goto(path);
  assert.equal(await lina.inputValue("[name=message]"), "Kept on the server");
  assert.equal(await lina.locator(".tc-draft").count(), 0);
});
