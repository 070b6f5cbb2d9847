// Sends what waits whenever there is a way: at once, again after a longer and longer while, and when the network comes back.
import * as copies from "./copies.js";

const FIRST = 5_000;
const LONGEST = 15 * 60_000;
let vault = null;
let timer = 0;
let wait = FIRST;
let tell = () => {};
let contact = () => {};
let connected = navigator.onLine;

export const isConnected = () => connected && navigator.onLine;

export function start(opened, onChange, onContact) {
  [vault, tell, contact, wait] = [opened, onChange, onContact, FIRST];
  now();
}

export function stop() {
  clearTimeout(timer);
  vault = null;
}

// Tries at once, and begins the waiting anew.
export function now() {
  wait = FIRST;
  return turn();
}

async function turn() {
  clearTimeout(timer);
  const whose = vault;
  if (!whose) return;
  // The server is asked first whether anything may still go.
  await contact();
  if (vault !== whose) return;
  const before = (await copies.list(whose)).filter((copy) => copy.state === "waiting").length;
  const left = before && navigator.onLine ? await copies.sendWaiting(whose) : before;
  if (vault !== whose) return;
  connected = navigator.onLine && (left === 0 || left < before);
  if (left !== null && left !== before) tell(before - left);
  if (left === 0) wait = LONGEST;
  timer = setTimeout(turn, wait * (0.75 + Math.random() / 2));
  wait = Math.min(LONGEST, wait * 2);
}

addEventListener("online", () => { connected = true; now(); });
addEventListener("offline", () => { connected = false; tell(0); });
