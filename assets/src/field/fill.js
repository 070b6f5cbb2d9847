// Filling a copy, page by page. The engine says after each answer what looks otherwise; only that is drawn anew, and who types keeps the
// place. Each answer is kept, sealed, as soon as what it changed is drawn, and before anybody leaves.
import * as base from "./base.js";
import * as copies from "./copies.js";
import { isWithheld } from "./capture.js";
import { button, callout, el, say, show, t } from "./dom.js";
import * as engine from "./engine.js";
import { Questions } from "./questions.js";
import { cards } from "./rounds.js";
import { summary } from "./summary.js";
import { judged } from "./verdicts.js";
import { isHead } from "./widgets.js";

const code = (language) => /\(([a-z-]+)\)\s*$/i.exec(language)?.[1].toLowerCase() ?? "";
const OWN_NAMES = { ar: "العربية", en: "English", es: "Español", fr: "Français" };
const ownName = (language) => OWN_NAMES[code(language).split("-")[0]] ?? language.replace(/\s*\([a-z-]+\)\s*$/i, "");
const RIGHT_TO_LEFT = ["ar", "fa", "ur", "he", "ckb", "ps", "sd", "ug"];

// Milliseconds from an answer until it is kept: it is drawn meanwhile.
const SOON = 30;

// The last page, where it is handed in.
const END = "#end";

export class Fill {
  #saving = Promise.resolve();
  // Files that are kept with the next copy, by name.
  #files = new Map();
  #handle = null;
  #soon = null;
  // The pages that were gone through, each with its place in the browser's history, and at which one we are. The history itself says neither
  // which form this is nor what it asks.
  #trail = [];
  #here = 0;
  // Places of the history are this page's own: after a reload those of before are still there.
  #own = crypto.randomUUID();

  // `leave` ends it; `definition` is the form with the lists beside it, `rules` what judges it; `release` lets go of the hold on the copy.
  constructor(vault, copy, { definition, rules, leave, release }) {
    Object.assign(this, { vault, copy, definition, rules, leave, release, unkept: false, alarm: el("div", { role: "alert" }) });
  }

  open() {
    const { body } = this.copy;
    const opened = engine.ask({ do: "open", ...this.definition, files: { ...this.definition.files, ...body.lists }, language: body.language, ...engine.now(), seed: engine.seed(), draft: body.xml, properties: { username: this.vault.name } });
    this.#handle = opened.handle;
    this.opened = opened;
    if (!body.language) this.#speak(this.#ownLanguage() ?? opened.languages[opened.language], false);
    if (body.xml === null) this.#nameCase(body);
    this.go(body.at);
  }

