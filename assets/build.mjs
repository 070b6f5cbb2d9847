// Builds dist/: style sheets cut to the classes in use, scripts, the engine of forms, icon sprite and fonts; and fonts/, which letters are printed with.
// Every file is written as name.<hash>.ext, with .br and .gz beside what compresses.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";
import { safelist } from "./safelist.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(here, ...parts);
const modules = (path) => at("node_modules", path);
const dist = at("dist");
const budget = 35_000;
// While a style sheet has one rule like these Chromium works out the style of the whole page anew whenever anything on it comes or goes,
// whether the rule fits something there or not: after each answer on a page of 900 questions that took thirty milliseconds of forty.
const costly = /[+~]\*|:not\(:has\(/;

function sources(dir, extensions) {
  return readdirSync(dir, { recursive: true })
    .map((file) => join(dir, file))
    .filter((file) => extensions.includes(extname(file)));
}

const templates = sources(at("../src"), [".html", ".rs"]);
const text = templates.map((file) => readFileSync(file, "utf8")).join("\n");

function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const extension = extname(name);
  const file = `${basename(name, extension)}.${hash}${extension}`;
  writeFileSync(join(dist, file), bytes);
  if (extension !== ".woff2") {
    writeFileSync(join(dist, `${file}.br`), brotliCompressSync(bytes));
    writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
  const packed = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name.padEnd(30)} ${String(bytes.length).padStart(7)} B  gzip ${String(packed).padStart(6)} B`);
  return { file, packed };
}

function minify(name, css) {
  return transform({
    filename: name,
    code: Buffer.from(css),
    minify: true,
    targets: { chrome: 90 << 16, firefox: 90 << 16, safari: 14 << 16 },
  }).code.toString();
}

async function styles(name, tabler, fonts) {
  const plain = minify(name, readFileSync(modules(`@tabler/core/dist/css/${tabler}`), "utf8"));
  const own = readdirSync(at("src"))
    .filter((file) => extname(file) === ".css")
    .sort()
    .map((file) => readFileSync(at("src", file), "utf8"))
    .join("\n")
    .replace(/url\("(noto-[^"]+)"\)/g, (_, font) => `url("${fonts[font]}")`);
  const scripts = sources(at("src"), [".js"]).map((file) => ({ raw: readFileSync(file, "utf8"), extension: "js" }));
  const [purged] = await new PurgeCSS().purge({
    css: [{ raw: plain, name }],
    content: [{ raw: text, extension: "html" }, ...scripts],
    defaultExtractor: (content) => content.match(/[A-Za-z][\w-]*/g) ?? [],
    safelist,
    // Tabler goes dark by an attribute or class; ours follows the system's setting by plain tokens.
    // Its `steps` are none of ours, and are costly.
    blocklist: [/theme/, /^steps$/],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  // No legend of ours floats beside anything, so that what follows need not be put below it.
  const css = minify(name, purged.css.replace(/legend\+\*\{[^}]*\}/, "") + own);
  if (costly.test(css)) throw new Error(`${name} has a rule with ${costly.exec(css)[0]}, which makes pages slow`);
  const { packed } = emit(name, css.replace(/url\((["'])data:image\/svg\+xml,(.*?)\1\)/g, drawn));
  if (packed > budget) throw new Error(`${name} is ${packed} bytes compressed; the budget is ${budget}`);
}

// The content policy allows images from files only, so the small drawings inside Tabler's styles become files.
const drawings = new Map();
function drawn(_, quote, code) {
  if (!drawings.has(code)) {
    const svg = decodeURIComponent(code).replaceAll("\\'", "'").replaceAll('\\"', '"');
    drawings.set(code, emit(`drawing-${drawings.size + 1}.svg`, svg).file);
  }
  return `url(${drawings.get(code)})`;
}

function fonts() {
  const names = {};
  for (const weight of [400, 600]) {
    const name = `noto-sans-arabic-${weight}.woff2`;
    const source = modules(`@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`);
    names[name] = emit(name, readFileSync(source)).file;
  }
  return names;
}

// The PDF writer compiles these in (crates/typeset/build.rs); a file that stays the same keeps its time, so that nothing is built again.
function letterFonts() {
  mkdirSync(at("fonts"), { recursive: true });
  for (const [folder, family] of [["latin", "NotoSans"], ["arabic", "NotoNaskhArabic"]]) {
    for (const style of ["Regular", "Bold"]) {
      const source = modules(`@embedpdf/fonts-${folder}/fonts/${family}-${style}.ttf`);
      const target = at("fonts", basename(source));
      if (!existsSync(target) || !readFileSync(target).equals(readFileSync(source))) copyFileSync(source, target);
    }
  }
}

function icons() {
  const wanted = new Map();
  for (const line of readFileSync(at("icons.txt"), "utf8").split("\n")) {
    if (!line.trim() || line.startsWith("#")) continue;
    const [alias, name = alias] = line.trim().split("=");
    wanted.set(alias, name);
  }
  // Icon names stand among other words in macros and tables, so every quoted word that names an icon counts.
  const code = templates.map((file) => {
    const source = readFileSync(file, "utf8");
    return extname(file) === ".rs" ? source : (source.match(/\{[{%][^]*?[}%]\}/g) ?? []).join("\n");
  });
  for (const [, name] of code.join("\n").matchAll(/"([a-z0-9-]{3,})"/g)) {
    if (!wanted.has(name) && existsSync(outline(name))) wanted.set(name, name);
  }
  const symbols = [...wanted].sort().map(([alias, name]) => symbol(alias, name));
  emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

const outline = (name) => modules(`@tabler/icons/icons/outline/${name}.svg`);

function symbol(alias, name) {
  const file = outline(name);
  if (!existsSync(file)) throw new Error(`there is no icon called ${name}`);
  const inner = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${alias}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
}

async function script(name, entry) {
  const result = await build({
    entryPoints: [at("src", entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2019"],
    legalComments: "none",
  });
  emit(name, result.outputFiles[0].contents);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
letterFonts();
const families = fonts();
await styles("app.css", "tabler.min.css", families);
await styles("app.rtl.css", "tabler.rtl.min.css", families);
emit("mark.svg", readFileSync(at("src/mark.svg")));
icons();
await script("app.js", "app.js");
await script("early.js", "early.js");
await script("field.js", "field/main.js");
// `scripts/wasm.sh` builds it.
emit("forms.wasm", readFileSync(at("wasm/forms.wasm")));
