// What people do, as steps that several tests take: register, open a case, record consent, assess, plan, refer, answer.
import assert from "node:assert/strict";

export const pathOf = (page) => new URL(page.url()).pathname;
// What a reader sees: without the marks that keep names and figures apart from text of the other direction.
const MARKS = /[\u2066-\u2069]/g;
export const words = async (page, part = page.locator("main")) => (await part.innerText()).replace(MARKS, "");

// Sends the page's main form, waits for the answer, and expects no mistake in it.
export async function send(page, button = "main form button.btn-primary[type=submit]") {
  await Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);
  assert.deepEqual(await page.locator(".tc-errors").allInnerTexts(), [], page.url());
}

// Comes back to a page until it shows what the worker, which looks at its clocks every minute, is to have done.
export async function until(page, path, shown, { seconds = 180 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    await page.goto(path);
    if (await shown(page)) return;
    assert.ok(Date.now() < end, `${path} does not show it within ${seconds} seconds`);
    await page.waitForTimeout(3000);
  }
}

export async function choose(page, answers) {
  for (const [name, value] of answers) {
    // A preview above that is being fetched would move the box away under the pointer.
    await page.waitForFunction(() => !document.querySelector(".htmx-request"));
    await page.check(`main [name=${name}][value='${value}']`);
  }
}

// Presses the first button that is called so.
export const press = (page, label) => Promise.all([page.waitForNavigation(), page.getByRole("button", { name: label }).first().click()]);

const standsAt = (page) => page.url().replace(new URL(page.url()).origin, "").replace(/#.*$/, "");

// Unfolds what a link is folded into, from the outermost on.
async function unfolded(link) {
  const folds = link.locator("xpath=ancestor::details");
  for (let nth = 0; nth < (await folds.count()); nth += 1) {
    const [fold, summary] = [folds.nth(nth), folds.nth(nth).locator("summary").first()];
    // Of the two ways to the navigation one is not on a screen of this width.
    if ((await summary.isVisible()) && !(await fold.evaluate((details) => details.open))) await summary.click();
  }
}

// Goes from where somebody stands along these addresses, each by a link of the page before, as they would with a finger: what is folded is unfolded
// first, and an address that no link leads to is no way.
export async function goes(page, ...ways) {
  for (const way of ways) {
    if (standsAt(page) === way) continue;
    const links = page.locator(`main a[href="${way}"], header a[href="${way}"]`);
    for (let nth = 0; ; nth += 1) {
      const here = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")).join(" "));
      assert.ok(nth < (await links.count()), `no link leads from ${standsAt(page)} to ${way}, only to ${here}`);
      const link = links.nth(nth);
      if (!(await link.isVisible())) await unfolded(link);
      if (!(await link.isVisible())) continue;
      await Promise.all([page.waitForNavigation(), link.click()]);
      break;
    }
  }
}

// Goes back by what leads back from each page, until a link leads to this address, and follows that.
export async function backTo(page, way) {
  for (let left = 4; standsAt(page) !== way; left -= 1) {
    assert.ok(left, `nothing leads back to ${way} from ${standsAt(page)}`);
    if (await page.locator(`main a[href="${way}"]`).count()) await goes(page, way);
    else await Promise.all([page.waitForNavigation(), page.locator("main a.tc-back").first().click()]);
  }
}

// Turns the pages of a list until a link of this address stands on one, and follows it.
export async function turnsTo(page, way) {
  for (let left = 20; !(await page.locator(`main a[href="${way}"]`).count()); left -= 1) {
    assert.ok(left, `${way} stands on no page of the list`);
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Next" }).first().click()]);
  }
  await goes(page, way);
}

// Looks for these words above any page, and follows what is found.
export async function finds(page, said, way) {
  await page.fill("header [data-search]", said);
  await Promise.all([page.waitForNavigation(), page.press("header [data-search]", "Enter")]);
  if (standsAt(page) !== way) await goes(page, way);
}

// Posts what no page offers (any more): a form of somebody who tries all the same, with what the page's own forms carry along.
export async function posted(page, path, fields = {}) {
  const [answer] = await Promise.all([page.waitForNavigation(), page.evaluate(([action, given]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    const own = ["_csrf", "_once"].map((name) => [name, document.querySelector(`[name=${name}]`)?.value]).filter(([, value]) => value);
    for (const [name, value] of [...own, ...Object.entries(given)]) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
  }, [path, fields])]);
  return answer.status();
}

// Presses the main button of a form that is to be refused, and stays on what the refusal says.
export const refused = (page, button = "main form button.btn-primary[type=submit]") => Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);

// Everybody of the household who commits to something signs a plan for themselves; of the organisation's side nothing yet.
export async function signedByPeople(page, signs = drawn) {
  const missing = page.locator("main a[href*='side=person']");
  for (let left = 6; await missing.count(); left -= 1) {
    assert.ok(left, "everybody signs once");
    await Promise.all([page.waitForNavigation(), missing.first().click()]);
    if (!(await page.inputValue("main [name=person]"))) await page.selectOption("main [name=person]", { index: 1 });
    await signs(page);
    await send(page);
  }
}

