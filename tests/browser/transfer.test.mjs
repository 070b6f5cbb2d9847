// Cases change hands: the receiving organisation takes one over after a notice; fifty are asked for at once, one is not taken, one fails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEND, choose, day, filled, pathOf, registered, send, withCase, withConsent, words } from "./flow.mjs";
import { PHONE, faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/;
// Beside each name stands what they carry.
const keeper = async (page, name) =>
  page.selectOption("[name=manager]", await page.locator("[name=manager] option", { hasText: name }).first().getAttribute("value"));
const status = async (page, path) => (await page.goto(path)).status();

test("after a notice the other organisation takes the case over, and the former one gets 404", async () => {
  const amina = await program.as("amina");
  await registered(amina, "Wandering Willow");
  const kase = await withCase(amina);
  await withConsent(amina, kase);
  await amina.goto(kase);
  const code = await amina.title();
  await amina.locator("main .tc-more summary").click();
  await amina.locator("main a[href$='/transfer']").click();
  await amina.selectOption("[name=to]", "21");
  await amina.locator("main form button.btn-primary").click();
  await amina.waitForURL(/to=21/);
  await Promise.all([amina.waitForNavigation(), amina.locator("form[action$='/transfer-notice'] button").click()]);
  await amina.selectOption("[name=need]", "health");
  await filled(amina);
  await send(amina, SEND);
  const notice = pathOf(amina);

  const chen = await program.as("chen");
  assert.equal(await status(chen, kase), 404, "until then the case itself is not shown");
  await chen.goto(notice);
  assert.match(await words(chen), /Complete the transfer/);
  await picture(chen, "transfer-notice");
  await chen.locator("main a[href$='/transfer']").first().click();
  assert.deepEqual(await faults(chen), []);
  await picture(chen, "transfer-pull");
  await keeper(chen, "Chen Li");
  await send(chen);
  assert.equal(pathOf(chen), kase);
  assert.match(await words(chen), /Wandering Willow/);
  assert.match(await words(chen), /This case came from Harbour Relief/);
  await picture(chen, "transfer-case-came");

  assert.equal(await status(amina, kase), 404);
  await amina.goto(`/search?q=${code.split(" ")[0]}`);
  assert.match(await words(amina), /Ask at Al Noor Clinic/);
  assert.match(await words(amina), /reception, 555 0110/);
  assert.deepEqual(await faults(amina), []);
  await picture(amina, "transfer-receipt");
});

async function api(page, token, path, body) {
  const answer = await page.request.post(`/api/v1${path}`, { data: body, headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status(), 201, `${path}: ${await answer.text()}`);
  return (await answer.json()).id;
}

test("fifty cases are asked for with related ones; one is not taken, one fails, the rest arrive", async () => {
  const amina = await program.as("amina");
  await amina.goto("/account/tokens");
  await amina.fill("main [name=name]", "Transfers");
  await amina.fill("main [name=days]", "1");
  await amina.locator("main form button[type=submit]").last().click();
  await amina.waitForLoadState();
  const token = /tc_[A-Za-z0-9_-]+/.exec(await amina.content())[0];
  const cases = [];
  for (let n = 0; n < 50; n++) {
    const person = await api(amina, token, "/people", { name: `Traveller ${"abcdefghijklmnopqrstuvwxyz"[n % 26]}${n} Sample`, sex: "female", born_on: "1990-05-01", somebody_else: true });
    const made = { person_id: person, intake_source: "self", priority: "normal", limits_explained_on: "2026-01-15" };
    cases.push(await api(amina, token, "/cases", { ...made, case_type: 1 }));
    if (n < 2) await api(amina, token, "/cases", { ...made, case_type: 2 });
  }
  // One list, fifty ticks.
  await amina.goto("/transfers/choose");
  assert.deepEqual(await faults(amina), []);
  await picture(amina, "transfer-choose");
  for (const id of cases) await amina.check(`[name=case][value='${id}']`);
  await Promise.all([amina.waitForNavigation(), amina.locator("main form button.btn-primary").click()]);
  await amina.selectOption("[name=to]", "32");
  await Promise.all([amina.waitForNavigation(), amina.locator("main form button.btn-primary").click()]);
  assert.match(await words(amina), /Child protection \(2\)/);
  await amina.selectOption("[name=reason]", "closer_service");
  await choose(amina, [["type_2", "yes"], ["basis", "agreed"]]);
  await amina.fill("[name=agreed_on]", day(0));
  assert.deepEqual(await faults(amina), []);
  await picture(amina, "transfer-new");
  await send(amina, "main form button[name=go][value=submit]");
  const transfer = pathOf(amina);
  assert.match(await words(amina), /52 waiting/);
  // Meanwhile one of them is closed.
  const shut = cases[7];
  await amina.goto(`/cases/${shut}/closure`);
  await amina.locator("[name=reason]").selectOption({ index: 1 });
  for (const box of ["discussed", "reviewed", "way_back"]) await amina.check(`[name=${box}]`);
  await amina.locator("[name=way_back_how]").selectOption("spoken");
  for (const outcome of await amina.locator("[name^=g_][value=partly]").all()) await outcome.check();
  await amina.fill("[name=explanation]", "All is well");
  await send(amina);

  const leila = await program.as("leila");
  await leila.goto("/transfers");
  await picture(leila, "transfer-incoming");
  assert.equal(await status(leila, `/cases/${cases[0]}`), 404);
  await leila.goto(`${transfer}/decision`);
  assert.deepEqual(await faults(leila), []);
  await picture(leila, "transfer-decide");
  await leila.locator("[name=take]").nth(3).uncheck();
  await keeper(leila, "Karim Saleh");
  const approve = "main form button[name=go][value=approve]";
  await Promise.all([leila.waitForNavigation(), leila.locator(approve).last().click()]);
  assert.match(await words(leila), /more than a full caseload/);
  // Fifty cases are more than that, and it is meant so.
  await leila.check("[name=overfull]");
  await send(leila, approve);
  await leila.waitForFunction(() => /\b0\W* waiting/.test(document.querySelector("#progress").innerText), null, { timeout: 60_000 });
  await leila.goto(transfer);
  assert.match(await words(leila), /50 moved · 0 waiting · 2 stayed/);
  assert.match(await words(leila), /Not taken/);
  assert.deepEqual(await faults(leila), []);
  await picture(leila, "transfer-show");

  const karim = await program.as("karim", { viewport: PHONE });
  await karim.goto(`/cases/${cases[0]}`);
  assert.match(await words(karim), /This case came from Harbour Relief/);
  assert.equal(await status(amina, `/cases/${cases[0]}`), 404);
  assert.equal(await status(amina, `/cases/${shut}`), 200);
  await amina.goto(transfer);
  assert.match(await words(amina), /50 moved · 0 waiting · 2 stayed/);
  assert.match(await words(amina), /It is closed/);
  await picture(amina, "transfer-show-former");
  const arabic = await program.as("leila", { lang: "ar", viewport: PHONE });
  await arabic.goto(transfer);
  assert.deepEqual(await faults(arabic), []);
  await picture(arabic, "transfer-show-arabic");
});
