/* The scans of the returns desk: each is kept in this browser until the server has answered it, and
   they are sent in order, one tab at a time, by the person who made them alone. One that the server
   refuses time and again is put aside where the person sees it, so that it holds up no others; with a
   parcel or a return, what was scanned after it, which would count on the one before.

   Takes "oms:wish" on the document, tells "oms:kept", "oms:full", "oms:answer", "oms:hold"
   and "oms:aside". */

const ALL = "oms-scan:";
const ASIDE = "oms-aside:";
const ADRIFT = "oms-adrift:";
const AT_ONCE = 50;
const PATIENCE = [1, 2, 4, 8, 15];
const REFUSALS = 3;
/* Of no scan alone: no connection, a server behind its door, or too much at once. */
const PASSING = [0, 429, 502, 503, 504];
const OPENING = ["arrived", "again", "opened"];
const WHY = { 0: "offline", 302: "signed_out", 403: "forbidden", 409: "other" };

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`oms:${name}`, { detail }));
}

function random() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

function uuid() {
  const hex = random();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/* Where a page is no secure context there are no locks; that nothing counts twice is the server's. */
function alone(work) {
  return navigator.locks ? navigator.locks.request("oms-scans", work) : work();
}

/* Whether it says what the next ones are of: a code of ours for a parcel or a return, or its link, or
   an SSCC. A carrier's tracking number, which may look like anything, is taken for goods. */
const CODE = /R\d{10}(\d\d)?\W*$|^(\][A-Z]\d)?\(?00\)?\d{18}\W*$/i;
const leads = ({ verb, text }) => verb === "scan" && CODE.test(text);

class Scans extends window.StimulusModule.Controller {
  static targets = ["waiting", "count", "trouble", "others", "other", "aside", "list", "row"];
  static values = { url: String, csrf: String, user: String, who: String };

  connect() {
    this.trouble = "";
    this.failures = 0;
    this.refusals = 0;
    this.ending = new AbortController();
    const { signal } = this.ending;
    document.addEventListener("oms:wish", ({ detail }) => this.keep(detail), { signal });
    document.addEventListener("oms:send", () => this.send(), { signal });
    window.addEventListener("online", () => this.send(), { signal });
    window.addEventListener("storage", () => this.show(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.send(), { signal });
    this.tabs = new BroadcastChannel("oms-scans");
    this.tabs.onmessage = ({ data }) => data.scan.tab === this.tab && tell("answer", data);
    this.beOneTab(signal);
    this.show();
    this.send();
  }

  disconnect() {
    this.ending.abort();
    this.tabs.close();
    clearTimeout(this.later);
  }

  /* A tab that was copied has the other one's memory: after a while in vain it gets its own name. */
  beOneTab(signal) {
    this.tab = sessionStorage.getItem("oms-tab") ?? this.named();
    const soon = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
    const gone = new Promise((free) => signal.addEventListener("abort", free));
    const held = navigator.locks?.request(`oms-tab-${this.tab}`, { signal: soon }, () => gone);
    held?.catch(() => signal.aborted || this.named());
  }

  named() {
    sessionStorage.removeItem("oms-open");
    this.tab = random();
    sessionStorage.setItem("oms-tab", this.tab);
    return this.tab;
  }

  get own() {
    return `${ALL}${this.userValue}:`;
  }

  /* Each scan has a key of its own, so that tabs never write over each other's. */
  keys(prefix = this.own) {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort();
  }

  keep(wish) {
    const last = Number(sessionStorage.getItem("oms-sequence"));
    const sequence = Math.max(Date.now(), last + 1);
    const scan = { verb: "scan", quantity: "1", ...wish, id: uuid(), tab: this.tab, sequence, at: new Date().toISOString() };
    const key = `${this.own}${String(sequence).padStart(16, "0")}:${scan.id}`;
    try {
      localStorage.setItem(key, JSON.stringify({ ...scan, who: this.whoValue }));
      sessionStorage.setItem("oms-sequence", sequence);
    } catch {
      return tell("full", { scan });
    }
    tell("kept", { scan, trouble: this.trouble });
    this.show();
    return this.send();
  }

  /* All that is kept, the oldest first. */
  async send() {
    if (this.sending) return void (this.anew = true);
    this.sending = true;
    clearTimeout(this.later);
    do {
      this.anew = false;
      if (this.keys().length) await alone(async () => { while (await this.sendSome()); });
    } while (this.anew && !this.trouble);
    this.sending = false;
    return this.show();
  }

  /* The oldest; after a failure one at a time, so that one can't hold up the others' answers. What is
     about the scan before it (``after``) waits for the answer to that. */
  next() {
    const kept = new Map();
    const led = new Set();
    for (const key of this.keys().slice(0, this.failures ? 1 : AT_ONCE)) {
      const scan = JSON.parse(localStorage.getItem(key));
      if (kept.size && scan.after) break;
      if (leads(scan)) led.add(scan.tab);
      const isAdrift = scan.verb === "scan" && !led.has(scan.tab) && localStorage.getItem(ADRIFT + scan.tab);
      if (isAdrift) this.putAside([key, scan]);
      else kept.set(key, scan);
    }
    return kept;
  }

  /* What it is about is known now; of nothing, the server says so. */
  settle(scan, { rma, line, counted }) {
    const about = counted ? { rma, line, sku: scan.sku ?? "", description: scan.description ?? "" } : { line: "" };
    for (const key of this.keys()) {
      const { after, ...next } = JSON.parse(localStorage.getItem(key));
      if (after === scan.id) localStorage.setItem(key, JSON.stringify({ ...next, ...about }));
    }
  }

  /* Whether to go on. */
  async sendSome() {
    const kept = this.next();
    if (!kept.size) return this.freed() || this.keys().length > 0;
    const scans = [...kept.values()].map(({ who, after, ...scan }) => scan);
    const told = await this.post(JSON.stringify({ user: this.userValue, scans }));
    const answers = new Map(told.answers?.map((each) => [each.id, each]));
    const done = [...kept].filter(([, scan]) => answers.has(scan.id));
    if (!done.length && kept.size === 1 && (await this.isRefused(told))) return this.putAside(...kept);
    if (!done.length) return this.hold(WHY[told.status] ?? "server");
    this.freed();
    for (const [key, scan] of done) {
      const answer = answers.get(scan.id);
      this.settle(scan, answer);
      localStorage.removeItem(key);
      if (OPENING.includes(answer.result)) localStorage.removeItem(ADRIFT + scan.tab);
      if (scan.tab === this.tab) tell("answer", { scan, answer });
      else this.tabs.postMessage({ scan, answer });
    }
    this.show();
    return true;
  }

  /* A page that is older than the session has a token that is no longer taken: once more. */
  async post(body) {
    const told = await this.ask({ method: "POST", body });
    if (told.status !== 403 || told.user) return told;
    const door = await this.ask({});
    if (door.status !== 200) return door;
    this.csrfValue = door.csrf;
    return this.ask({ method: "POST", body });
  }

  async ask(options) {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.csrfValue };
    try {
      const answer = await fetch(this.urlValue, { ...options, headers, redirect: "manual", signal: AbortSignal.timeout(20000) });
      if (answer.type === "opaqueredirect" || answer.status === 401) return { status: 302 };
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      return { ...(isOurs ? await answer.json() : {}), status: answer.status };
    } catch {
      return { status: 0 };
    }
  }

