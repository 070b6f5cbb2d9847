// Makes the README's pictures from the demonstration: `make screenshots`.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PHONE, start } from "./harness.mjs";

const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const SCREEN = { width: 1100, height: 700 };
const program = await start();
try {
  mkdirSync(folder, { recursive: true });
  const shoot = async (login, path, name, options) => {
    const page = await program.as(login, options);
    await page.goto(path);
    if (path === "/cases") await page.locator("main a[href^='/cases/0']").first().click();
    await page.waitForLoadState();
    await page.screenshot({ path: `${folder}${name}.png` });
    await page.context().close();
  };
  await shoot("amina", "/cases", "case", { viewport: SCREEN });
  await shoot("amina", "/loop", "loop", { viewport: SCREEN });
  await shoot("amina", "/", "my-day-phone", { viewport: PHONE });
  await shoot("chen", "/inbox", "inbox-ar", { viewport: SCREEN, lang: "ar" });
} finally {
  await program.stop();
}
