// The tab's own storage, where it is allowed; never the lasting one, which outlives the person at the screen.
export function get(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function set(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Refused or full: the page goes on without it.
  }
}

export function drop(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export function keys(prefix) {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
