// Consent withdrawn: the packet is gone for the receiver at once, and the sender sees why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, send, underWay, words } from "./flow.mjs";
import { faults, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("withdrawn consent takes the packet from the receiver at once", async () => {
  const amina = await program.as("amina");
  const { kase, referral } = await underWay(amina, "Curious Strayer");
  const chen = await program.as("chen");
  await chen.goto(`${referral}/acceptance`);
  await send(chen);
  assert.match(await words(chen), /Curious Strayer/);

  await amina.goto(`${kase}/consents`);
  await amina.locator("main a[href^='/consents/']").first().click();
  await amina.locator("main summary").last().click();
  await choose(amina, [["extent", "stop_sharing"], ["how", "in_person"]]);
  assert.deepEqual(await faults(amina), []);
  await send(amina);

  await chen.reload();
  const left = await chen.content();
  assert.doesNotMatch(left, /Curious Strayer/, "gone, not even in the page's source");
  assert.match(await words(chen), /Nothing is shared here now/);
  assert.doesNotMatch(left, /onsent was withdrawn/, "nor the reason");
  assert.match(await words(chen), /confirm that copies are deleted/);
  await chen.goto("/notifications");
  assert.match(await words(chen), /Stop using and delete/);

  await amina.goto(referral);
  assert.match(await words(amina), /Consent was withdrawn/, "the sender sees why");
});
