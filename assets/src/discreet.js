// S19: the hide button with its neutral page, and the page that goes blank when nobody is there.
import { drop, set } from "./storage.js";

const root = document.documentElement;
const page = document.getElementById("page");
const neutral = document.getElementById("neutral");
const blank = document.getElementById("blank");
const hideButton = document.querySelector("[data-hide]");
const title = document.title;
const idleAfter = Number(document.body.dataset.idleMinutes || 0) * 60_000;
// A glance at another window must not ask anything; a minute away does.
const glance = 60_000;
let touched = Date.now();
let leftAt = 0;
let before = null;
// Two taps on Esc hide; somebody startled may go on tapping, which must not show the page again.
const twice = 800;
const calm = 1_500;
let escapedAt = 0;
let hiddenAt = 0;

function cover(sheet, mark) {
  before ??= document.activeElement;
  page.inert = true;
  sheet.hidden = false;
  root.classList.add(mark);
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
}

function uncover(sheet, mark) {
  sheet.hidden = true;
  root.classList.remove(mark);
  if (!neutral.hidden || !blank.hidden) return;
  page.inert = false;
  before?.focus?.({ preventScroll: true });
  before = null;
}

function hide() {
  set("tc-hidden", "1");
  document.title = document.body.dataset.wordNeutral;
  cover(neutral, "is-hidden");
  neutral.focus();
}

function unhide() {
  drop("tc-hidden");
  // It was hidden before this script was there.
  if (location.hash === "#neutral") location.replace("#page");
  document.title = title;
  uncover(neutral, "is-hidden");
}

function goBlank() {
  document.title = document.body.dataset.wordNeutral;
  cover(blank, "is-blank");
  blank.querySelector("button").focus({ preventScroll: true });
}

function resume() {
  touched = Date.now();
  if (neutral.hidden) document.title = title;
  uncover(blank, "is-blank");
}

function watchIdle() {
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
  }
  setInterval(() => {
    if (blank.hidden && Date.now() - touched >= idleAfter) goBlank();
  }, 5_000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      leftAt = Date.now();
      // At once, so that the app switcher's picture shows nothing.
      if (blank.hidden) cover(blank, "is-blank");
    } else if (Date.now() - leftAt < glance && Date.now() - touched < idleAfter) {
      resume();
    } else {
      goBlank();
    }
  });
}

if (neutral && blank && hideButton) {
  const instead = (act) => (event) => {
    event.preventDefault();
    act();
  };
  hideButton.addEventListener("click", instead(hide));
  neutral.querySelector("[data-unhide]").addEventListener("click", instead(unhide));
  blank.querySelector("[data-resume]").addEventListener("click", resume);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const now = Date.now();
    if (!neutral.hidden) {
      if (now - hiddenAt > calm) unhide();
      escapedAt = 0;
    } else if (now - escapedAt < twice) {
      hiddenAt = now;
      hide();
    } else {
      escapedAt = now;
    }
  });
  if (root.classList.contains("is-hidden") || location.hash === "#neutral") hide();
  if (idleAfter > 0) watchIdle();
}

// A page brought back from the browser's memory may belong to somebody who has signed out since.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  // It is not kept on the screen for the words on it.
  document.body.dataset.leaves = "1";
  location.reload();
});
