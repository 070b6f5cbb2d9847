// Forms filled without a network (`/field`). Who is there, what lies here, what waits to be sent.
import * as base from "./base.js";
import * as copies from "./copies.js";
import { button, callout, el, outcome, say, settings, show, sure, t } from "./dom.js";
import * as engine from "./engine.js";
import { Fill } from "./fill.js";
import * as holds from "./holds.js";
import { enterPin, makePin } from "./pin.js";
import * as queue from "./queue.js";
import * as server from "./server.js";
import * as verdicts from "./verdicts.js";

const IDLE = 10 * 60_000;
let vault = null;
let filling = null;
// Something is shown that nobody asked the list of forms to take the place of.
let aside = false;
let touched = Date.now();

// S20: the key leaves memory when nobody is there; what was answered is kept already.
async function lock() {
  if (!vault) return;
  const { user } = vault;
  vault = null;
  queue.stop();
  await filling?.close();
  filling = null;
  await open(user);
}

function watch() {
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
  const look = () => { if (vault && Date.now() - touched >= IDLE) lock(); };
  setInterval(look, 5_000);
  document.addEventListener("visibilitychange", look);
  // Who looks away may not come back.
  const away = () => filling?.flush();
  document.addEventListener("visibilitychange", away);
  addEventListener("pagehide", away);
  addEventListener("popstate", ({ state }) => filling?.travelled(state));
}

// Does first what may be due without anybody: what the server wants gone goes, and what is past its time.
async function tidy() {
  let [wiped, reached] = [false, false];
  for (const record of await base.all("vaults")) {
    const must = await server.mustWipe(record.device);
    reached ||= must !== null;
    if (!must) continue;
    wiped = true;
    if (vault?.user === record.user) {
      vault = null;
      queue.stop();
      await filling?.close();
      filling = null;
    }
    await copies.wipe(record);
  }
  return { wiped, reached, lost: await copies.forgetOld() };
}

const notes = ({ wiped, lost }) => [wiped && callout("warning", t("wiped")), lost > 0 && callout("warning", t("lost", { count: lost }))].filter(Boolean);

// Whose vault opens: that of who is signed in; without a network whoever has one here.
async function open(user, said = []) {
  const me = await server.me();
  const records = await base.all("vaults");
  const own = me && !records.some((record) => record.user === me.user);
  if (own) return makePin(me, said, enter);
  const offered = me ? records.filter((record) => record.user === me.user) : records;
  if (!offered.length) {
    show(t("title"), said, callout("info", t("first_online"), el("p", {}, t("first_online_next"))), el("a", { class: "btn btn-primary", href: "/field" }, t("try_again")));
    return null;
  }
  if (!me && navigator.onLine) said = [said, el("p", {}, el("a", { href: "/sign-in?next=%2Ffield" }, t("sign_in")))].flat();
  const chosen = offered.length === 1 ? offered[0] : offered.find((record) => record.user === user);
  if (chosen) return enterPin(chosen, said, { enter, wiped: (record) => copies.wipe(record), others: offered.length > 1 ? () => open(null) : null });
  show(t("who"), said, el("ul", { class: "list-unstyled tc-actions" }, offered.map((record) => el("li", {}, button(record.login, "tc-quiet", () => open(record.user))))));
  return null;
}

async function enter(opened, said = []) {
  vault = opened;
  aside = false;
  touched = Date.now();
  const taken = await takeAlong();
  if (vault !== opened) return;
  queue.start(vault, (told) => (filling || aside ? say(told ? t("sent_some") : "") : home()), tidyAgain);
  await home([said, taken].flat());
}

// The address may name a form and the case that it is to be taken along for. They stand behind `#`, which no server is told.
async function takeAlong() {
  const [, caseId, wanted] = /^#along=([0-9a-f-]{36})\/([0-9a-f-]{36})$/.exec(location.hash) ?? [];
  if (!wanted) return [];
  history.replaceState(null, "", location.pathname);
  const [me, keeper] = [await server.me(), vault];
  const along = me && me.user === keeper?.user ? await server.along(caseId, wanted, me.csrf) : null;
  await (along && server.rules(along.form));
  if (!along || !(await server.definition(along.form))) return [callout("warning", t("along_failed"), el("p", {}, t("along_failed_next")))];
  const isHere = ({ state, body }) => state === "draft" && body.case === along.case && body.code === along.form.code;
  if (!(await copies.list(keeper)).some(isHere)) await copies.keep(keeper, copies.begun(keeper, along.form, "", along));
  return [callout("good", `${along.case_code} · ${along.form.title}`, el("p", {}, t("along_taken")))];
}

async function tidyAgain() {
  const found = await tidy();
  if (found.wiped && !vault) await open(null, notes(found));
  return found.reached;
}

const tones = { draft: "neutral", waiting: "info", sent: "good", conflict: "warning", refused: "danger" };
const when = (moment) => new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

