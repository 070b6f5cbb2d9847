// A meeting is moved in the calendar: dragged with a mouse, by its button with a keyboard, and with a finger on a phone. Each asks who wants it and why,
// keeps what stood before, and refuses what somebody else changed meanwhile.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, pathOf, registered, send, withCase, words } from "./flow.mjs";
import { PHONE, clean, start } from "./harness.mjs";

let program;
let amina;
let meeting;
let week;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const item = (page) => page.locator(`[data-move='${meeting}/time']`);
const dayOf = async (page) => item(page).evaluate((element) => element.closest("[data-day]").dataset.day);
const box = async (locator) => { await locator.scrollIntoViewIfNeeded(); return locator.boundingBox(); };

async function answer(page) {
  await page.locator("dialog[open] [name=asked_by][value=person]").check();
  await page.locator("dialog[open] [name=move_reason]").selectOption("transport");
  await Promise.all([page.waitForNavigation(), page.locator("dialog[open] button[type=submit]").click()]);
}

// A Wednesday to come whose week is ahead whole, whether it begins on Saturday as in Arabic or on Monday, whatever day it is today.
const nextWeek = () => {
  const day = new Date(Date.now() + 5 * 86_400_000);
  day.setUTCDate(day.getUTCDate() + ((10 - day.getUTCDay()) % 7));
  return day.toISOString().slice(0, 10);
};

async function drag(page, from, to) {
  const [a, b] = [await box(from), await box(to)];
  await page.mouse.move(a.x + 12, a.y + 8);
  await page.mouse.down();
  await page.mouse.move(a.x + 30, a.y + 20, { steps: 4 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 8 });
  await page.mouse.up();
}

test("a meeting is dragged to another day and asks who wants it", async () => {
  amina = await program.as("amina");
  await registered(amina, "Calendar Wayfarer");
  const kase = await withCase(amina);
  await amina.goto(`${kase}/meetings/new`);
  await choose(amina, [["kind", "interview"]]);
  await amina.fill("[name=starts_at]", `${nextWeek()}T10:00`);
  await amina.locator("[name=minutes]").selectOption("60");
  await send(amina);
  meeting = pathOf(amina);
  week = `/calendar?view=week&on=${nextWeek()}`;
  await amina.goto(week);
  await clean(amina, "calendar-week-to-move");
  const before = await dayOf(amina);
  const other = amina.locator(`[data-day]:not([data-day='${before}'])`).first();
  const wanted = await other.getAttribute("data-day");
  await drag(amina, item(amina), other);
  assert.equal(await amina.locator("dialog[open] [name=starts_at]").inputValue(), `${wanted}T10:00`);
  await clean(amina, "calendar-move-dialog");
  await answer(amina);
  assert.match(amina.url(), /\/calendar\?view=week/);
  assert.equal(await dayOf(amina), wanted);
  await amina.goto(meeting);
  assert.match(await words(amina), /The person, No way to get there/);
});

test("what was let go on its own day, or given up, stays where it was", async () => {
  await amina.goto(week);
  const before = await dayOf(amina);
  await drag(amina, item(amina), amina.locator(`[data-day='${before}'] h2`));
  assert.equal(await amina.locator("dialog[open]").count(), 0);
  const other = amina.locator(`[data-day]:not([data-day='${before}'])`).first();
  await drag(amina, item(amina), other);
  await amina.locator("dialog[open] [data-move-cancel]").click();
  assert.equal(await dayOf(amina), before);
});

test("the button moves it with a keyboard alone", async () => {
  await amina.goto(week);
  const before = await dayOf(amina);
  await item(amina).locator(".tc-move-handle").focus();
  await amina.keyboard.press("Enter");
  const at = amina.locator("dialog[open] [name=starts_at]");
  assert.equal(await at.inputValue(), `${before}T10:00`);
  await at.fill(`${before}T15:00`);
  await answer(amina);
  assert.match(await words(amina, item(amina)), /15:00/);
});

test("somebody who moves what was moved meanwhile is told so", async () => {
  const second = await program.as("amina");
  await second.goto(week);
  await amina.goto(week);
  const move = async (page, hour) => {
    await item(page).locator(".tc-move-handle").click();
    await page.locator("dialog[open] [name=starts_at]").fill(`${await dayOf(page)}T${hour}:00`);
    await answer(page);
  };
  await move(amina, "11");
  await move(second, "12");
  assert.equal(await second.evaluate(() => performance.getEntriesByType("navigation")[0].responseStatus), 409);
  await amina.goto(week);
  assert.match(await words(amina, item(amina)), /11:00/);
});

test("on a phone a finger drags it by its button, and in Arabic too", async () => {
  for (const lang of ["en", "ar"]) {
    const page = await program.as("amina", { viewport: PHONE, lang });
    await page.goto(week);
    await clean(page, `calendar-phone-${lang}`);
    const before = await dayOf(page);
    // A day on, and back again: both languages show these two in one week.
    const to = new Date(Date.parse(before) + (lang === "en" ? 1 : -1) * 86_400_000).toISOString().slice(0, 10);
    const other = page.locator(`[data-day='${to}']`);
    // Both in sight at once, then the events that a finger makes.
    await item(page).scrollIntoViewIfNeeded();
    await page.evaluate(([from, to]) => {
      const handle = document.querySelector(`[data-move='${from}/time'] .tc-move-handle`);
      const day = document.querySelector(`[data-day='${to}']`);
      const centre = (element) => { const at = element.getBoundingClientRect(); return { clientX: at.x + at.width / 2, clientY: at.y + at.height / 2 }; };
      const finger = (type, target, at) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, pointerId: 7, pointerType: "touch", button: 0, ...at }));
      const begun = centre(handle);
      finger("pointerdown", handle, begun);
      finger("pointermove", handle, { clientX: begun.clientX, clientY: begun.clientY + 20 });
      day.scrollIntoView({ block: "center", behavior: "instant" });
      finger("pointermove", handle, centre(day));
      finger("pointerup", handle, centre(day));
    }, [meeting, await other.getAttribute("data-day")]);
    assert.match(await page.locator("dialog[open] [name=starts_at]").inputValue(), new RegExp(`^${await other.getAttribute("data-day")}T`));
    await clean(page, `calendar-phone-dialog-${lang}`);
    await page.context().close();
  }
});

test("without a script the meeting's own page moves it", async () => {
  const plain = await program.as("amina", { scripts: false });
  await plain.goto(week);
  assert.equal(await plain.locator(".tc-move-handle:visible").count(), 0);
  await plain.goto(meeting);
  await plain.locator("details", { hasText: "Another time" }).locator("summary").click();
  await plain.locator(`form[action='${meeting}/time'] [name=starts_at]`).fill(`${nextWeek()}T09:00`);
  await plain.locator(`form[action='${meeting}/time'] [name=asked_by][value=worker]`).check();
  await plain.locator(`form[action='${meeting}/time'] [name=move_reason]`).selectOption("other");
  await Promise.all([plain.waitForNavigation(), plain.locator(`form[action='${meeting}/time'] button[type=submit]`).click()]);
  assert.match(await words(plain), /The worker, Other reason/);
});