  // Where the form asks which case it is about, nobody needs to copy its code.
  #nameCase({ asks = [], case_code: code }) {
    for (const at of asks) {
      try {
        this.ask({ do: "answer", at, text: code });
      } catch {
        // It is not asked yet: whoever fills it in is asked.
      }
    }
  }

  close() {
    this.flush();
    if (this.#handle !== null) engine.ask({ do: "close", handle: this.#handle });
    this.#handle = null;
    if (this.#here) history.go(-this.#here);
    [this.#trail, this.#here] = [[], 0];
    return this.#saving.then(this.release);
  }

  // Closes it without keeping anything more: another page has it now.
  forget() {
    this.forgotten = true;
    return this.close();
  }

  ask(request) {
    return engine.ask({ handle: this.#handle, ...engine.now(), ...request });
  }

  #ownLanguage() {
    return this.opened.languages.find((language) => code(language) === document.documentElement.lang);
  }

  #speak(language, again = true) {
    this.ask({ do: "language", language });
    this.copy.body.language = language;
    if (again) this.go(this.page.address);
  }

  get direction() {
    const spoken = code(this.copy.body.language) || document.documentElement.lang;
    return RIGHT_TO_LEFT.includes(spoken) ? "rtl" : "ltr";
  }

  // The back of a phone goes a page back, and from the first page to the list.
  #remember(at, instead = false) {
    if (this.#trail[this.#here - 1] === at) return;
    if (!instead) this.#here += 1;
    this.#trail.splice(this.#here - 1, Infinity, at);
    history[instead ? "replaceState" : "pushState"]({ fill: this.#own, nth: this.#here }, "");
  }

  // The browser went to another place of its history.
  travelled(state) {
    if (this.#handle === null) return null;
    this.#here = state?.fill === this.#own ? state.nth : 0;
    if (!this.#here) {
      this.#trail = [];
      return this.#kept(() => this.leave());
    }
    const at = (this.#trail[this.#here - 1] ??= this.page.address);
    // A page that is gone meanwhile adds nothing to the history: going back would have no end.
    return at === END ? this.#end() : this.go(at, true);
  }

  // The page before: by the browser's own way where one came from there.
  #back(at) {
    if (this.#here > 1 && this.#trail[this.#here - 2] === at) history.back();
    else this.go(at, true);
  }

  // Shows the page at an address, or `instead` of the one that is shown; the first if it is gone meanwhile.
  go(address, instead = false) {
    let page;
    try {
      page = this.ask({ do: "page", page: address ?? undefined });
    } catch {
      page = this.ask({ do: "page" });
    }
    this.#draw(page);
    this.#remember(page.address, instead);
    this.#saveSoon();
  }

  #draw(page) {
    this.page = page;
    this.copy.body.at = page.address;
    this.questions = new Questions(this);
    this.growing = el("div", {});
    this.progress = el("div", { class: "tc-come" });
    this.errors = el("div", {});
    const title = page.title || (page.questions.length === 1 ? "" : page.growing[0]?.label) || this.copy.body.title;
    const shown = el("div", { dir: this.direction, lang: code(this.copy.body.language) || null }, page.within.length > 0 && el("p", { class: "tc-hint" }, page.within.join(" › ")), this.questions.node, this.growing);
    show(title, this.#tools(), this.alarm, this.progress, this.errors, shown, this.#ways());
    this.#follow(page, true);
  }

  #tools() {
    const { languages } = this.opened;
    const choice = languages.length > 1 && el("select", { class: "form-select tc-w-short", "aria-label": t("language"), onchange: (event) => this.#speak(event.target.value) },
      languages.map((language) => el("option", { value: language, selected: language === this.copy.body.language }, ownName(language))));
    return el("div", { class: "tc-line-tools" }, button(t("leave"), "tc-quiet", () => this.#kept(() => this.leave())), choice);
  }

  #ways() {
    const back = button(t("back"), "tc-quiet", () => this.#back(this.page.previous));
    this.back = back;
    this.forward = button(t("next"), "btn-primary", () => this.#kept(() => this.#next()), { "data-next": true });
    return el("div", { class: "tc-form-actions tc-actions" }, this.forward, back);
  }

  // What a reply of the engine changed on this page.
  #follow(page, whole = false) {
    this.page = { ...page };
    const { added, gone } = this.questions.follow(page);
    this.growing.replaceChildren(...cards(this, page.growing));
    this.back.hidden = !page.previous;
    this.forward.textContent = page.next ? t("next") : t("finish");
    const { progress } = page;
    const words = t("progress", { page: progress.page, pages: progress.pages });
    if (this.progress.textContent !== words) this.progress.replaceChildren(el("progress", { max: progress.pages, value: progress.page, "aria-label": words }), el("span", { class: "tc-hint" }, words));
    if (!whole && (added || gone)) say(t("changed", { added, gone }));
  }

  // Gives an answer, and the file that it names where that is not kept yet. What the engine can't take stays on the screen and is said.
  give(question, text, file = null) {
    if (this.#handle === null) return this.#saving;
    const before = question.value;
    let reply;
    try {
      reply = this.ask({ do: "answer", at: question.address, text });
    } catch {
      say(t("not_taken"));
      return this.#saving;
    }
    if (file) this.#files.set(text, file);
    this.questions.touched.add(question.address);
    this.took(reply);
    if (question.kind !== "file") return this.#saveSoon();
    if (before !== text) this.#files.delete(before);
    const kept = this.#save();
    return before && before !== text ? kept.then(() => this.unkept || base.dropFile(this.copy.id, before)) : kept;
  }

  // A file of this copy, be it kept already or not.
  async file(name) {
    return this.#files.get(name) ?? copies.file(this.vault, this.copy, name);
  }

  // Shows what a reply says; a page that is gone by it is left for the next one.
  took(reply) {
    if (reply.page) this.#follow(reply.page);
    else this.go(reply.next ?? reply.previous, true);
  }

  // Adds or removes a round.
  add(parent, repeat) {
    const reply = this.ask({ do: "add", at: parent, text: repeat });
    this.took(reply);
    if (reply.round_page && reply.round_page !== this.page.address) this.go(reply.round_page);
    else say(t("round_added"));
    this.#saveSoon();
  }

  remove(round) {
    this.took(this.ask({ do: "remove", at: round }));
    say(t("round_removed"));
    this.#saveSoon();
  }

  // What is wrong on a page, or on all. What is not put to anybody here can't be missing.
  #findings(page) {
    const asked = (finding) => !isHead(finding) && !isWithheld(finding, this.copy.body.guarded);
    return this.ask({ do: "check", page }).findings.filter((finding) => finding.fault !== "required" || asked(finding));
  }

  #next() {
    const findings = this.#findings(this.page.address);
    if (findings.length) {
      this.questions.tell(findings);
      this.errors.replaceChildren(summary(findings, (finding) => this.questions.focus(finding.address), button(t("later"), "tc-quiet", () => this.#on())));
      this.errors.firstChild.focus();
      return;
    }
    this.#on();
  }

  #on() {
    if (this.page.next) this.go(this.page.next);
    else this.#end();
  }

  // The last page: what is still wrong, with the way to each; or the button that ends it.
  #end() {
    const findings = this.#findings();
    const wrong = findings.length > 0 && summary(findings, (finding) => { this.go(finding.page); this.questions.tell([finding]); this.questions.focus(finding.address); });
    const ready = !findings.length && callout("good", t("complete"), el("p", {}, t("complete_next")));
    show(t("end"), this.#tools(), this.alarm, wrong || ready, el("div", { class: "tc-form-actions tc-actions" },
      !findings.length && button(t("hand_in"), "btn-primary", () => this.#kept(() => this.#handIn()), { "data-hand-in": true }), button(t("back"), "tc-quiet", () => this.#back(this.page.address))));
    this.#remember(END);
    if (wrong) wrong.focus();
  }

  async #handIn() {
    this.flush();
    const finished = this.ask({ do: "finish" });
    await this.#saving;
    const body = { ...this.copy.body, xml: finished.submission, draft: finished.draft, files: finished.files, instance: finished.instance_id, handed_in: Date.now(), word: "", words: "" };
    const waiting = { ...this.copy, state: "waiting", body };
    try {
      await this.#keep(waiting, [...this.#files]);
    } catch {
      return this.#tell(true);
    }
    Object.assign(this.copy, waiting);
    await this.leave(true, this.#verdicts(finished.submission));
  }

  // Rules of another version of the program can't be read by this one: then nothing is said, and the copy is handed in all the same.
  #verdicts(copy) {
    try {
      return judged(this.rules, copy);
    } catch {
      return [];
    }
  }

  // What is answered at once is kept together.
  #saveSoon() {
    if (this.#handle !== null) this.#soon ??= setTimeout(() => this.#save(), SOON);
  }

  // Keeps now what waits for its moment.
  flush() {
    return this.#soon === null ? this.#saving : this.#save();
  }

  #save() {
    clearTimeout(this.#soon);
    this.#soon = null;
    // What was handed in stays as it was finished.
    if (this.#handle === null || this.copy.state !== "draft") return this.#saving;
    const { draft, name } = this.ask({ do: "draft" });
    const { answered, asked } = this.page.progress;
    Object.assign(this.copy.body, { xml: draft, name, answered, asked });
    // With the files that it names now: another stroke may replace one before its turn comes.
    const copy = { ...this.copy, body: { ...this.copy.body } };
    const files = [...this.#files];
    this.#saving = this.#saving.then(() => this.forgotten || this.#keep(copy, files)).then(() => this.#tell(false), () => this.#tell(true));
    return this.#saving;
  }

  // Keeps a copy after the files that it names.
  async #keep(copy, files) {
    for (const [name, blob] of files) {
      await copies.keepFile(this.vault, copy, name, blob);
      if (this.#files.get(name) === blob) this.#files.delete(name);
    }
    await copies.keep(this.vault, copy);
  }

  // That something is not kept stands where everybody sees it until it is.
  #tell(unkept) {
    if (unkept && this.unkept) return;
    this.unkept = unkept;
    this.alarm.replaceChildren(...(unkept ? [callout("danger", t("not_kept"), button(t("try_again"), "tc-quiet", () => this.#save()))] : []));
  }

  // Nobody goes on before what stands here is kept. Each time all of it is, so that one that comes through makes good those before.
  async #kept(go) {
    if (this.unkept) await this.#save();
    if (!this.unkept) return go();
    this.alarm.scrollIntoView({ block: "center" });
  }
}
