// An administrator uploads a form with a mistake, learns where it is and what to do, mends it, looks at the draft, publishes it, and is told
// what the next edition changes: with our scripts and without, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { words } from "./flow.mjs";
import { PHONE, faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const form = (id) => `survey,type,name,label::English (en),label::Arabic (ar),relevant
,select_one yesno,water,Is there water?,هل يوجد ماء؟,
,integer,walk,Minutes on foot,دقائق سيراً,\${water} = 'no'
choices,list_name,name,label::English (en),label::Arabic (ar)
,yesno,yes,Yes,نعم
,yesno,no,No,لا
settings,form_title,form_id,version
,Water at home (${id}),${id},1
`;

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

async function upload(page, chosen) {
  await page.setInputFiles("#f-file", chosen);
  await Promise.all([page.waitForNavigation(), page.locator("main form button.btn-primary[type=submit]").last().click()]);
}

for (const [name, options] of [["with our scripts", {}], ["without scripts", { scripts: false }], ["on a phone", { viewport: PHONE }]]) {
  test(`a form mistake is found, understood and mended ${name}`, async () => {
    const id = `water_${name.replace(/[^a-z]+/g, "_")}`;
    const ada = await program.as("ada", options);
    await ada.goto("/forms");
    await ada.locator("main a[href='/forms/new']").first().click();
    await upload(ada, file("water.csv", form(id).replace("select_one yesno,", "select_one yesnoo,").replace("${water} =", "${watr} =")));
    const told = await words(ada);
    assert.match(told, /To be mended: 2/);
    assert.match(told, /water\.csv/);
    const rows = ada.locator("main table tbody tr");
    assert.match(await rows.nth(0).innerText(), /survey[\s\S]*2[\s\S]*type[\s\S]*yesnoo/);
    assert.match(await rows.nth(1).innerText(), /survey[\s\S]*3[\s\S]*relevant[\s\S]*watr/);
    if (options.scripts !== false) assert.deepEqual(await faults(ada), []);
    await picture(ada, `forms-mistake-${name.replace(/[^a-z]+/g, "-")}`);

    await ada.check("#f-subject-household");
    await upload(ada, file("water.csv", form(id)));
    assert.match(await words(ada), /Is there water\?[\s\S]*Asked if[\s\S]*is “?\u2068?No/);
    if (options.scripts !== false) assert.deepEqual(await faults(ada), []);
    await picture(ada, `forms-outline-${name.replace(/[^a-z]+/g, "-")}`);
    await Promise.all([ada.waitForNavigation(), ada.locator("form[action$='/publication'] button").click()]);
    assert.match(await words(ada), /Published/);
    await ada.context().close();
  });
}

test("the next edition says what it changes, and an Arabic reader has both read to them", async () => {
  const ada = await program.as("ada", { lang: "ar" });
  await ada.goto("/forms/new");
  await ada.check("#f-subject-household");
  await upload(ada, file("water.csv", form("water_next")));
  await Promise.all([ada.waitForNavigation(), ada.locator("form[action$='/publication'] button").click()]);
  await ada.locator("main a.tc-back").click();
  await ada.locator("main a[href$='/editions/new']").click();
  await upload(ada, file("water.csv", form("water_next").replace("هل يوجد ماء؟", "هل يوجد ماء نظيف؟").replace(",1\n", ",2\n")));
  await ada.locator("main a[href$='/difference']").first().click();
  assert.match(await words(ada), /هل يوجد ماء نظيف؟/);
  assert.deepEqual(await faults(ada), []);
  await picture(ada, "forms-difference-ar");
});
