/* A station of the returns desk: the scan box, its keys and sounds, and what came of the last scan.
   What is scanned goes to scans.js. All words stand in the page (station/box.html). */

const STATION = "oms_station";
const TONES = {
  ok: [[880, 0.09]],
  warn: [[520, 0.11], [0, 0.05], [520, 0.11]],
  bad: [[190, 0.5]],
  kept: [[660, 0.04]],
};
const OPENING = ["arrived", "again", "opened"];
/* H. Michael Damm's quasigroup, as returns/labels/digits.py has it. */
const DAMM = "0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790";

/* Whether a code of ours or of GS1, known as one by its form, has a digit that can't be right. */
function isMisread(text) {
  const code = text.replace(/[()\s]/g, "").toUpperCase();
  const own = code.replace(/^\][A-Z]\d/, "").match(/^R(\d{10}|\d{12})$/);
  if (own) return [...own[1]].reduce((state, digit) => DAMM[10 * state + Number(digit)], 0) !== "0";
  const gs1 = code.match(/^(?:\](?:C1|D2|Q3))?00(\d{18})$/) ?? code.match(/^\]E[04](\d{8}|\d{13})$/);
  if (!gs1) return false;
  const weighed = [...gs1[1]].reverse().map((digit, place) => Number(digit) * (place % 2 ? 3 : 1));
  return weighed.reduce((sum, each) => sum + each, 0) % 10 !== 0;
}

function remembered(name, otherwise = null) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

const remember = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

