// wasm.mjs ENGINE REQUESTS: asks the engine of forms for browsers, as a browser does, each line of REQUESTS in turn; writes each reply on a line.
import { readFileSync, writeSync } from "node:fs";

const [engine, requests] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(engine), {});
const { memory, request_room, call, reply_place } = instance.exports;
const replies = readFileSync(requests, "utf8").split("\n").filter(Boolean).map((request) => {
  const bytes = new TextEncoder().encode(request);
  // Making room may move the memory, so its buffer is asked for afterwards.
  const room = request_room(bytes.length);
  new Uint8Array(memory.buffer, room, bytes.length).set(bytes);
  const length = call();
  const place = reply_place();
  return new TextDecoder().decode(new Uint8Array(memory.buffer, place, length));
});
for (let bytes = Buffer.from(replies.join("\n")), at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
