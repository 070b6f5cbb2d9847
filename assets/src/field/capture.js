// Answers that a device takes: files, pictures, drawings, places. S18: of protected cases no picture and no place is taken.
import { button, el, t } from "./dom.js";
import { plain } from "./days.js";
import { drawn, shrunk } from "./pictures.js";
import { strokes } from "../strokes.js";

const MOST_BYTES = 10 * 1024 * 1024;

export function capture(question, id, hands) {
  const sketch = /\b(signature|draw|annotate)\b/.test(question.appearance);
  const telling = question.kind !== "file" || (question.accept.startsWith("image") && !sketch);
  if (hands.guarded && telling) return { node: el("p", { id, class: "tc-hint", tabindex: "-1" }, t("not_protected")), set() {} };
  if (question.kind !== "file") return place(question, id, hands);
  return sketch ? board(question, id, hands) : file(question, id, hands);
}

const extension = (type) => ({ "image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "audio/mpeg": "mp3", "audio/mp4": "m4a", "video/mp4": "mp4" })[type] ?? "bin";
const named = (type) => `${crypto.randomUUID()}.${extension(type)}`;

// The kept file with the ways to take it back; pictures are shown.
async function standing(value, hands, remove) {
  if (!value) return [];
  const blob = await hands.file(value);
  const picture = blob?.type.startsWith("image/") && el("img", { class: "tc-taken", alt: t("picture_taken"), src: URL.createObjectURL(blob) });
  if (picture) picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  return [picture || el("p", {}, t("file_taken")), button(t("remove"), "tc-quiet", remove)];
}

function file(question, id, hands) {
  const kept = el("div", { class: "tc-kept-file" });
  const problem = el("p", { class: "tc-error", role: "alert", hidden: true });
  const isPicture = question.accept.startsWith("image");
  const tell = (key) => { [problem.hidden, problem.textContent] = [!key, key ? t(key) : ""]; };
  const take = async () => {
    const [chosen] = input.files;
    if (!chosen) return;
    tell(null);
    try {
      const blob = isPicture ? await shrunk(chosen, question.most_pixels) : chosen;
      if (blob.size > MOST_BYTES) return tell("file_large");
      const name = named(blob.type);
      await hands.keepFile(name, blob);
      await hands.give(name);
      await set(name);
    } catch {
      tell("file_unreadable");
    } finally {
      input.value = "";
    }
  };
  const input = el("input", { id, class: "form-control", type: "file", accept: question.accept, capture: isPicture && /\bnew\b/.test(question.appearance) ? "environment" : null, onchange: take });
  const remove = () => hands.dropFile().then(() => set(""));
  const set = async (value) => kept.replaceChildren(...(await standing(value, hands, remove)));
  set(question.value);
  return { node: el("div", {}, kept, input, problem), set };
}

function board(question, id, hands) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 600 200");
  svg.setAttribute("class", "tc-signature");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("draw_here"));
  const kept = el("div", { class: "tc-kept-file" });
  const pen = strokes(svg, "", () => {});
  const keep = async () => {
    if (!pen.text()) return;
    const blob = await drawn(pen.text());
    const name = named(blob.type);
    await hands.keepFile(name, blob);
    await hands.give(name);
    await set(name);
  };
  const open = el("div", { class: "tc-draw" }, svg, el("div", { class: "tc-actions" }, button(t("draw_keep"), "btn-primary", keep, { id }), button(t("draw_clear"), "tc-quiet", pen.clear)));
  const remove = () => hands.dropFile().then(() => set(""));
  const set = async (value) => {
    pen.clear();
    open.hidden = Boolean(value);
    kept.replaceChildren(...(await standing(value, hands, remove)));
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
    node: el("div", {}, node, problem, el("div", { class: "tc-actions" }, button(t(several ? "place_add" : "place_take"), "tc-quiet", add),
      question.kind === "geoshape" && button(t("place_close"), "tc-quiet", close))),
    set: (value) => { if (document.activeElement !== node) node.value = value; },
  };
}
