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

// As wide as a desk's and as narrow as a phone's, from one reading of the page.
async function bothWidths(page, name) {
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await faults(page), [], `${name} at ${viewport.width} pixels`);
    await picture(page, `${name}-${viewport.width}`.replace(/[^a-z0-9]+/g, "-"));
  }
}

for (const lang of ["en", "ar"]) {
  test(`pages are clean on a desk and on a phone in ${lang}`, async () => {
    const visitor = await program.visitor({ lang });
    await visitor.goto("/sign-in");
    await bothWidths(visitor, `${lang} /sign-in`);
    for (const [login, paths] of Object.entries(PAGES)) {
      const page = await program.as(login, { lang });
      for (const path of paths) {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200, `${path} as ${login}`);
        await bothWidths(page, `${lang} ${login} ${path}`);
      }
      await page.context().close();
    }
  });
}
