// An organisation without account answers by the short code on its letter: from a small phone without scripts, and in Arabic.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, send, underWay, words } from "./flow.mjs";
import { faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const SMALL = { width: 360, height: 640 };
const OUTSIDE = "Free legal evenings";

// Amina refers somebody to the Bar Association and makes a link; answers with the referral and the short code for paper.
async function linked(amina, name) {
  const { referral } = await underWay(amina, name, "legal", OUTSIDE);
  await amina.selectOption("#links [name=contact]", { label: "Layth Barakat · Duty advocate · verified" });
  await Promise.all([amina.waitForNavigation(), amina.locator("#links form[action$='/links'] button").click()]);
  assert.deepEqual(await faults(amina), []);
  await picture(amina, "links-sender");
  await amina.locator("#links a[href^='/links/']").first().click();
  await amina.waitForURL("**/links/*");
  assert.deepEqual(await faults(amina), []);
  await picture(amina, "links-slip");
  const short = /[0-9B-Z]{5}-[0-9B-Z]{5}/.exec(await words(amina))[0];
  await amina.goto(referral);
  return { referral, short };
}

// The code that Amina reads out by telephone.
async function readOut(amina) {
  await amina.locator("#links summary", { hasText: /phone|هاتف/ }).first().click();
  await Promise.all([amina.waitForNavigation(), amina.locator("#links form[action$='/code'] button").first().click()]);
  assert.deepEqual(await faults(amina), []);
  return /\d{4} \d{4}/.exec(await words(amina))[0];
}

async function go(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}

async function cameIn(page, amina, short) {
  await page.goto("/r");
  await page.fill("[name=code]", short.toLowerCase());
  await go(page, page.locator("main button.btn-primary"));
  await page.fill("[name=pin]", await readOut(amina));
  await go(page, page.locator("main button.btn-primary"));
  assert.equal(new URL(page.url()).pathname, "/r", "no code stands in the address");
}

test("the partner answers from a phone of 360 pixels without scripts, up to the outcome", async () => {
  const amina = await program.as("amina");
  const { referral, short } = await linked(amina, "Quiet Morning");
  const phone = await program.visitor({ viewport: SMALL, scripts: false });
  await cameIn(phone, amina, short);
  assert.match(await words(phone), /Legal/);
  assert.doesNotMatch(await words(phone), /Quiet Morning/, "no name before acceptance");
  await go(phone, phone.locator("main a[href='/r/acceptance']"));
  await phone.fill("[name=at]", new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 16));
  await phone.fill("[name=place]", "Room 4");
  await go(phone, phone.locator("main button.btn-primary"));
  assert.match(await words(phone), /Quiet Morning/);
  await go(phone, phone.locator("main a[href='/r/message']"));
  await phone.fill("[name=text]", "Please bring the papers");
  await go(phone, phone.locator("main button.btn-primary"));
  await go(phone, phone.locator("main a[href='/r/outcome']"));
  await phone.fill("[name=what]", "Advice given");
  await go(phone, phone.locator("main button.btn-primary"));
  await go(phone, phone.locator("form[action='/r/leave'] button"));
  await amina.goto(referral);
  const seen = await words(amina);
  for (const said of [/Advice given/, /Please bring the papers/, /Answered by secure link/, /Room 4/]) assert.match(seen, said);
});

test("every page of the way in and of the answer is clean on a small phone, in four languages", async () => {
  const amina = await program.as("amina");
  const { short } = await linked(amina, "Steady Lantern");
  const clean = async (page, path, name) => {
    if (path) await page.goto(path);
    assert.deepEqual(await faults(page), [], `${name} ${page.url()}`);
    await picture(page, `answer-${name}`);
  };
  const phone = await program.visitor({ viewport: SMALL });
  await clean(phone, "/r", "code");
  await clean(phone, "/r/none", "gone");
  await phone.goto("/r");
  await phone.fill("[name=code]", short);
  await go(phone, phone.locator("main button.btn-primary"));
  await clean(phone, null, "pin");
  await phone.fill("[name=pin]", await readOut(amina));
  await go(phone, phone.locator("main button.btn-primary"));
  await clean(phone, null, "request");
  for (const lang of ["ar", "fr", "es", "en"]) {
    await clean(phone, `/r?lang=${lang}`, `request-${lang}`);
    assert.equal(await phone.getAttribute("html", "dir"), lang === "ar" ? "rtl" : "ltr");
    for (const what of ["acceptance", "decline", "message"]) await clean(phone, `/r/${what}`, `${what}-${lang}`);
  }
  await phone.goto("/r?lang=ar");
  await go(phone, phone.locator("main a[href='/r/acceptance']"));
  await go(phone, phone.locator("main button.btn-primary"));
  await clean(phone, null, "accepted-ar");
  await phone.emulateMedia({ media: "print" });
  await picture(phone, "answer-printed-ar");
  assert.equal(await phone.locator("main form:visible").count(), 0, "no form is printed");
  await phone.emulateMedia({ media: "screen" });
  await phone.goto("/r/decline");
  const desk = await program.visitor({});
  await clean(desk, "/r", "code-desktop");
});
