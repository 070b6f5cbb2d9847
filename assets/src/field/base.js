// What lies in the browser's own database: a vault for each person, copies of forms and their files, all sealed by `vault.js`.
let opened = null;

// Browsers close the connection of a page that lies in the background, or when the disk is full: then it is opened anew.
const open = () => (opened ??= new Promise((resolve, reject) => {
  const request = indexedDB.open("throughcare-field", 1);
  request.onupgradeneeded = () => {
    const base = request.result;
    base.createObjectStore("vaults", { keyPath: "user" });
    base.createObjectStore("copies", { keyPath: "id" }).createIndex("user", "user");
    base.createObjectStore("files", { keyPath: ["copy", "name"] }).createIndex("copy", "copy");
  };
  request.onsuccess = () => {
    request.result.onclose = () => (opened = null);
    resolve(request.result);
  };
  request.onerror = () => {
    opened = null;
    reject(request.error);
  };
}));

async function once(stores, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode, { durability: "strict" });
    const request = act(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("cut off", "AbortError"));
  });
}

// Runs in one transaction and answers when it is kept for good. One that was cut off with its connection is run once more.
async function within(stores, mode, act) {
  try {
    return await once(stores, mode, act);
  } catch (error) {
    if (!["InvalidStateError", "AbortError", "UnknownError"].includes(error?.name)) throw error;
    opened = null;
    return once(stores, mode, act);
  }
}

export const get = (store, key) => within([store], "readonly", (t) => t.objectStore(store).get(key));
export const all = (store) => within([store], "readonly", (t) => t.objectStore(store).getAll());
export const put = (store, value) => within([store], "readwrite", (t) => t.objectStore(store).put(value));
export const by = (store, index, key) => within([store], "readonly", (t) => t.objectStore(store).index(index).getAll(key));

// Changes a record in one step, whatever other pages do meanwhile; answers with it as it then is, or nothing if there is none.
export async function change(store, key, how) {
  let changed;
  await within([store], "readwrite", (t) => {
    const records = t.objectStore(store);
    const found = records.get(key);
    found.onsuccess = () => {
      if (!found.result) return;
      changed = found.result;
      how(changed);
      records.put(changed);
    };
  });
  return changed;
}

const dropFiles = (t, copy) => {
  const cursor = t.objectStore("files").index("copy").openCursor(IDBKeyRange.only(copy));
  cursor.onsuccess = () => {
    if (!cursor.result) return;
    cursor.result.delete();
    cursor.result.continue();
  };
};

// Removes a copy with its files.
export const dropCopy = (id) => within(["copies", "files"], "readwrite", (t) => {
  t.objectStore("copies").delete(id);
  dropFiles(t, id);
});

// Keeps what became of a copy and removes its files, in one step.
export const settle = (copy) => within(["copies", "files"], "readwrite", (t) => {
  t.objectStore("copies").put(copy);
  dropFiles(t, copy.id);
});

export const dropFile = (copy, name) => within(["files"], "readwrite", (t) => t.objectStore("files").delete([copy, name]));

// Removes everything of a person.
export const wipe = (user) => within(["vaults", "copies", "files"], "readwrite", (t) => {
  t.objectStore("vaults").delete(user);
  const cursor = t.objectStore("copies").index("user").openCursor(IDBKeyRange.only(user));
  cursor.onsuccess = () => {
    if (!cursor.result) return;
    dropFiles(t, cursor.result.value.id);
    cursor.result.delete();
    cursor.result.continue();
  };
});
