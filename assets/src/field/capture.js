// Answers that a device takes: files, pictures, recordings, drawings, places. S18: of protected cases no picture, no voice and no place is taken.
import { button, el, t } from "./dom.js";
import { plain } from "./days.js";
import { drawn, isPicture, shrunk } from "./pictures.js";
import { heard, isLong, written } from "./sounds.js";
import { strokes } from "../strokes.js";

const MOST_BYTES = 10 * 1024 * 1024;

const isSketch = ({ appearance = "" }) => /\b(signature|draw|annotate)\b/.test(appearance);
// What is drawn upon a picture may show somebody (S18).
const showsNobody = ({ appearance = "" }) => /\b(signature|draw)\b/.test(appearance) && !/\bannotate\b/.test(appearance);
const isFilm = ({ kind, accept = "" }) => kind === "file" && accept.startsWith("video");

// A question that is not put here: film to nobody, and what tells of people or places not where that is guarded. It can't be missing.
export function isWithheld(question, guarded) {
  const { kind, accept = "" } = question;
  if (kind !== "file") return guarded && kind.startsWith("geo");
  return isFilm(question) || (guarded && /^(image|audio)/.test(accept) && !showsNobody(question));
}

export function capture(question, id, hands) {
  if (isWithheld(question, hands.guarded)) return { node: el("p", { id, class: "tc-hint", tabindex: "-1" }, t(isFilm(question) ? "not_film" : "not_protected")), set() {} };
  if (question.kind !== "file") return place(question, id, hands);
  return isSketch(question) ? board(question, id, hands) : file(question, id, hands);
}