// What may be filled here, what was begun, and what became of the rest.
async function home(said = []) {
  if (!vault) return;
  const [offer, kept] = [await server.forms(), await copies.list(vault)];
  const forms = offer?.forms ?? [];
  // Without a network a form can be filled only if it has been fetched before.
  if (offer) await Promise.all(forms.flatMap((form) => [server.definition(form), server.rules(form)]));
  // Meanwhile somebody may have begun to fill, or the vault may be shut.
  if (!vault || filling || aside) return;
  const begun = kept.filter((copy) => copy.state === "draft");
  const [along, drafts] = [begun.filter((copy) => copy.body.case), begun.filter((copy) => !copy.body.case)];
  const rest = kept.filter((copy) => copy.state !== "draft");
  const waiting = rest.filter((copy) => copy.state === "waiting").length;
  const part = (title, entries, empty) => [el("h2", { class: "tc-section" }, title), entries.length ? el("ul", { class: "list-unstyled" }, entries) : el("p", { class: "tc-hint" }, empty)];
  show(t("title"), said,
    el("p", { class: "tc-state tc-info", "data-connection": queue.standing() }, t(queue.standing())),
    queue.standing() === "signed_out" && el("p", {}, el("a", { class: "btn btn-primary", href: "/sign-in?next=%2Ffield" }, t("sign_in"))),
    part(t("forms"), forms.map((form) => offered(form, offer.units)), t("forms_none")),
    along.length > 0 && part(t("along"), along.map(draft), ""),
    part(t("drafts"), drafts.map(draft), t("drafts_none")),
    part(t("queue"), rest.map(handedIn), t("queue_none")),
    el("div", { class: "tc-actions" }, waiting > 0 && button(t("send_now"), "btn-primary", () => queue.now()), button(t("lock"), "tc-quiet", lock)));
}

const card = (attributes, title, ...inside) => el("li", { class: "card tc-card", ...attributes }, el("div", { class: "card-body" }, el("h3", { class: "card-title" }, el("bdi", {}, title)), ...inside));

function offered(form, units) {
  const unit = units.length > 1 && el("select", { class: "form-select tc-w-short", "aria-label": t("unit") }, units.map(({ id, name }) => el("option", { value: id }, name)));
  const begin = () => fill(copies.begun(vault, form, unit ? unit.value : String(units[0]?.id ?? "")));
  return card({ "data-form": form.code }, form.title, form.hours && el("p", { class: "tc-hint" }, t("kept_hours", { hours: form.hours })), unit && el("p", {}, unit), button(t("begin"), "btn-primary", begin, { "aria-label": `${t("begin")} ${form.title}` }));
}

const told = ({ body }) => [body.case_code, body.title, body.name].filter(Boolean).join(" · ");

function draft(copy) {
  const { answered, asked, xml } = copy.body;
  const title = told(copy);
  // What was taken along and not begun is given back without a question: nothing is lost by it.
  const [go, away] = xml === null ? [t("begin"), t("give_back")] : [t("go_on"), t("drop")];
  const drop = () => undisturbed(copy, givenBack);
  return card({ "data-draft": copy.id, "data-case": copy.body.case }, title, el("p", { class: "tc-hint" }, [when(copy.changed), asked > 0 && t("answered", { answered, asked })].filter(Boolean).join(" · ")),
    copy.until && el("p", { class: "tc-hint" }, t("kept_until", { when: when(copy.until) })),
    el("div", { class: "tc-actions" }, button(go, "btn-primary", () => fill(copy), { "aria-label": `${go} ${title}` }), button(away, "tc-quiet", drop, { "aria-label": `${away} ${title}` })));
}

// A conflict stays until somebody has decided about it; nothing of it is lost by itself.
function handedIn(copy) {
  const words = outcome(copy.body);
  const title = told(copy);
  const stuck = copy.state === "conflict" || copy.state === "refused";
  // What stands on the case is looked at first, where there is a way to it.
  const isBeside = copy.state === "conflict" && copy.body.case && copy.body.case_version && queue.standing() === "connected";
  const [again, drop] = [() => undisturbed(copy, sendAgain), () => undisturbed(copy, dropped)];
  return card({ "data-handed-in": copy.state }, title, el("p", {}, el("span", { class: `tc-state tc-${tones[copy.state]}` }, t(`state_${copy.state}`)), " ", el("span", { class: "tc-hint" }, when(copy.changed))),
    words && el("p", {}, words),
    stuck && el("div", { class: "tc-actions" }, isBeside && button(t("compare"), "btn-primary", () => compare(copy), { "data-compare": true }), button(t("send_again"), isBeside ? "tc-quiet" : "btn-primary", again), button(t("mend"), "tc-quiet", () => fill(copy)), button(t("drop"), "tc-quiet", drop)));
}

const sendAgain = async (kept) => { await copies.keep(vault, { ...kept, state: "waiting" }); queue.now(); };

