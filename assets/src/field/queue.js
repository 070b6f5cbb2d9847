// Sends what waits whenever there is a way: at once, again after a longer and longer while, and when the network comes back.
import * as copies from "./copies.js";

const FIRST = 5_000;
const LONGEST = 15 * 60_000;
let vault = null;
let timer = 0;
let wait = FIRST;
let tell = () => {};
let contact = () => {};
let found = navigator.onLine ? "connected" : "not_connected";

// `connected`, `not_connected`, or `signed_out` where the server answers but knows nobody.
export const standing = () => found;

export function start(opened, onChange, onContact) {
  [vault, tell, contact] = [opened, onChange, onContact];
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
  try {
    await sendFor(whose);
  } finally {
    // What went wrong once, a full disk for one, must not end the sending.
    if (vault === whose) {
      clearTimeout(timer);
      timer = setTimeout(turn, wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST, wait * 2);
    }
  }
}

async function sendFor(whose) {
  // The server is asked first whether anything may still go.
  const reached = await contact();
  if (vault !== whose) return;
  const before = (await copies.list(whose)).filter((copy) => copy.state === "waiting").length;
  const said = reached ? await copies.sendWaiting(whose) : { left: before, signedOut: false };
  if (vault !== whose) return;
  const was = found;
  found = !reached ? "not_connected" : said?.signedOut ? "signed_out" : "connected";
  const sent = said ? before - said.left : 0;
  if (sent || found !== was) tell(sent);
  if (said?.left === 0) wait = LONGEST;
}

addEventListener("online", now);
addEventListener("offline", () => {
  found = "not_connected";
  if (vault) tell(0);
});
