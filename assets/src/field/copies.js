// Copies of forms on this device: begun, finished and waiting, sent, or kept because the server could not take them.
import * as base from "./base.js";
import { settings } from "./dom.js";
import * as server from "./server.js";

const HOUR = 3_600_000;
const KEPT_AFTER_SENDING = 24 * HOUR;

// A new copy, for a case if there is one; `until` says when the device must have forgotten it (S20).
export function begun(vault, form, unit, along = {}) {
  const started = Date.now();
  const until = form.hours ? started + form.hours * HOUR : null;
  const body = { form: { xform: form.xform, media: form.media, household: form.household }, code: form.code, form_version: form.version, title: form.title, unit, language: "", guarded: Boolean(form.hours), at: null, xml: null, words: "" };
  Object.assign(body, { case: along.case, case_code: along.case_code, case_version: along.version, asks: along.asks, lists: along.lists });
  return { id: crypto.randomUUID(), user: vault.user, state: "draft", started, changed: started, until, body, unkept: true };
}

// Keeps a copy: everything that says anything is sealed.
export async function keep(vault, copy) {
  const { body, unkept, ...open } = copy;
  open.changed = Date.now();
  await base.put("copies", { ...open, sealed: await vault.sealed(copy.id, body) });
}

export async function keepFile(vault, copy, name, blob) {
  const sealed = await vault.sealedFile(copy.id, name, await blob.arrayBuffer());
  await base.put("files", { copy: copy.id, name, type: blob.type, sealed });
}

export async function file(vault, copy, name) {
  const kept = await base.get("files", [copy.id, name]);
  return kept ? new Blob([await vault.openedFile(copy.id, name, kept.sealed)], { type: kept.type }) : null;
}

export async function list(vault) {
  const kept = await base.by("copies", "user", vault.user);
  const opened = await Promise.all(kept.map(async ({ sealed, ...open }) => ({ ...open, body: await vault.opened(open.id, sealed) })));
  return opened.sort((one, other) => other.changed - one.changed);
}

// One copy as it now lies here; nothing if it is gone.
export async function one(vault, id) {
  const kept = await base.get("copies", id);
  if (kept?.user !== vault.user) return null;
  const { sealed, ...open } = kept;
  return { ...open, body: await vault.opened(id, sealed) };
}

// Forgets what is past its time, whoever's it is and without any PIN. Answers how many copies that had not been sent.
export async function forgetOld() {
  const now = Date.now();
  let lost = 0;
  for (const copy of await base.all("copies")) {
    const sent = copy.state === "sent";
    if (sent ? copy.changed + KEPT_AFTER_SENDING < now : copy.until && copy.until < now) {
      await base.dropCopy(copy.id);
      lost += sent ? 0 : 1;
    }
  }
  return lost;
}

// Everything of a person goes, and with the last of them the forms that lie here.
export async function wipe(vaultRecord) {
  await base.wipe(vaultRecord.user);
  if ((await base.all("vaults")).length === 0) await caches.delete(settings.formsCache);
  await server.wiped(vaultRecord.device);
}

// Sends one copy and keeps what became of it. Whether it is off this device's hands.
async function sendOne(vault, copy, csrf) {
  const files = [];
  for (const name of copy.body.files ?? []) {
    const blob = await file(vault, copy, name);
    if (blob) files.push({ name, blob });
  }
  const said = await server.send({ ...copy.body, begun: copy.started }, files, csrf);
  if (!said) return false;
  if (said.result === "landed" || said.result === "known") {
    const { title, code, case_code: caseCode } = copy.body;
    const body = { title, code, case_code: caseCode, word: said.word, words: said.words };
    await base.settle({ id: copy.id, user: copy.user, state: "sent", started: copy.started, changed: Date.now(), until: copy.until, sealed: await vault.sealed(copy.id, body) });
  } else {
    // Whoever sends it again has been told what stands on the case meanwhile.
    const version = said.version ?? copy.body.case_version;
    await keep(vault, { ...copy, state: said.result, body: { ...copy.body, word: said.word, words: said.words, case_version: version } });
  }
  return true;
}

const alone = (act) => (navigator.locks ? navigator.locks.request("field-send", { ifAvailable: true }, (lock) => (lock ? act() : null)) : act());

// Sends what waits, one after the other, and only as the person whose it is. The server knows each copy by its id, so that one sent
// again after a broken line is counted once. Answers how many still wait, and whether that is for want of a session; nothing if another
// page is sending.
export function sendWaiting(vault) {
  return alone(async () => {
    const me = await server.me();
    const waiting = (await list(vault)).filter((copy) => copy.state === "waiting");
    if (me?.user !== vault.user) return { left: waiting.length, signedOut: true };
    let left = 0;
    for (const copy of waiting.reverse()) left += (await sendOne(vault, copy, me.csrf)) ? 0 : 1;
    return { left, signedOut: false };
  });
}
