// The engine of forms: WebAssembly that is spoken to in JSON (crates/xforms-web).
import { settings } from "./dom.js";

let engine;
const utf8 = new TextEncoder();
const text = new TextDecoder();

async function load() {
  const answer = await fetch(settings.wasm);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer(), {});
  return instance.exports;
}

export async function ready() {
  engine ??= await load();
}

// Asks the engine; what it refuses is thrown as an error with its code.
export function ask(request) {
  const { memory, request_room, call, reply_place } = engine;
  const bytes = utf8.encode(JSON.stringify(request));
  // Making room may move the memory, so its buffer is asked for afterwards.
  const room = request_room(bytes.length);
  new Uint8Array(memory.buffer, room, bytes.length).set(bytes);
  const length = call();
  const place = reply_place();
  const reply = JSON.parse(text.decode(new Uint8Array(memory.buffer, place, length)));
  if (reply.error) throw Object.assign(new Error(`${reply.error}: ${reply.words}`), { code: reply.error });
  return reply;
}

export const now = () => ({ now: Date.now(), offset: -new Date().getTimezoneOffset() });

// Chance begins at 64 bits from the browser's own source.
export function seed() {
  return new DataView(crypto.getRandomValues(new Uint8Array(8)).buffer).getBigUint64(0).toString();
}
