// A form taken along for a case that a colleague fills in meanwhile: whoever comes second sees both and decides, and neither is lost.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { begun, device, published, putAway, signIn, takenAlong, unlock } from "./device.mjs";
import { send, words } from "./flow.mjs";
import { faults, start } from "./harness.mjs";

const FORM = `survey,type,name,label
,text,place,Where to meet
settings,form_title,form_id,version
,Meeting place,meeting_place,1
`;
const [THERE, HERE] = ["At the clinic", "At the school"];

let program;
let profile;
before(async () => {
  program = await start();
  profile = mkdtempSync(join(tmpdir(), "throughcare-conflict-"));
  await published(program, "samir", "Household visited", FORM);
});
after(async () => {
  await putAway();
  await program?.stop();
  rmSync(profile, { recursive: true, force: true });
});

// The supervisor fills the form in on the case; answers with her page, which shows it.
async function filledThere(kase) {
  const huda = await program.as("huda");
  await huda.goto(`${kase}/forms`);
  await Promise.all([huda.waitForNavigation(), huda.locator("main [data-row]", { hasText: "Meeting place" }).locator("form button").first().click()]);
  await huda.locator("main .tc-fill input[type=text]").fill(THERE);
  await send(huda, "main .tc-fill .tc-form-actions button[name=go][value=next]");
  await send(huda);
  assert.match(await words(huda), new RegExp(THERE));
  return huda;
}

test("a form that was filled in meanwhile is shown beside one's own, and what is chosen is sent", async () => {
  const { context, page } = await device(program, profile, { lang: "en" });
  await signIn(page, program);
  await begun(page, "meeting_place");
  const kase = await takenAlong(page, "Meeting place");
  await context.setOffline(true);
  await page.locator("[data-case] .btn-primary").click();
  await page.locator("#field [data-question] input").fill(HERE);
  await page.locator("#field [data-question] input").press("Tab");
  await page.click("[data-next]");
  await page.click("[data-hand-in]");
  await page.locator("[data-handed-in=waiting]").waitFor();

  const huda = await filledThere(kase);
  await context.setOffline(false);
  const conflict = page.locator("[data-handed-in=conflict]");
  await conflict.waitFor();
  // It waits for a decision, however often the page is opened.
  await page.reload();
  await unlock(page);
  await conflict.locator("[data-compare]").click();
  const cells = page.locator("#field [data-row] td");
  await cells.first().waitFor();
  assert.deepEqual(await cells.allInnerTexts(), ["Where to meet", THERE, HERE]);
  assert.deepEqual(await faults(page), []);
  await page.locator("#field .tc-actions .btn-primary").click();
  await page.locator("[data-handed-in=sent]").waitFor();
  assert.equal(await page.locator("[data-handed-in]").count(), 1);

  await huda.goto(`${kase}/forms`);
  const copies = await huda.locator("main table a", { hasText: "Meeting place" }).evaluateAll((links) => links.map((link) => link.href));
  assert.equal(copies.length, 2);
  const said = [];
  for (const copy of copies) {
    await huda.goto(copy);
    said.push(await huda.locator("main dl > div", { hasText: "Where to meet" }).locator("dd").innerText());
  }
  assert.deepEqual(said.sort(), [THERE, HERE].sort(), "both stand on the case");
});
