// Starts the program on a fresh data folder with the demonstration data, and browsers of its people before it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
export const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// Runs the program on a fresh data folder; answers with where it and that folder are, everybody's password, and how to stop it.
export async function serve() {
  const data = mkdtempSync(join(tmpdir(), "throughcare-browser-"));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(data, 0o711);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const program = spawn(process.env.THROUGHCARE_BIN ?? "target/debug/throughcare", ["serve", "--demo"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, RUST_LOG: "warn", THROUGHCARE_DATA: data, THROUGHCARE_LISTEN: `127.0.0.1:${port}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (part) => (said += part));
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  await ready(base, program, () => said);
  return { base, data, password: /[Pp]assword[^\n]*?:\s*(.+)$/m.exec(said)?.[1]?.trim(), stop };
}

// Runs this in the database of the program, past the program. It goes by the machine's clock, which no test can turn: where time must pass,
// what is to have happened is set back instead. Port and folder of the socket stand in the fourth and fifth line of the server's own file.
function run(data, sql) {
  const [, , , port, socket] = readFileSync(join(data, "postgres", "postmaster.pid"), "utf8").split("\n").map((line) => line.trim());
  const there = ["--host", socket, "--port", port, "--username", "postgres", "--dbname", "throughcare"];
  return execFileSync("psql", ["--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", ...there, "--command", sql], { encoding: "utf8" }).trim();
}

// The running program, the one that all tests share or one of our own, and browsers before it: a person's page by `as(login)`.
export async function start() {
  const shared = process.env.THROUGHCARE_SERVED ? JSON.parse(process.env.THROUGHCARE_SERVED) : null;
  const { base, data, password, stop } = shared ?? (await serve());
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  return {
    base,
    password,
    sql: (text) => run(data, text),
    as: (login, options = {}) => signIn(browser, base, login, password, options),
    visitor: (options = {}) => open(browser, base, options),
    stop: async () => {
      await browser.close();
      await stop?.();
    },
  };
}

async function ready(base, program, said) {
  for (let i = 0; i < 240; i++) {
    if (program.exitCode !== null) throw new Error(`the program ended:\n${said()}`);
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the program does not get ready:\n${said()}`);
}

async function open(browser, base, { viewport = DESKTOP, lang = "en", scripts = true } = {}) {
  const context = await browser.newContext({ baseURL: base, viewport, locale: lang, javaScriptEnabled: scripts });
  await context.addCookies([{ name: "lang", value: lang, url: base }]);
  const page = await context.newPage();
  page.mistakes = [];
  page.withoutScripts = !scripts;
  page.on("pageerror", (error) => page.mistakes.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && page.mistakes.push(message.text()));
  return page;
}

async function signIn(browser, base, login, password, options) {
  const page = await open(browser, base, options);
  await page.goto("/sign-in");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}

// Leaves a picture of the page in the folder that THROUGHCARE_PICTURES names, for somebody to look at.
export async function picture(page, name) {
  const folder = process.env.THROUGHCARE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

// What axe finds on this page, and whether it is wider than its window.
export async function faults(page) {
  // Axe is a script itself: on a page that runs none it would wait for ever.
  if (page.withoutScripts) throw new Error("a page without scripts can't be looked at by axe");
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return result.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")})`);
  });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  return [...found, ...(wide ? ["the page is wider than its window"] : []), ...(page.mistakes?.splice(0) ?? [])];
}

// The page as it stands: nothing for axe to find, no mistake of a script, not wider than its window; and a picture of it.
export async function clean(page, name) {
  assert.deepEqual(await faults(page), [], page.url());
  await picture(page, name);
}
