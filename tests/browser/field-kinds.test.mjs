// A form with questions of every kind, filled on a device without a network: what is typed, drawn and taken reaches the case as it was meant.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { begun, device, kept, lying, published, putAway, signIn, takenAlong } from "./device.mjs";
import { words } from "./flow.mjs";
import { faults, start } from "./harness.mjs";

// Filled in over the server's pages and in the engine alone it gives the same: see tests/it/forms_alike.rs.
const shared = (name) => readFileSync(new URL(`../forms/${name}`, import.meta.url), "utf8");
const FORM = shared("every_kind.csv");

let program;
let profile;
let context;
let page;
let kase;
before(async () => {
  program = await start();
  profile = mkdtempSync(join(tmpdir(), "throughcare-kinds-"));
  await published(program, "samir", "Household visited", FORM);
  ({ context, page } = await device(program, profile, { lang: "en" }));
  await overheard();
  await signIn(page, program);
  await begun(page, "every_kind");
  kase = await takenAlong(page, "Every kind");
});
after(async () => {
  await putAway();
  await program?.stop();
  rmSync(profile, { recursive: true, force: true });
});

const about = (name) => page.locator(`#field [data-question$="/${name}"]`);

// Goes by Tab from the head of the page until it stands in this question; answers through which it came.
async function tabbed(name) {
  const came = [];
  await page.locator("#field h1, #field h2").first().evaluate((head) => { head.tabIndex = -1; head.focus(); });
  for (let at = 0; at < 60; at++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => document.activeElement.closest("[data-question]")?.dataset.question.split("/").pop());
    if (here === name) return came;
    came.push(here ?? "");
  }
  return assert.fail(`Tab never comes to ${name}: ${came.join()}`);
}

async function typed(name, text, nth = 0) {
  const field = about(name).locator("input").nth(nth);
  await field.fill(text);
  await field.press("Tab");
}

// A picture as a phone takes it: much larger than what is kept, lying on its side, and with the place in its Exif data.
async function photo() {
  const plain = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 2000 });
    const pen = canvas.getContext("2d");
    for (let at = 0; at < 600; at++) {
      pen.fillStyle = `hsl(${(at * 47) % 360} 80% 50%)`;
      pen.fillRect((at % 30) * 100, Math.floor(at / 30) * 100, 100, 100);
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  });
  // TIFF with an image directory of two entries, which way is up and where the GPS directory is, and that one with latitude and its degrees.
  const tiff = Buffer.alloc(118);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(8, 4);
  const entry = (at, [tag, kind, count, value]) => [tiff.writeUInt16LE(tag, at), tiff.writeUInt16LE(kind, at + 2), tiff.writeUInt32LE(count, at + 4), tiff.writeUInt32LE(value, at + 8)];
  tiff.writeUInt16LE(2, 8);
  entry(10, [0x0112, 3, 1, 6]);
  entry(22, [0x8825, 4, 1, 38]);
  tiff.writeUInt16LE(2, 38);
  entry(40, [0x0001, 2, 2, 0x4e]);
  entry(52, [0x0002, 5, 3, 70]);
  [31, 1, 57, 1, 1234, 100].forEach((part, nth) => tiff.writeUInt32LE(part, 70 + 4 * nth));
  tiff.write("31.9534 north, here", 94, "latin1");
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  const whole = Buffer.from(plain);
  return Buffer.concat([whole.subarray(0, 2), head, body, whole.subarray(2)]);
}

// The segments of a JPEG before its picture: the marker of each, and the size that the frame gives.
function segments(bytes) {
  assert.equal(bytes.readUInt16BE(0), 0xffd8, "a JPEG");
  const found = { markers: [], width: 0, height: 0 };
  for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1];
    found.markers.push(marker);
    if (marker === 0xc0 || marker === 0xc2) [found.height, found.width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
  }
  return found;
}

function smallAndSilent(bytes, what) {
  const { markers, width, height } = segments(bytes);
  assert.deepEqual([width, height], [1067, 1600], `${what}: no longer than 1600 dots, and upright as it was taken`);
  assert.ok(!markers.includes(0xe1), `${what}: no Exif`);
  for (const word of ["Exif", "31.9534"]) assert.ok(!bytes.includes(word), `${what}: ${word}`);
}

