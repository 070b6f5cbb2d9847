// The main flow, as people do it: register, open a case, record consent, refer; the other organisation answers from a phone and reports;
// the person's word closes the loop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, send, underWay, words } from "./flow.mjs";
import { PHONE, faults, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("a referral goes out, is answered from a phone, and is closed by the person's word", async () => {
  const amina = await program.as("amina");
  const { referral } = await underWay(amina, "Quaint Wanderer");
  assert.deepEqual(await faults(amina), []);

  const chen = await program.as("chen", { viewport: PHONE });
  await chen.goto(referral);
  assert.doesNotMatch(await words(chen), /Quaint Wanderer/, "before acceptance only the brief");
  await chen.goto(`${referral}/acceptance`);
  await send(chen);
  assert.match(await words(chen), /Quaint Wanderer/, "after acceptance the packet");
  assert.deepEqual(await faults(chen), []);
  await chen.goto(`${referral}/outcome`);
  await chen.fill("[name=what]", "Seen by the doctor");
  await send(chen);

  await amina.goto(`${referral}/follow-up`);
  await choose(amina, [["answer", "received"], ["confirmer", "person"]]);
  await send(amina);
  await amina.goto(referral);
  assert.match(await words(amina), /Confirmed by the person/);

  const stranger = await program.as("karim");
  assert.equal((await stranger.goto(referral)).status(), 404);
});
