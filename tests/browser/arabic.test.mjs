// The main flow in Arabic: from right to left, with no English left, at the width of a small phone; and its main steps played.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, send, underWay, words } from "./flow.mjs";
import { faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const SMALL = { width: 360, height: 780 };
// What stays Latin on purpose: codes, names of people and organisations, what somebody wrote in another language, the product's name.
const OWN = /[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}|Throughcare|SMS|PDF|JPEG|PNG|English|Français|Español|https?:\/\/\S+|API|[\w.]+@[\w.]+|Asia\/\w+/g;

// Latin words that a reader sees, without what stands in <bdi> or dir=auto: those are somebody's own words or names.
async function english(page) {
  const seen = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector("#page"), NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.parentElement;
      if (at.closest("bdi, [dir=auto], [lang], script, style, .tc-user, .tc-foot, time")) continue;
      if (node.textContent.trim() && at.checkVisibility()) texts.push(node.textContent.trim());
    }
    return texts;
  });
  return seen.map((text) => text.replace(OWN, "").replace(NAMES, "")).filter((text) => /[A-Za-z]{3,}/.test(text));
}

// Names of the demonstration's own people, places, organisations and units, which stand in Latin letters in its tables.
const NAMES = /Amina|Haddad|Chen Li|Bruno Costa|Basma Khoury|Dario Conti|Harbour Relief( head office)?|Al Noor Clinic|Cedar Legal Aid|Ministry of Social Development|Municipality of Marsa|United Nations Protection Office \(demo\)|(Marsa|Jabal) field unit|Wellbeing unit|Integrity desk|House team|Reception|Marsa|Wadi|Jabal|Sahel|Wandering Star|to be helped|General practice|Fever for a week/g;

async function clean(page, path) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), 200, path);
  assert.equal(await page.getAttribute("html", "dir"), "rtl", path);
  assert.equal(await page.getAttribute("html", "lang"), "ar", path);
  // The button that sends stands over the page's lower end: what lies behind it is seen once it is scrolled up.
  if (path.endsWith("/emergency")) await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  assert.deepEqual(await faults(page), [], path);
  assert.deepEqual(await english(page), [], path);
  await picture(page, `ar-${path.replace(/[0-9a-f-]{36}/g, "x").replace(/[^a-z-]+/g, "_")}`);
}

test("the pages of the main flow read in Arabic on a small phone", async () => {
  const { kase, referral } = await underWay(await program.as("amina"), "Wandering Star");
  const amina = await program.as("amina", { viewport: SMALL, lang: "ar" });
  const person = await (await amina.goto(kase), amina.locator("main a[href^='/people/']").first().getAttribute("href"));
  const hers = ["/", "/people", person, "/cases", "/cases/new", kase, `${kase}/notes`, `${kase}/consents`, `${kase}/consents/new`,
    `${kase}/refer?need=health`, `${kase}/services?need=health`, `${kase}/emergency`, "/services", referral, "/referrals", "/loop", "/notifications"];
  for (const path of hers) await clean(amina, path);
  // The form to register somebody is opened from what a search found.
  await amina.goto("/people?q=Wxyz");
  await Promise.all([amina.waitForNavigation(), amina.locator("main form[action='/people/prefilled'] button").first().click()]);
  assert.deepEqual([await faults(amina), await english(amina)], [[], []]);
  const chen = await program.as("chen", { viewport: SMALL, lang: "ar" });
  for (const path of ["/inbox", referral, `${referral}/acceptance`, `${referral}/decline`]) await clean(chen, path);
});

test("the whole loop in Arabic, the answer from a small phone", async () => {
  const amina = await program.as("amina", { lang: "ar" });
  const { referral } = await underWay(amina, "ريم الشامي", "health", "طب عام");
  const chen = await program.as("chen", { viewport: SMALL, lang: "ar" });
  await chen.goto(`${referral}/acceptance`);
  await send(chen);
  assert.match(await words(chen), /ريم الشامي/);
  await chen.goto(`${referral}/outcome`);
  await chen.fill("[name=what]", "فحص عام");
  await send(chen);
  await amina.goto(`${referral}/follow-up`);
  await choose(amina, [["answer", "received"], ["confirmer", "person"]]);
  assert.deepEqual(await faults(amina), []);
  await send(amina);
  await clean(amina, referral);
  assert.match(await words(amina), /فحص عام/);
});