async function drawn(name) {
  const board = about(name).locator("svg.tc-signature");
  await board.scrollIntoViewIfNeeded();
  const { x, y } = await board.boundingBox();
  await page.mouse.move(x + 20, y + 40);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(x + 20 + step * 20, y + 40 + (step % 2) * 25);
  await page.mouse.up();
  assert.equal(await about(name).locator(".btn-primary").count(), 0, "nobody has to say that it is kept");
}

// What the page hands over to be sent, before the server makes anything of it.
const overheard = () => page.addInitScript(() => {
  const send = window.fetch;
  window.handed = [];
  window.fetch = async (address, options) => {
    if (String(address).endsWith("/field/submissions")) {
      const files = options.body.getAll("file");
      const bytes = await Promise.all(files.map(async (file) => ({ type: file.type, bytes: Array.from(new Uint8Array(await file.arrayBuffer())) })));
      window.handed.push({ xml: options.body.get("xml"), files: bytes });
    }
    return send(address, options);
  };
});

test("a day is taken as it is written there or as ISO; one that is none is said beside its field, and nothing is lost", async () => {
  await context.setOffline(true);
  await page.locator("[data-case] .btn-primary").click();
  await about("born").waitFor();
  await typed("arrived", "2024-03-05");
  await typed("born", "31/02/2016");
  const wrong = about("born").locator(".tc-error").filter({ hasText: "2026-11-27" });
  await wrong.waitFor();
  await page.click("[data-next]");
  await page.locator("#field .tc-errors").waitFor();
  assert.deepEqual(await faults(page), []);
  // Left and come back to, with both as they were given.
  await page.locator("#field .tc-line-tools button").first().click();
  await page.locator("[data-case] .btn-primary").click();
  assert.equal(await about("born").locator("input").inputValue(), "31/02/2016");
  assert.equal(await about("arrived").locator("input").inputValue(), "05/03/2024");
  await typed("born", "5/3/2016");
  await typed("woke", "6:30");
  await typed("visit", "27/11/2025", 0);
  await typed("visit", "14:05", 1);
  await page.click("[data-next]");
  await about("signed").waitFor();
});

test("drawings, a picture and the place are taken without a network", async () => {
  await drawn("signed");
  await drawn("sketch");
  await about("house").locator("input[type=file]").setInputFiles({ name: "house.jpg", mimeType: "image/jpeg", buffer: await photo() });
  await about("house").locator("img.tc-taken").waitFor();
  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation({ latitude: 31.9534, longitude: 35.9106 });
  await about("home").locator("button").first().click();
  await page.waitForFunction(() => document.querySelector("#field [data-question$='/home'] input").value.startsWith("31.9534 35.9106"));
  await page.click("[data-next]");
  await about("order").waitFor();
  // Whoever goes on keeps what was drawn, without a word.
  await page.locator("#field .tc-form-actions .tc-quiet").click();
  for (const name of ["signed", "sketch"]) await about(name).locator("img.tc-taken").waitFor();
  assert.deepEqual(await faults(page), []);
  // S20: pictures lie sealed as well.
  assert.deepEqual(await kept(page), [1, 1, 3]);
  const there = await lying(page);
  for (const head of ["JFIF", "\x89PNG"]) assert.ok(!there.includes(head), head);
  await page.click("[data-next]");
  await about("order").waitFor();
});

