// A decline is not the end: the next best service is one click away, and it accepts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEND, choose, filled, pathOf, send, underWay, words } from "./flow.mjs";
import { faults, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

test("a declined referral leads in one click to the next best service, which accepts", async () => {
  const amina = await program.as("amina");
  const { referral } = await underWay(amina, "Peculiar Rambler", "legal", "Legal counselling");
  const jamal = await program.as("jamal");
  await jamal.goto(`${referral}/decline`);
  await choose(jamal, [["reason", "not_eligible"]]);
  await send(jamal);

  await amina.goto(referral);
  assert.match(await words(amina), /Other services that may help/);
  const next = amina.locator("form[action$='/successor']").first();
  const [service] = (await next.locator("xpath=..").innerText()).split("\n");
  await Promise.all([amina.waitForNavigation(), next.locator("button").click()]);
  assert.equal(await amina.inputValue("[name=reason]"), "Fever for a week", "what was said is not typed again");
  assert.deepEqual(await faults(amina), []);
  await filled(amina);
  await send(amina, SEND);
  const second = pathOf(amina);
  assert.notEqual(second, referral);
  assert.match(await words(amina), new RegExp(service.split(" · ")[0]));

  await jamal.goto(`${second}/acceptance`);
  await send(jamal);
  await amina.goto(second);
  assert.match(await words(amina), /Accepted/);
});