/* Which station this browser is, as its page keeps it (desk/station/settings.py). */
function settings() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${STATION}=`));
  try {
    return JSON.parse(decodeURIComponent(found.slice(STATION.length + 1)));
  } catch {
    return {};
  }
}

let audio;
function sound(tone) {
  if (settings().sound === false || !TONES[tone] || navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  audio.resume();
  let at = audio.currentTime;
  for (const [hertz, seconds] of TONES[tone]) {
    if (hertz) {
      const voice = new OscillatorNode(audio, { frequency: hertz, type: tone === "bad" ? "square" : "sine" });
      voice.connect(new GainNode(audio, { gain: tone === "kept" ? 0.1 : 0.3 })).connect(audio.destination);
      voice.start(at);
      voice.stop(at + seconds);
    }
    at += seconds;
  }
}

class Station extends window.StimulusModule.Controller {
  static targets = ["box", "outcome", "next", "looks", "look", "list", "mute", "word"];
  static values = { sends: Boolean, home: String };

  connect() {
    this.ending = new AbortController();
    const { signal } = this.ending;
    document.addEventListener("keydown", (event) => this.press(event), { signal });
    document.addEventListener("click", (event) => this.click(event), { signal });
    this.boxTarget.focus();
    for (const each of document.querySelectorAll("[data-oms-sound]")) each.hidden = false;
    if (document.readyState === "complete") this.catchUp();
    else window.addEventListener("load", () => this.catchUp(), { signal });
    if (!this.sendsValue) return;
    document.addEventListener("submit", (event) => this.submit(event), { signal });
    document.addEventListener("oms:count", ({ detail }) => this.wish(detail), { signal });
    document.addEventListener("oms:kept", ({ detail }) => this.kept(detail), { signal });
    document.addEventListener("oms:full", ({ detail }) => this.local("bad", "full", detail.scan.text), { signal });
    document.addEventListener("oms:answer", ({ detail }) => this.answered(detail), { signal });
    document.addEventListener("oms:hold", () => this.held(), { signal });
    document.addEventListener("oms:aside", () => sound("bad"), { signal });
    this.draw(remembered("oms-outcome"));
    this.drawLooks();
    this.drawMute();
  }

  disconnect() {
    this.ending.abort();
  }

  /* What was entered before all scripts were there (early.js), beside what is being typed. */
  catchUp() {
    const { value, form } = this.boxTarget;
    for (const text of form.omsEarly?.splice(0) ?? []) {
      this.boxTarget.value = text;
      form.requestSubmit();
    }
    this.boxTarget.value = value;
  }

  /* F2 leads to the box from anywhere, other keys press what bears them. What a scanner types while
     nothing is being filled in goes into the box. */
  press(event) {
    if (event.target === this.boxTarget && this.typed(event)) return event.preventDefault();
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return undefined;
    if (event.key === "F2") {
      event.preventDefault();
      this.boxTarget.focus();
      return this.boxTarget.select();
    }
    if (/^F\d+$/.test(event.key) && !event.shiftKey) return this.hotkey(event);
    const fills = event.target.closest?.("input, textarea, select, [contenteditable], [role=dialog], [role=combobox], [role=menu]");
    if (event.key.length === 1 && !" [?".includes(event.key) && !fills) this.boxTarget.focus();
    return undefined;
  }

  hotkey(event) {
    const all = [...document.querySelectorAll(`[data-hotkey="${event.key}"]:not(:disabled)`)];
    const button = all.find((each) => each.checkVisibility());
    if (!button) return;
    event.preventDefault();
    if (!event.repeat) button.click();
  }

  /* In the box: Ctrl+] is how scanners type GS; some end with Tab, faster than anybody types. */
  typed(event) {
    const box = this.boxTarget;
    if (!box.value) this.began = event.timeStamp;
    if (event.ctrlKey && event.key === "]") {
      box.setRangeText("\x1d", box.selectionStart, box.selectionEnd, "end");
      return true;
    }
    if (event.key !== "Tab" || box.value.length < 4 || (event.timeStamp - this.began) / box.value.length > 40) return false;
    box.form.requestSubmit();
    return true;
  }

  /* What is no code tells the screen something: +2, -1, 12, a letter, or nothing at all. */
  enter(event) {
    if (event.defaultPrevented) return;
    const text = this.boxTarget.value.trim();
    const isCommand = !text || /^([+-]\d{1,3}|\d{1,3}|\p{L})$/u.test(text);
    if (!isCommand && !this.sendsValue) return;
    event.preventDefault();
    this.boxTarget.value = "";
    if (!isCommand) this.read(text);
    else if (document.dispatchEvent(new CustomEvent("oms:command", { detail: { text }, cancelable: true })) && !text) this.goOn();
  }

  /* Enter alone: to where the last scan leads. */
  goOn() {
    if (this.sendsValue && this.isFresh && !this.nextTarget.hidden) this.nextTarget.click();
  }

  read(text) {
    if (isMisread(text)) return this.local("bad", "digit", text);
    const field = document.querySelector("[data-oms-takes=return]");
    if (!field || !/^R\d{10}(\d{2})?$/i.test(text)) return this.wish({ text });
    field.value = text;
    return field.form.querySelector("[type=submit]").focus();
  }

  /* The screen's own return is said where nothing is under way that may have opened another one. */
  wish(wish) {
    const screen = document.querySelector("[data-oms-return]");
    const rma = Number(screen?.dataset.omsReturn);
    const isSure = screen?.hasAttribute("data-oms-over") || (remembered("oms-open") === rma && !this.pending);
    const detail = { station: settings().name ?? "", rma: isSure ? rma : null, ...wish };
    document.dispatchEvent(new CustomEvent("oms:wish", { detail }));
  }

  /* A form of a wish goes the way of scans; others may have to wait until all is sent. */
  submit(event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-oms-wish]")) {
      event.preventDefault();
      const { csrfmiddlewaretoken, rma, ...wish } = Object.fromEntries(new FormData(form, event.submitter));
      this.wish({ ...wish, ...(rma && { rma: Number(rma) }) });
      form.reset();
      form.closest("details")?.removeAttribute("open");
      this.boxTarget.focus();
    } else if (form.matches("[data-oms-waits]") && this.pending) {
      event.preventDefault();
      this.local("bad", "unsent");
      document.dispatchEvent(new CustomEvent("oms:send"));
    }
  }

  click(event) {
    const button = event.target.closest("[data-oms-sound]");
    if (button) sound(button.dataset.omsSound);
  }

  /* Whether anything was not answered yet. */
  get pending() {
    return !this.element.querySelector("[data-oms-scans-target=waiting]").hidden;
  }

  held() {
    sound("warn");
    if (this.outcomeTarget.hasAttribute("data-waits")) this.local("kept", "kept", this.last.text);
  }

  kept({ scan, trouble }) {
    this.last = scan;
    if (trouble) this.local("kept", "kept", scan.text);
    else this.outcomeTarget.toggleAttribute("data-waits", true);
  }

  answered({ scan, answer }) {
    if (OPENING.includes(answer.result)) remember("oms-open", answer.rma);
    this.outcome({ ...answer, text: scan.text ?? "" });
  }

  local(tone, word, text = "") {
    this.outcome({ tone, text, say: this.wordTargets.find((each) => each.dataset.word === word).content.textContent });
  }

  /* One that somebody must look at stays in a list when the next one comes. */
  outcome(told) {
    const before = remembered("oms-outcome");
    if (before?.tone === "bad") {
      remember("oms-looks", [...remembered("oms-looks", []), before].slice(-20));
      this.drawLooks();
    }
    remember("oms-outcome", told);
    this.isFresh = true;
    sound(told.tone);
    this.draw(told);
  }

  draw(told) {
    this.outcomeTarget.hidden = !told;
    if (!told) return;
    this.outcomeTarget.dataset.tone = told.tone;
    this.outcomeTarget.removeAttribute("data-waits");
    for (const part of this.outcomeTarget.querySelectorAll("[data-part]")) {
      const value = told[part.dataset.part] ?? "";
      part.textContent = value;
      part.closest("[data-if]")?.toggleAttribute("hidden", value === "");
    }
    this.nextTarget.hidden = !told.url || told.url === location.pathname;
    this.nextTarget.querySelector("kbd").hidden = !this.isFresh;
    if (told.url) this.nextTarget.href = told.url;
  }

  drawLooks() {
    const looks = remembered("oms-looks", []);
    this.looksTarget.hidden = !looks.length;
    const rows = looks.map((told) => {
      const row = this.lookTarget.content.cloneNode(true);
      row.querySelector("bdi").textContent = told.text;
      row.querySelector("span").textContent = told.say;
      const link = row.querySelector("a");
      link.hidden = !told.url;
      if (told.url) link.href = told.url;
      return row;
    });
    this.listTarget.replaceChildren(...rows);
  }

  seen() {
    sessionStorage.removeItem("oms-looks");
    this.drawLooks();
    this.boxTarget.focus();
  }

  mute() {
    const value = encodeURIComponent(JSON.stringify({ ...settings(), sound: settings().sound === false }));
    document.cookie = `${STATION}=${value}; path=${this.homeValue}; max-age=31536000; samesite=lax`;
    this.drawMute();
    sound("ok");
  }

  drawMute() {
    this.muteTarget.setAttribute("aria-pressed", String(settings().sound === false));
  }
}

window.wagtail.app.register("oms-station", Station);