const extension = (type) => ({ "image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "audio/wav": "wav" })[type] ?? "bin";
const named = (type) => `${crypto.randomUUID()}.${extension(type)}`;

// The kept file with the ways to take it back; pictures are shown, recordings played.
async function standing(value, hands, remove) {
  if (!value) return [];
  const blob = await hands.file(value);
  return [blob ? shown(blob) : el("p", {}, t("file_taken")), button(t("remove"), "tc-quiet", remove)];
}

function shown(blob) {
  if (blob.type.startsWith("audio/")) return el("audio", { class: "tc-taken", controls: true, "aria-label": t("sound_taken"), src: URL.createObjectURL(blob) });
  if (!blob.type.startsWith("image/")) return el("p", {}, t("file_taken"), " ", el("a", { class: "tc-taken-file", href: URL.createObjectURL(blob), target: "_blank", rel: "noopener" }, t("file_open")));
  const picture = el("img", { class: "tc-taken", alt: t("picture_taken"), src: URL.createObjectURL(blob) });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  return picture;
}

// What is kept of a chosen file, or the word for why nothing is. What its bytes say counts, not what it is called.
async function prepared(chosen, question, guarded) {
  if (chosen.size > 3 * MOST_BYTES) return { problem: "file_large" };
  if (question.accept.startsWith("audio")) {
    const sound = await heard(chosen);
    return isLong(sound) ? { problem: "sound_long" } : { blob: written(sound) };
  }
  if (question.accept.startsWith("image") || (await isPicture(chosen))) {
    return guarded ? { problem: "not_protected" } : { blob: await shrunk(chosen, question.most_pixels) };
  }
  if ((await chosen.slice(0, 5).text()) !== "%PDF-") return { problem: "file_kind" };
  return chosen.size > MOST_BYTES ? { problem: "file_large" } : { blob: new Blob([chosen], { type: "application/pdf" }) };
}

const acceptable = ({ accept }, guarded) => (/^(image|audio)/.test(accept) ? accept : guarded ? "application/pdf" : "application/pdf,image/*");
const camera = ({ accept, appearance }) => (accept.startsWith("audio") ? true : accept.startsWith("image") && /\bnew\b/.test(appearance) ? "environment" : null);

function file(question, id, hands) {
  const kept = el("div", { class: "tc-kept-file" });
  const problem = el("p", { class: "tc-error", role: "alert", hidden: true });
  const tell = (key) => { [problem.hidden, problem.textContent] = [!key, key ? t(key) : ""]; };
  const take = async () => {
    const [chosen] = input.files;
    if (!chosen) return;
    tell(null);
    // What the file itself is to blame for is one thing, that the device has no room another.
    const { blob, problem: why } = await prepared(chosen, question, hands.guarded).catch(() => ({ problem: "file_unreadable" }));
    input.value = "";
    if (why) return tell(why);
    const name = named(blob.type);
    try {
      await hands.keepFile(name, blob);
    } catch {
      return tell("not_kept");
    }
    await hands.give(name);
    await set(name);
    kept.querySelector("button")?.focus();
  };
  const input = el("input", { id, class: "form-control", type: "file", accept: acceptable(question, hands.guarded), capture: camera(question), onchange: take });
  const remove = async () => {
    await hands.dropFile();
    await set("");
    input.focus();
  };
  let told = null;
  let running = Promise.resolve();
  // A recording that is being listened to is not begun anew by another answer; who asks for the same waits until it stands.
  const set = (value) => {
    if (told !== value) [told, running] = [value, put(value)];
    return running;
  };
  const put = async (value) => {
    kept.querySelectorAll("audio").forEach((sound) => URL.revokeObjectURL(sound.src));
    kept.querySelectorAll("a.tc-taken-file").forEach((link) => URL.revokeObjectURL(link.href));
    // Beside what is kept, the browser's own control would say that no file was chosen.
    input.hidden = Boolean(value);
    const fresh = await standing(value, hands, remove);
    // Another one may have been chosen while this was fetched.
    if (told === value) kept.replaceChildren(...fresh);
  };
  set(question.value);
  return { node: el("div", {}, kept, input, problem), set };
}

// What is drawn is kept as soon as the pen is lifted: nobody has to say so before going on.
function board(question, id, hands) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = { id, viewBox: "0 0 600 200", class: "tc-signature", role: "img", tabindex: "-1", "aria-label": t("draw_here") };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const kept = el("div", { class: "tc-kept-file" });
  let [told, text] = [null, ""];
  // A tap alone draws nothing.
  const lines = () => pen.text().split(";").filter((line) => line.includes(" ")).join(";");
  const keep = () => {
    if (lines() === text) return;
    text = lines();
    const blob = text ? drawn(text) : null;
    // The board goes on showing what was drawn on it: nothing else is put in its place.
    told = blob ? named(blob.type) : "";
    hands.draw(told, blob);
  };
  const pen = strokes(svg, "", () => {}, keep);
  const again = () => { pen.clear(); keep(); };
  const open = el("div", { class: "tc-draw" }, svg, el("div", { class: "tc-actions" }, button(t("draw_clear"), "tc-quiet", again)));
  const remove = () => hands.dropFile().then(() => set(""));
  const set = async (value) => {
    if (told === value) return;
    [told, text] = [value, ""];
    pen.clear();
    open.hidden = Boolean(value);
    const fresh = await standing(value, hands, remove);
    if (told === value) kept.replaceChildren(...fresh);
  };
  set(question.value);
  return { node: el("div", {}, kept, open), set };
}

const point = ({ coords }) => [coords.latitude, coords.longitude, coords.altitude ?? 0, coords.accuracy].map((value) => Number(value.toFixed(7))).join(" ");
const here = () => new Promise((resolve, reject) => {
  navigator.geolocation.getCurrentPosition((position) => resolve(point(position)), reject, { enableHighAccuracy: true, timeout: 60_000 });
});

// One place, or several one after the other; each can be typed as well.
function place(question, id, hands) {
  const several = question.kind !== "geopoint";
  const problem = el("p", { class: "tc-error", role: "alert", hidden: true });
  const node = el("input", { id, class: "form-control", type: "text", dir: "ltr", autocomplete: "off", inputmode: "text", placeholder: t("place_hint"), value: question.value, onchange: () => give(plain(node.value)) });
  const points = () => node.value.split(";").map((one) => one.trim()).filter(Boolean);
  const give = (value) => { node.value = value; return hands.give(value); };
  const add = async () => {
    problem.hidden = true;
    try {
      const taken = await here();
      const all = several ? [...points(), taken] : [taken];
      await give(all.join("; "));
    } catch {
      [problem.hidden, problem.textContent] = [false, t("place_refused")];
    }
  };
  const close = () => give([...points(), points()[0]].filter(Boolean).join("; "));
  return {
    node: el("div", {}, node, problem, el("div", { class: "tc-actions tc-below" }, button(t(several ? "place_add" : "place_take"), "tc-quiet", add),
      question.kind === "geoshape" && button(t("place_close"), "tc-quiet", close))),
    set: (value) => { if (document.activeElement !== node) node.value = value; },
  };
}