test("an order, a scale, a number off a card, a choice that follows another, and rounds are answered", async () => {
  // By the keyboard alone: Tab comes through the order to the scale.
  assert.ok((await tabbed("pain")).includes("order"));
  await page.keyboard.press("Home");
  for (let at = 0; at < 7; at++) await page.keyboard.press("ArrowRight");
  await about("order").locator("[data-up]").last().focus();
  await page.keyboard.press("Enter");
  await typed("card", "5901234123457");
  assert.equal(await about("town").locator("input").count(), 0, "no town before there is an area");
  await about("area").locator("input[value=south]").check();
  await about("town").locator("input").first().waitFor();
  assert.deepEqual(await about("town").locator("input").evaluateAll((boxes) => boxes.map((box) => box.value)), ["qasr"]);
  await about("town").locator("input[value=qasr]").check();
  assert.deepEqual(await faults(page), []);
  await page.click("[data-next]");
  // Rounds within rounds: one that is added begins with none of those in it, as Collect has it.
  for (const [name, age, ...illnesses] of [["Yara", "4", "Fever", "Cough"], ["Jad", "9", "Measles"]]) {
    await about("name").waitFor();
    await typed("name", name);
    await page.click("[data-next]");
    await about("age").waitFor();
    await typed("age", age);
    await page.click("[data-next]");
    for (const illness of illnesses) {
      if (illness !== "Fever") await page.locator("#field [data-add]").click();
      await about("what").waitFor();
      await typed("what", illness);
      await page.click("[data-next]");
      await page.locator("#field .tc-growing", { hasText: illness }).waitFor();
    }
    await page.click("[data-next]");
    await page.locator("#field .tc-growing", { hasText: name }).waitFor();
    if (name === "Yara") await page.locator("#field [data-add]").click();
  }
  await page.click("[data-next]");
  await page.click("[data-hand-in]");
  await page.locator("[data-handed-in=waiting]").waitFor();
});

test("S18 a large picture leaves the device small, upright and without the place; days leave it as ISO", async () => {
  await context.setOffline(false);
  await page.locator("[data-handed-in=sent]").waitFor({ timeout: 60_000 });
  const [{ xml, files }] = await page.evaluate(() => window.handed);
  // When it was begun and ended, the names of its files and its own id are of each copy alone.
  const bare = xml.replace(/<(start|end|signed|sketch|house|instanceID)>[^<]+<\/\1>/g, "<$1/>");
  assert.equal(bare, shared("every_kind.xml").trim());
  const pictures = files.filter(({ type }) => type === "image/jpeg");
  assert.equal(pictures.length, 1);
  smallAndSilent(Buffer.from(pictures[0].bytes), "what is sent");
});

// How many dots of a picture are not white.
const inked = (page, address) => page.evaluate(async (from) => {
  const picture = await createImageBitmap(await (await fetch(from)).blob());
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  return pen.getImageData(0, 0, picture.width, picture.height).data.filter((value, at) => at % 4 === 0 && value < 128).length;
}, address);

test("the case shows each answer, and the files as they came", async () => {
  const zaid = await program.as("zaid");
  await zaid.goto(`${kase}/forms`);
  await Promise.all([zaid.waitForNavigation(), zaid.locator("main table a", { hasText: "Every kind" }).first().click()]);
  const sheet = await words(zaid);
  const answers = {
    "Born on": "5 Mar 2016", "Arrived on": "5 Mar 2024", "Wakes at": "06:30", "Visited at": "27 Nov 2025, 14:05", "Signature": "Attached", "Sketch of the house": "Attached",
    "Picture of the house": "Attached", "Where the house is": "31.9534 35.9106", "Most needed first": "1. Food, 2. Care, 3. Rent", "Pain": "7",
    "Number of the card": "5901234123457", "Area": "The south", "Town": "Qasr",
  };
  for (const [question, answer] of Object.entries(answers)) assert.ok(sheet.includes(`${question}\n${answer}\n`), `${question}: ${answer}\n${sheet}`);
  const children = /Child 1 of 2\nName of the child\nYara\nAge of the child\n4\n(Illness\n)+What it was\nFever\nCough\nChild 2 of 2\nName of the child\nJad\nAge of the child\n9\n(Illness\n)+What it was\nMeasles\n/;
  assert.match(sheet, children);
  const address = (name) => zaid.locator("main dl > div", { hasText: name }).locator("a").getAttribute("href");
  for (const name of ["Signature", "Sketch of the house"]) assert.ok(await inked(zaid, await address(name)) > 200, `${name} shows what was drawn`);
  const answer = await zaid.request.get(await address("Picture of the house"));
  assert.equal(answer.headers()["content-type"], "image/jpeg");
  smallAndSilent(await answer.body(), "what the server gives back");
});
