// Measures a form of 900 questions: opened on the server, opened in the browser without a network, and each answer there. `scripts/bench.sh`
// runs it; what it measures goes into the report that its first argument names, beside what is there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begun, device, putAway, signIn } from "./device.mjs";
import { start } from "./harness.mjs";

const QUESTIONS = 900;
const ROUNDS = 20;
// Milliseconds, from the issue that asked for the forms.
const BUDGET = { server: 100, browser: 1000, answer: 20 };

// Questions of nine kinds; every third is asked only after an answer, every ninth adds up what was said.
const KINDS = [
  (n) => `select_one yes_no,q${n},Question ${n},,,`,
  (n) => `integer,q${n},Question ${n},,. < 100,`,
  (n) => `text,q${n},Question ${n},\${q${n - 2}} = 'yes',,`,
  (n) => `select_one often,q${n},Question ${n},,,`,
  (n) => `decimal,q${n},Question ${n},,. >= 0,`,
  (n) => `date,q${n},Question ${n},\${q${n - 2}} = 'daily',. <= today(),`,
  (n) => `select_multiple often,q${n},Question ${n},,,`,
  (n) => `integer,q${n},Question ${n},,. < 1000,`,
  (n) => `calculate,q${n},,,,"coalesce(\${q${n - 7}} + \${q${n - 1}} + ${n > 9 ? `\${q${n - 9}}` : "0"}, 0)"`,
];

// As many pages of as many questions.
function form(id, pages) {
  const lines = ["survey,type,name,label,relevant,constraint,calculation,appearance"];
  for (let page = 0; page < pages; page++) {
    lines.push(`,begin_group,page${page},Page ${page + 1},,,,field-list`);
    for (let n = (page * QUESTIONS) / pages; n < ((page + 1) * QUESTIONS) / pages; n++) lines.push(`,${KINDS[n % 9](n + 1)},`);
    lines.push(",end_group,,,,,,");
  }
  lines.push("choices,list_name,name,label", ",yes_no,yes,Yes", ",yes_no,no,No", ",often,never,Never", ",often,weekly,Weekly", ",often,daily,Daily");
  lines.push("settings,form_title,form_id,version", `,${QUESTIONS} questions on ${pages} pages,${id},1`);
  return lines.join("\n");
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const most = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];

async function publish(program, id, pages) {
  const samir = await program.as("samir");
  await samir.goto("/forms/new");
  await samir.check("#f-subject-household");
  await samir.locator("label", { hasText: "Household visited" }).first().click();
  await samir.check("input[name=offline]");
  await samir.check("input[name=intake]");
  await samir.setInputFiles("#f-file", { name: `${id}.csv`, mimeType: "text/csv", buffer: Buffer.from(form(id, pages)) });
  await Promise.all([samir.waitForNavigation(), samir.locator("main form button.btn-primary[type=submit]").last().click()]);
  await Promise.all([samir.waitForNavigation(), samir.locator("form[action$='/publication'] button").click()]);
  await samir.context().close();
}

// The first page of a fresh copy, asked for again and again by one signed-in worker.
async function onTheServer(program, title) {
  const zaid = await program.as("zaid");
  await zaid.goto("/cases");
  const cases = await zaid.locator("main [data-row] a[href^='/cases/']").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  for (const one of cases) {
    await zaid.goto(`${one}/forms`);
    const begin = zaid.locator("main li, main tr, main article").filter({ hasText: title }).locator("button").first();
    if (!(await begin.count())) continue;
    await Promise.all([zaid.waitForNavigation(), begin.click()]);
    const times = await zaid.evaluate(async ([path, rounds]) => {
      const taken = [];
      for (let nth = 0; nth < rounds + 3; nth++) {
        const begun = performance.now();
        const answer = await fetch(path, { headers: { accept: "text/html" } });
        await answer.text();
        if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
        if (nth > 2) taken.push(performance.now() - begun);
      }
      return taken;
    }, [new URL(zaid.url()).pathname, ROUNDS]);
    await zaid.context().close();
    return times;
  }
  throw new Error("no case of the worker may have the form");
}

// From the tap to the first question, drawn; then each answer, up to the changed page.
async function inTheBrowser(page, id) {
  return page.evaluate(async ([form, rounds]) => {
    const until = (there) => new Promise((resolve) => { const look = () => (there() ? resolve() : requestAnimationFrame(look)); look(); });
    const opened = [];
    const answered = [];
    for (let nth = 0; nth < rounds; nth++) {
      await until(() => document.querySelector(`[data-form=${form}] button`));
      const begun = performance.now();
      [...document.querySelectorAll(`[data-form=${form}] button`)].at(-1).click();
      await until(() => document.querySelector("#field [data-question]"));
      document.body.offsetHeight;
      opened.push(performance.now() - begun);
      for (const choice of [...document.querySelectorAll("#field [data-question] input[type=radio]")].slice(0, 12)) {
        const before = performance.now();
        choice.click();
        document.body.offsetHeight;
        answered.push(performance.now() - before);
      }
      document.querySelector("#field .tc-line-tools button").click();
    }
    return { opened, answered };
  }, [id, 5]);
}

const program = await start();
const profile = mkdtempSync(join(tmpdir(), "throughcare-bench-"));
const lines = [];
const within = (name, values, budget) => {
  for (const [word, value] of [["p50", middle(values)], ["p95", most(values)]]) {
    lines.push({ name: `${name} ${word}`, scale: QUESTIONS, unit: "ms", value: Math.round(value * 10) / 10, budget, ok: value <= budget });
  }
};
try {
  const shapes = [["questions_paged", 30], ["questions_whole", 1]];
  for (const [id, pages] of shapes) await publish(program, id, pages);
  for (const [id, pages] of shapes) {
    const title = `${QUESTIONS} questions on ${pages} pages`;
    within(`form of ${QUESTIONS} questions, ${pages} pages, opened on the server`, await onTheServer(program, title), BUDGET.server);
  }
  const { context, page } = await device(program, profile);
  await signIn(page, program);
  await begun(page, "questions_paged");
  for (const [id, pages] of shapes) {
    const { opened, answered } = await inTheBrowser(page, id);
    within(`form of ${QUESTIONS} questions, ${pages} pages, opened in the browser`, opened, BUDGET.browser);
    within(`form of ${QUESTIONS} questions, ${pages} pages, an answer in the browser`, answered, BUDGET.answer);
  }
  await context.close();
} finally {
  await putAway();
  await program.stop();
  rmSync(profile, { recursive: true, force: true });
}
for (const { name, value, budget, ok } of lines) console.log(`${ok ? " " : "!"} ${name}: ${value} ms of ${budget}`);
const [report] = process.argv.slice(2);
if (report) writeFileSync(report, JSON.stringify([...JSON.parse(readFileSync(report, "utf8")), ...lines], null, 2));