// Both copies side by side, with the way to the one on the case and what can be done with the one that lies here.
async function compare(copy) {
  const keeper = vault;
  const me = await server.me();
  const found = me && me.user === keeper?.user ? await server.compare(copy.body, me.csrf) : null;
  // Meanwhile the vault may be shut, or somebody else's be open (S20).
  if (vault !== keeper || filling) return null;
  if (!found) return home([callout("warning", t("compare_failed"))]);
  aside = true;
  const heads = [t("question"), t("there"), t("here")];
  const cell = (text, nth) => el("td", { "data-label": heads[nth + 1] }, el("bdi", {}, text || "–"));
  const row = ({ label, there, here }) => el("tr", { "data-row": true }, el("td", { dir: "auto" }, label), [there, here].map(cell));
  const table = () => el("div", { class: "tc-table-wrap" }, el("table", { class: "table tc-table" },
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, found.rows.map(row))));
  const back = () => { aside = false; return home(); };
  const doing = (act) => () => { aside = false; return undisturbed(copy, act); };
  return show(told(copy), found.rows.length ? table() : callout("info", t("compare_same")), el("p", {}, el("a", { href: found.href }, t("open_there"))),
    el("div", { class: "tc-actions" }, button(t("send_again"), "btn-primary", doing(sendAgain)), button(t("drop"), "tc-quiet", doing(dropped)), button(t("back"), "tc-quiet", back)));
}

const givenBack = (copy) => (copy.body.xml === null ? base.dropCopy(copy.id) : dropped(copy));

async function dropped(copy) {
  if ((await sure(t("drop_sure"), t("drop"))) && !holds.gone(copy.id)) await base.dropCopy(copy.id);
}

// Another page of this browser goes on with what is open here: what was answered is kept first, unless it was taken.
const went = () => {
  filling = null;
  document.querySelector("dialog[open]")?.close();
  return home([callout("info", t("went_elsewhere"))]);
};
const hands = { give: () => filling?.close().then(went), lost: () => filling?.forget().then(went) };

// The copy as it now lies here, if something can still be done with it.
async function standing(copy) {
  if (copy.unkept || !vault) return copy.unkept ? copy : null;
  const kept = await copies.one(vault, copy.id);
  return kept && kept.state === copy.state ? kept : null;
}

// Does something with a copy that no other page has open, as it now is.
async function undisturbed(copy, act) {
  if (holds.mine(copy.id)) return null;
  const release = await holds.hold(copy.id, hands);
  if (!release) return elsewhere(copy);
  try {
    const kept = await standing(copy);
    if (kept) await act(kept);
  } finally {
    release();
  }
  return home();
}

// It is open in another page: one goes back, or goes on with it here.
function elsewhere(copy) {
  aside = true;
  const back = () => { aside = false; return home(); };
  const take = async ({ target }) => {
    target.disabled = true;
    const release = await holds.takeOver(copy.id, hands);
    aside = false;
    await fill(copy, release);
  };
  return show(told(copy), callout("warning", t("elsewhere"), el("p", {}, t("elsewhere_next"))),
    el("div", { class: "tc-actions" }, button(t("take_over"), "btn-primary", take, { "data-take-over": true }), button(t("back"), "tc-quiet", back)));
}

// For which services the household may be, until whoever asked has read it.
function tellVerdicts(judged, said) {
  aside = true;
  const on = () => { aside = false; return home(); };
  show(t("judged"), said, verdicts.shown(judged), el("div", { class: "tc-actions" }, button(t("to_forms"), "btn-primary", on, { "data-to-forms": true })));
}

// What was refused is mended from the draft that it was made of.
const mended = (copy) => (copy.state === "draft" ? copy : { ...copy, state: "draft", body: { ...copy.body, xml: copy.body.draft ?? copy.body.xml } });

async function fill(copy, taken = null) {
  if (!taken && holds.mine(copy.id)) return null;
  const release = taken ?? (await holds.hold(copy.id, hands));
  if (!release) return elsewhere(copy);
  const kept = await standing(copy);
  const definition = kept && (await server.definition(kept.body.form));
  if (!definition) {
    release();
    return home(kept ? [callout("warning", t("form_absent"), el("p", {}, t("form_absent_next")))] : []);
  }
  const rules = await server.rules(kept.body.form);
  await engine.ready();
  if (holds.gone(copy.id)) return home([callout("info", t("went_elsewhere"))]);
  const leave = async (handedOver, judged = []) => {
    await filling?.close();
    filling = null;
    if (handedOver) queue.now();
    const said = handedOver ? [callout("good", t("handed_in"))] : [];
    await (judged.length ? tellVerdicts(judged, said) : home(said));
  };
  filling = new Fill(vault, mended(kept), { definition, rules, leave, release });
  try {
    filling.open();
  } catch (error) {
    await filling.close();
    filling = null;
    await home([callout("danger", t("form_broken"), el("p", { dir: "ltr" }, error.message))]);
  }
  return null;
}

// What is fetched before the worker of the page is in charge would not be kept; the first time that takes a moment.
async function underWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  await workers.register(settings.worker, { scope: "/field" }).catch(() => {});
  if (workers.controller || !navigator.onLine) return;
  await new Promise((resolve) => {
    workers.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, 15_000);
  });
}

async function start() {
  await underWorker();
  // Where space is short browsers throw away what was not asked to last.
  await navigator.storage?.persist?.();
  watch();
  const found = await tidy();
  await open(null, notes(found));
}

start().catch(() => show(t("title"), callout("danger", t("no_storage"), el("p", {}, t("no_storage_next")))));
