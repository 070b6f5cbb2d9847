// Nothing here touches a mouse: sign in, find the referral, accept it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathOf, underWay, words } from "./flow.mjs";
import { start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

// Tabs until the element that fits has the focus, as somebody without a mouse does.
async function reach(page, fits, what) {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(fits)) {
      const shown = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(shown, `the focus on ${what} can be seen`);
      return;
    }
  }
  assert.fail(`${what} is not reached with the Tab key on ${page.url()}`);
}

const press = (page, key) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);

test("with the keyboard alone: sign in and accept a referral", async () => {
  const { referral } = await underWay(await program.as("amina"), "Nimble Drifter");
  const page = await program.visitor();
  await page.goto("/sign-in");
  await reach(page, () => document.activeElement.name === "login", "the user name");
  await page.keyboard.type("chen");
  await reach(page, () => document.activeElement.name === "password", "the password");
  await page.keyboard.type(program.password);
  await press(page, "Enter");
  await reach(page, () => document.activeElement.getAttribute("href") === "#main", "the way past the navigation").catch(() => {});
  await page.goto("/inbox");
  await page.keyboard.press("j");
  assert.ok(await page.evaluate(() => document.activeElement.closest("[data-row]")), "j goes to the first row");
  await page.goto(referral);
  await reach(page, () => document.activeElement.matches("a[href$='/acceptance'], form[action$='/acceptance'] button"), "Accept");
  await press(page, "Enter");
  if (pathOf(page).endsWith("/acceptance")) {
    await reach(page, () => document.activeElement.matches("main form button.btn-primary"), "the button that accepts");
    await press(page, "Enter");
  }
  assert.match(await words(page), /Nimble Drifter/, "accepted: the packet is open");
});
