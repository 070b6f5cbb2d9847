// S20: what is kept on this device is sealed under a key that only the worker's PIN gives. The key lies in memory while the vault is open
// and nowhere else; five wrong PINs wipe everything of that worker.
import argon from "hash-wasm/dist/argon2.umd.min.js";
import * as base from "./base.js";

const TRIES = 5;
const COST = { parallelism: 1, iterations: 3, memorySize: 32 * 1024, hashLength: 32 };
const utf8 = new TextEncoder();

async function keyOf(pin, salt) {
  const bytes = await argon.argon2id({ ...COST, password: pin, salt, outputType: "binary" });
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  return key;
}

// What is sealed is bound to whose it is and which, so that nothing can be put in the place of another.
async function seal(key, whose, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(whose) }, key, bytes) };
}

async function open(key, whose, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(whose) }, key, data);
}

// Why a PIN can't be taken: too short, or the first that anybody tries.
export function weakness(pin) {
  if (!/^\d{6,12}$/.test(pin)) return "pin_short";
  const steps = [...pin].slice(1).map((digit, at) => digit - pin[at]);
  return steps.every((step) => step === steps[0] && Math.abs(step) <= 1) ? "pin_easy" : null;
}

class Vault {
  #key;

  constructor(record, key, name) {
    this.record = record;
    this.name = name;
    this.#key = key;
  }

  get user() { return this.record.user; }

  async sealed(id, value) {
    return seal(this.#key, `${this.user}/${id}`, utf8.encode(JSON.stringify(value)));
  }

  async opened(id, sealed) {
    return JSON.parse(new TextDecoder().decode(await open(this.#key, `${this.user}/${id}`, sealed)));
  }

  sealedFile(copy, name, bytes) {
    return seal(this.#key, `${this.user}/${copy}/${name}`, bytes);
  }

  openedFile(copy, name, sealed) {
    return open(this.#key, `${this.user}/${copy}/${name}`, sealed);
  }
}

// Makes the vault of a person on this device, in the place of any before.
export async function make(me, pin, device) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await keyOf(pin, salt);
  const record = { user: me.user, login: me.login, salt, tries: 0, device, name: await seal(key, `${me.user}/name`, utf8.encode(me.name)) };
  await base.wipe(me.user);
  await base.put("vaults", record);
  return new Vault(record, key, me.name);
}

// Tries a PIN. A try counts before it is made, so that cutting the power saves nobody one. Answers with the vault, or how many are left.
export async function unlock(user, pin) {
  const record = await base.change("vaults", user, (vault) => { vault.tries += 1; });
  if (!record) return { left: 0 };
  if (record.tries > TRIES) {
    await base.wipe(user);
    return { left: 0 };
  }
  const key = await keyOf(pin, record.salt);
  let name;
  try {
    name = new TextDecoder().decode(await open(key, `${user}/name`, record.name));
  } catch {
    if (record.tries >= TRIES) await base.wipe(user);
    return { left: TRIES - record.tries };
  }
  await base.change("vaults", user, (vault) => { vault.tries = 0; });
  return { vault: new Vault(record, key, name) };
}
