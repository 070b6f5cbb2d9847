// S2: an emergency referral from a phone: four fields, and it is out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathOf, registered, send, withCase, words } from "./flow.mjs";
import { PHONE, faults, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("an emergency goes out from a phone with four fields, without consent on file, and is served now", async () => {
  const amina = await program.as("amina", { viewport: PHONE });
  await registered(amina, "Hasty Roamer");
  await withCase(amina);
  const code = (await words(amina)).match(/C-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];

  await amina.goto("/");
  await amina.locator("main a[href='/emergency']").first().click();
  await amina.fill("main [name=code]", code);
  await send(amina);
  assert.equal(await amina.locator("main .tc-field").count(), 4, "four fields");
  await amina.selectOption("[name=need]", "health");
  await amina.locator("[name=to]").selectOption({ label: await amina.locator("[name=to] option", { hasText: "General practice" }).first().innerText() });
  await amina.fill("[name=safe_contact]", "Her sister answers, after six");
  await amina.check("[name=basis][value=vital_interest]");
  assert.deepEqual(await faults(amina), []);
  // Wherever the page stands, the button that sends is in sight and under no other.
  for (const at of [0, 200, 5_000]) {
    await amina.evaluate((y) => window.scrollTo(0, y), at);
    const [button, hide] = [await amina.locator("main .tc-send button").boundingBox(), await amina.locator("[data-hide]").boundingBox()];
    assert.ok(button.y >= 0 && button.y + button.height <= hide.y, `at ${at}: ${JSON.stringify([button, hide])}`);
  }
  await send(amina);
  const referral = pathOf(amina);
  assert.match(await words(amina), /phone/i, "it asks to phone them now");
  await amina.fill("[name=who]", "The nurse on duty");
  await amina.check("[name=reached] >> nth=0");
  await send(amina, "#hand-off button[type=submit]");

  const chen = await program.as("chen", { viewport: PHONE });
  await chen.goto(`${referral}/outcome`);
  assert.match(await words(chen), /Served now/);
  await chen.fill("[name=what]", "Taken in");
  await send(chen);
  await amina.goto(referral);
  assert.match(await words(amina), /Taken in/);
});
