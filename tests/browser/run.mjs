// Runs every `*.test.mjs` beside this file, one after the other, against one running program.
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { serve } from "./harness.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const only = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs") && (!only.length || only.some((part) => name.includes(part)))).map((name) => folder + name);
// Each test makes what it needs, so that one demonstration serves all.
const { stop, ...served } = await serve();
process.env.THROUGHCARE_SERVED = JSON.stringify(served);
let passed = 0;
let failed = 0;
// What went wrong once more at the end, where it is not lost between the lines of a browser.
const wrong = [];
const why = ({ name, details: { error } }) => `✖ ${name}: ${String((error.cause ?? error).message ?? error).slice(0, 600)}`;
run({ files, concurrency: 1, timeout: 600_000 })
  .on("test:pass", (event) => { if (event.nesting === 0 && event.details.type !== "suite") passed += 1; })
  .on("test:fail", (event) => { if (event.nesting === 0 && event.details.type !== "suite") { failed += 1; wrong.push(why(event)); } })
  .on("close", async () => {
    await stop();
    console.log(["", ...wrong, ""].join("\n"));
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
  })
  .compose(spec)
  .pipe(process.stdout);
