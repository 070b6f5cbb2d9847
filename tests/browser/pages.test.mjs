// Every page type at two widths and in two directions: nothing for axe to find, nothing wider than the window, no error in the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESKTOP, PHONE, faults, picture, start } from "./harness.mjs";

let program;
before(async () => { program = await start(); });
after(async () => { await program?.stop(); });

const PAGES = {
  chen: ["/", "/inbox", "/referrals?tab=received", "/conferences", "/hosted"],
  giulia: ["/projects", "/projects?show=all", "/projects/new"],
  ada: ["/admin", "/admin/users", "/admin/units", "/admin/roles", "/admin/logo", "/admin/lockdown", "/agreements", "/forms", "/forms/new"],
  pia: ["/protection", "/protection?view=retention", "/protection?view=retention&show=holds"],
  bruno: ["/team", "/team/quality", "/team/data", "/team/data?of=missing", "/calendar", "/team/sessions", "/team/sessions/new", "/screenings", "/loop/achievements", "/team/sessions/plan", "/agenda/week", "/agenda/team", "/calendar?view=day"],
  amina: ["/", "/cases", "/people", "/people/new", "/quick-note", "/search?q=fatima", "/services", "/referrals", "/loop", "/calendar", "/calendar?view=month", "/agenda/week", "/notifications", "/account", "/account/password", "/devices", "/arrivals", "/field"],
};

for (const [viewport, lang] of [[DESKTOP, "en"], [PHONE, "en"], [DESKTOP, "ar"], [PHONE, "ar"]]) {
  test(`pages are clean at ${viewport.width} pixels in ${lang}`, async () => {
    const visitor = await program.visitor({ viewport, lang });
    await visitor.goto("/sign-in");
    assert.deepEqual(await faults(visitor), [], "/sign-in");
    for (const [login, paths] of Object.entries(PAGES)) {
      const page = await program.as(login, { viewport, lang });
      for (const path of paths) {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200, `${path} as ${login}`);
        assert.deepEqual(await faults(page), [], `${path} as ${login}`);
        await picture(page, `${lang}-${viewport.width}-${login}${path.replace(/[^a-z]+/g, "-")}`);
      }
      await page.context().close();
    }
  });
}
