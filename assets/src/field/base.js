// What lies in the browser's own database: a vault for each person, copies of forms and their files, all sealed by `vault.js`.
const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("throughcare-field", 1);
  request.onupgradeneeded = () => {
    const base = request.result;
    base.createObjectStore("vaults", { keyPath: "user" });
    base.createObjectStore("copies", { keyPath: "id" }).createIndex("user", "user");
    base.createObjectStore("files", { keyPath: ["copy", "name"] }).createIndex("copy", "copy");
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Runs in one transaction and answers when it is kept for good.
async function within(stores, mode, act) {
  const base = await opened;
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode, { durability: "strict" });
    const request = act(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
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