  /* Whether it is this scan: the server refused it alone, time and again, and its door was open. */
  async isRefused({ status }) {
    if (PASSING.includes(status)) return false;
    const door = await this.ask({});
    const isOpen = door.status === 200 && String(door.user) === this.userValue;
    this.refusals = isOpen ? this.refusals + 1 : 0;
    return this.refusals >= REFUSALS;
  }

  putAside([key, scan]) {
    localStorage.setItem(key.replace(ALL, ASIDE), JSON.stringify(scan));
    localStorage.removeItem(key);
    if (leads(scan)) localStorage.setItem(ADRIFT + scan.tab, scan.id);
    this.settle(scan, {});
    this.freed();
    tell("aside", { scan });
    this.show();
    return true;
  }

  get aside() {
    return this.keys(this.own.replace(ALL, ASIDE));
  }

  /* They take their places again. */
  retry() {
    for (const key of this.aside) {
      localStorage.setItem(key.replace(ASIDE, ALL), localStorage.getItem(key));
    }
    this.forget();
    return this.send();
  }

  forget() {
    for (const key of this.aside) {
      localStorage.removeItem(ADRIFT + JSON.parse(localStorage.getItem(key)).tab);
      localStorage.removeItem(key);
    }
    this.show();
  }

  freed() {
    this.failures = 0;
    this.refusals = 0;
    this.trouble = "";
    return false;
  }

  hold(why) {
    if (this.trouble !== why) tell("hold", { why });
    this.trouble = why;
    const seconds = PATIENCE[Math.min(this.failures++, PATIENCE.length - 1)];
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), seconds * 1000);
    return false;
  }

  /* How many wait, why, and whose besides. */
  show() {
    const count = this.keys().length;
    this.countTarget.textContent = count;
    this.waitingTarget.hidden = !count;
    for (const each of this.troubleTargets) each.hidden = !count || each.dataset.why !== this.trouble;
    const others = new Map();
    for (const key of this.keys(ALL).filter((each) => !each.startsWith(this.own))) {
      const who = JSON.parse(localStorage.getItem(key) ?? "{}").who ?? "";
      others.set(who, (others.get(who) ?? 0) + 1);
    }
    const rows = [...others].map(([who, waiting]) => {
      const row = this.otherTarget.content.cloneNode(true);
      row.querySelector("bdi").textContent = who;
      row.querySelector("[data-count]").textContent = waiting;
      return row;
    });
    this.othersTarget.replaceChildren(...rows);
    this.showAside();
  }

  showAside() {
    this.asideTarget.hidden = !this.aside.length;
    const rows = this.aside.map((key) => {
      const { at, text, line, sku, description, quantity } = JSON.parse(localStorage.getItem(key));
      const row = this.rowTarget.content.cloneNode(true);
      row.querySelector("bdi").textContent = [text, sku, description, line].filter(Boolean).join(" ") || quantity;
      row.querySelector("time").textContent = new Date(at).toLocaleTimeString(document.documentElement.lang);
      return row;
    });
    this.listTarget.replaceChildren(...rows);
  }
}

window.wagtail.app.register("oms-scans", Scans);