// Follows the first link of this name, fills the form behind it, sends it.
export async function added(page, name, fields) {
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name }).first().click()]);
  for (const [field, value] of Object.entries(fields)) {
    const box = page.locator(`main [name=${field}]`);
    if (await box.evaluate((element) => element.tagName === "SELECT")) await box.selectOption(value);
    else await box.fill(value);
  }
  await send(page);
}

// Draws a signature on the screen.
export async function drawn(page) {
  await page.check("[name=way][value=drawn]");
  await page.locator("[data-draw] svg.tc-signature").scrollIntoViewIfNeeded();
  const at = await page.locator("[data-draw] svg.tc-signature").boundingBox();
  await page.mouse.move(at.x + 20, at.y + 60);
  await page.mouse.down();
  for (let step = 1; step <= 12; step += 1) await page.mouse.move(at.x + 20 + step * 20, at.y + 60 + (step % 2) * 25);
  await page.mouse.up();
}

// The card of a page that speaks of this.
export const card = (page, title) => page.locator("main .card", { hasText: title }).first();

// Goes through an assessment of a case, the answers of one page after those of another, and stands before its end; answers where it is.
export async function assessed(page, kase, tool, pages) {
  await page.goto(`${kase}/assessments`);
  await Promise.all([page.waitForNavigation(), card(page, tool).locator("form button").first().click()]);
  const round = pathOf(page).replace(/\/answers$/, "");
  for (const answers of pages) {
    await choose(page, answers);
    await send(page, "main button[name=go][value=next]");
  }
  await page.goto(`${round}/finalisation`);
  return round;
}

// The day so many days from now, as a form has it, where the demonstration's organisations are: late in the evening it is the next one there already.
export const day = (days) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Amman" }).format(Date.now() + days * 864e5);

export async function registered(page, name, fields = {}) {
  await page.goto("/people");
  await registeredHere(page, name, fields);
}

// The same from where people are looked for.
export async function registeredHere(page, name, fields = {}) {
  await page.fill("main [name=q]", name);
  await send(page, "main form[action='/people'] button[type=submit]");
  await Promise.all([page.waitForNavigation(), page.locator("main form[action='/people/prefilled'] button").first().click()]);
  await page.fill("[name=name]", name);
  await page.selectOption("[name=sex]", "female");
  await page.fill("[name=born_on]", "1990-05-01");
  await page.fill("[name=admin1]", "Marsa");
  for (const [field, value] of Object.entries(fields)) await page.fill(`[name=${field}]`, value);
  await send(page);
  // The demonstration differs from day to day: it may hold somebody of a name like this, and the program asks.
  if (await page.locator("[name=somebody_else]").count()) {
    await page.check("[name=somebody_else]");
    await send(page);
  }
}

export async function withCase(page, risk = "moderate") {
  await page.locator("main a[href^='/cases/new']").first().click();
  await page.locator("[name=intake_source]").selectOption({ index: 1 });
  await choose(page, [["case_type", "1"], ["risk", risk], ["priority", "normal"], ["keeper", "me"]]);
  await send(page);
  return pathOf(page);
}

const SECTIONS = ["need", "urgency", "area", "identity"].map((section) => ["sections", section]);

export async function withConsent(page, kase) {
  await page.goto(`${kase}/consents/new`);
  await consented(page);
}

// The form of a consent, answered with a yes.
export async function consented(page) {
  await page.locator("[name=person]").selectOption({ index: 1 });
  await page.fill("[name=purpose]", "to be helped");
  for (const box of await page.locator("main [name=to_orgs]").all()) await box.check();
  await choose(page, [["answer", "yes"], ["given_by", "person"], ["form", "signature"], ...SECTIONS]);
  await page.check("[name=spoken_alone]");
  await page.check("[name=understood]");
  await page.fill("[name=language]", "Arabic");
  if (await page.locator("[name=limits_explained]").count()) await page.check("[name=limits_explained]");
  await send(page);
}

// The draft of a referral for this need to the first service whose line says this.
export async function drafted(page, kase, need, service) {
  await page.goto(`${kase}/refer`);
  await chosen(page, need, service);
}

// The same where the need is chosen.
export async function chosen(page, need, service) {
  await page.selectOption("[name=need]", need);
  await page.locator("main button[type=submit]").last().click();
  await page.waitForURL(new RegExp(`need=${need}`));
  await page.locator("main .tc-choice", { hasText: service }).first().locator("[name=to]").check();
  await send(page);
}

export const ANSWERS = [["priority", "normal"], ["already_receives", "no"], ["without_help", "no"], ["available_here", "yes"], ["safe_for_person", "yes"], ["safe_for_worker", "yes"], ["follow_up", "with_worker"], ...SECTIONS];

export async function filled(page) {
  if (!(await page.inputValue("[name=reason]"))) await page.fill("[name=reason]", "Fever for a week");
  await page.check("[name=person]");
  await choose(page, ANSWERS);
}

export const SEND = "main button[name=go][value=send]";

export async function referred(page, kase, need = "health", service = "Al Noor") {
  await drafted(page, kase, need, service);
  await filled(page);
  await send(page, SEND);
  return pathOf(page);
}

// A person with a case and consent, referred; answers where the case and the referral are.
export async function underWay(page, name, need, service) {
  await registered(page, name);
  const kase = await withCase(page);
  await withConsent(page, kase);
  return { kase, referral: await referred(page, kase, need, service) };
}
