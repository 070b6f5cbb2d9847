// One copy is open in one page of this browser at a time: of two pages that fill in the same, one would lose what the other says.
// A browser that knows no locks goes without; there the server tells the second copy from the first when both are sent.
const WAIT = 3_000;
const held = new Map();
const asked = new Set();
const pages = "BroadcastChannel" in window ? new BroadcastChannel("field-copies") : null;
pages?.addEventListener("message", ({ data }) => held.get(data.give)?.give());

// Whether this very page has it, or is about to.
export const mine = (id) => held.has(id) || asked.has(id);
// Whether another page took it from this one.
export const gone = (id) => Boolean(navigator.locks) && !held.has(id);

// Asks for the lock. Answers how to let go of it, or nothing where another page has it and `how` is to not wait.
function ask(id, hands, how) {
  asked.add(id);
  return new Promise((resolve, reject) => {
    let granted = false;
    const keep = (lock) => {
      if (!lock) return resolve(null);
      granted = true;
      held.set(id, hands);
      return new Promise((done) => resolve(() => { if (held.get(id) === hands) held.delete(id); done(); }));
    };
    navigator.locks.request(`field-copy-${id}`, how, keep).catch((error) => {
      if (!granted) return reject(error);
      // Another page took it without waiting for an answer.
      if (held.get(id) === hands) held.delete(id);
      return hands.lost();
    });
  }).finally(() => asked.delete(id));
}

// Holds a copy where no other page does. `hands.give` is called when another page asks for it, `hands.lost` when one has taken it.
export const hold = (id, hands) => (navigator.locks ? ask(id, hands, { ifAvailable: true }) : Promise.resolve(() => {}));

// Has the page that holds a copy let go of it, which first keeps what was answered there; from one that does not answer it is taken.
export async function takeOver(id, hands) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), WAIT);
  pages?.postMessage({ give: id });
  try {
    return await ask(id, hands, { signal: patience.signal });
  } catch {
    return ask(id, hands, { steal: true });
  } finally {
    clearTimeout(timer);
  }
}
