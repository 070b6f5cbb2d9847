// What is asked of the server. Without a network, or without a session, the answer is nothing; it is never an error that ends the page.
import { settings } from "./dom.js";

async function answered(address, options = {}) {
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", ...options });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}

const read = async (address) => {
  const answer = await answered(address);
  return answer ? answer.json().catch(() => null) : null;
};

// Who is signed in here.
export const me = () => read("/field/me");

// The forms that may be filled here; without a network those of the last time.
export const forms = () => read("/field/forms");

// Whether what this device keeps must go; nothing if the server is out of reach. The secret of the device opens nothing but this answer.
const posted = (address, fields) => answered(address, { method: "POST", body: new URLSearchParams(fields) });
export async function mustWipe(device) {
  const answer = await posted("/field/standing", { device });
  return answer ? (await answer.json()).wipe : null;
}

export const wiped = (device) => posted("/field/wiped", { device });

export const register = async (device, csrf) => Boolean(await posted("/field/devices", { device, _csrf: csrf }));

// A form for a case that stands: the code of the case, the form, and which questions ask for the case.
export async function along(caseId, form, csrf) {
  const answer = await posted(`/field/cases/${caseId}/forms/${form}`, { _csrf: csrf });
  return answer ? answer.json() : null;
}

// The definition of a form, and the lists beside it that the engine reads.
export async function definition(form) {
  const answer = await answered(form.xform, { cache: "default" });
  if (!answer) return null;
  const files = {};
  for (const { name, address } of form.media) {
    const list = /\.(csv|xml|geojson)$/i.test(name);
    const media = await answered(address, { cache: "default" });
    if (!media) return null;
    if (list) files[/\.csv$/i.test(name) ? `jr://file-csv/${name}` : `jr://file/${name}`] = await media.text();
  }
  return { xform: await answer.text(), files };
}

// When a copy was filled in, and the edition that it was filled with, by which its answers are read: authors give several the same version.
function filled(form, body) {
  for (const name of ["begun", "handed_in"]) if (body[name]) form.append(name, new Date(body[name]).toISOString());
  form.append("edition", body.form.xform.split("/").at(-1));
}

// Where a copy that lies here says otherwise than the one on its case; nothing without a network.
export async function compare(body, csrf) {
  const form = new FormData();
  form.append("_csrf", csrf);
  for (const name of ["case", "case_version", "xml"]) form.append(name, body[name]);
  filled(form, body);
  const answer = await answered("/field/comparison", { method: "POST", body: form });
  return answer ? answer.json().catch(() => null) : null;
}

// The rules that go with a form; nothing where none do, or none were fetched before.
export const rules = (form) => (form.household ? read(`${form.xform}/rules`) : null);

// Sends one copy. Answers `landed`, `known`, `conflict` or `refused`, each with words of the server's; or nothing: try again later.
export async function send(body, files, csrf) {
  const form = new FormData();
  form.append("_csrf", csrf);
  for (const name of ["code", "form_version", "xml", "unit"]) form.append(name, body[name]);
  if (body.case) {
    form.append("case", body.case);
    form.append("case_version", body.case_version);
  }
  filled(form, body);
  files.forEach(({ name, blob }) => form.append("file", blob, name));
  const answer = await fetch(settings.submissions, { method: "POST", body: form, redirect: "manual" }).catch(() => null);
  if (!answer || answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 429 || answer.status === 403) return null;
  const said = await answer.json().catch(() => null);
  return said?.result ? said : answer.ok ? null : { result: "refused", words: "" };
}
