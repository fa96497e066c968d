// <oms-live src="…"> fetches a private fragment, then keeps it current over the page's one socket
// (subprotocol oms.live.v1). Light DOM, strict CSP, Trusted Types policy "oms-portal".

const PROTOCOL = "oms.live.v1";
const TOPICS_PER_FRAME = 50;
const PING = 25_000;
const PONG = 10_000;
const WOKEN_PONG = 3_000;
const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 5_000;
const POLL = 30_000;
const TICK = 30_000;
// The server takes 20 frames in 10 s: requests go out together.
const FLUSH = 50;
const FLUSH_AGAIN = 1_500;
// After so many failures in a row it polls, too.
const PATIENCE = 3;
const SIGNED_OUT = 4401;
const TOO_MANY = 4429;

let policy = { createHTML: (html) => html };

const parse = (html) =>
  new DOMParser().parseFromString(policy.createHTML(html), "text/html").querySelector(".oms-fragment");

const jitter = (milliseconds) => milliseconds * (0.5 + Math.random() / 2);

const status = document.createElement("div");
status.className = "oms-status";
status.setAttribute("role", "status");
const sentences = new Set();

function announce(sentence) {
  if (!sentence || sentences.has(sentence) || sentences.add(sentence).size > 1) return;
  status.textContent = "";
  setTimeout(() => {
    status.textContent = [...sentences].join(" ");
    sentences.clear();
  }, 200);
}

let paused = false;
// What changed meanwhile: topic and version.
const waiting = new Set();

function pause(button) {
  paused = !paused;
  button.setAttribute("aria-pressed", paused);
  waiting.clear();
  count();
  if (paused) return;
  tell(document);
  line.wake();
}

function count() {
  for (const number of document.querySelectorAll(".oms-pause-count")) number.textContent = waiting.size;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
// How far the server's clock is ahead of this one.
let ahead = 0;

function tell(root) {
  if (paused) return;
  for (const told of root.querySelectorAll(".oms-rel[data-rel]"))
    told.textContent = relative(told.dataset, told.closest("[lang]")?.lang || undefined);
}

// Counts and rounds as fragments/formats.py does.
function relative({ rel, zone }, language) {
  const now = Date.now() + ahead;
  const instant = rel.includes("T");
  const say = (number, unit) => {
    const numeric = Math.abs(number) < 2 ? "auto" : "always";
    return new Intl.RelativeTimeFormat(language, { numeric, numberingSystem: "latn" }).format(number, unit);
  };
  // Swedes write dates as ISO does.
  const day = (moment) => Date.parse(new Date(moment).toLocaleDateString("sv", { timeZone: zone }));
  for (const [unit, length, below] of [["second", 1, 1], ["minute", 1, 60], ["hour", 60, 12]]) {
    const left = Math.round((Date.parse(rel) - now) / MINUTE / length);
    if (instant && Math.abs(left) < below) return say(left, unit);
  }
  const days = ((instant ? day : Date.parse)(rel) - day(now)) / DAY;
  return Math.abs(days) > 7 ? "" : say(days, "day");
}

// The one socket of the page.
class Line {
  #socket = null;
  #greeted = false;
  #failures = 0;
  #watchers = new Map();
  #snaps = new Map();
  #joining = new Set();
  #leaving = new Set();
  #timers = {};

  watch(name, element) {
    if (!this.#watchers.has(name)) this.#watchers.set(name, new Set());
    this.#watchers.get(name).add(element);
    this.#leaving.delete(name);
    this.#joining.add(name);
    // The server says nothing twice.
    if (this.#snaps.has(name)) element.hear(this.#snaps.get(name));
    this.#socket ? this.#flushSoon() : this.#open();
  }

  unwatch(name, element) {
    const watchers = this.#watchers.get(name);
    if (!watchers?.delete(element) || watchers.size) return;
    this.#watchers.delete(name);
    this.#snaps.delete(name);
    this.#joining.delete(name);
    this.#leaving.add(name);
    this.#flushSoon();
  }

  // The page is looked at again, or the network is back.
  wake() {
    this.#failures = 0;
    for (const element of document.querySelectorAll("oms-live")) element.wake();
    if (this.#greeted) this.#ping(WOKEN_PONG);
    else if (!this.#socket) this.#open();
  }

  #elements() {
    return [...this.#watchers.values()].flatMap((elements) => [...elements]);
  }

  #after(milliseconds, what, work) {
    this.#stop(what);
    this.#timers[what] = setTimeout(() => {
      this.#stop(what);
      work();
    }, milliseconds);
  }

  #stop(...timers) {
    for (const what of timers) {
      clearTimeout(this.#timers[what]);
      delete this.#timers[what];
    }
  }

  #open() {
    if (this.#socket || !this.#watchers.size) return;
    this.#stop("open");
    const url = new URL("/ws/portal/", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url, PROTOCOL));
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#lost(code);
    this.#after(PONG, "pong", () => this.#lost(0));
  }

  drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeted = false;
    this.#snaps.clear();
    this.#stop("ping", "pong", "flush");
    socket?.close();
  }

  #lost(code) {
    this.drop();
    if (code === SIGNED_OUT) {
      for (const element of this.#elements()) element.load();
      return;
    }
    const wait = code === TOO_MANY ? POLL : Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    const given = this.#failures > PATIENCE;
    if (!paused) for (const element of this.#elements()) element.state = given ? "stale" : "reconnecting";
    if (given && !this.#timers.poll) this.#poll();
    this.#after(jitter(wait), "open", () => this.#open());
  }

  #poll() {
    this.#after(jitter(POLL), "poll", () => {
      if (this.#greeted) return;
      if (!document.hidden && !paused) for (const element of this.#elements()) element.load();
      this.#poll();
    });
  }

  #hear(frame) {
    this.#stop("pong");
    if (frame.op === "hello") {
      this.#greeted = true;
      ahead = Date.parse(frame.as_of) - Date.now() || 0;
      this.#failures = 0;
      this.#stop("poll");
      this.#leaving.clear();
      this.#joining = new Set(this.#watchers.keys());
      this.#flush();
      this.#ping(PONG);
    }
    const watchers = this.#watchers.get(frame.topic);
    if (watchers && frame.op === "snap") {
      this.#snaps.set(frame.topic, frame);
      if (paused && !watchers.has(feed)) waiting.add(frame.topic + frame.v);
      count();
    }
    for (const element of [...(watchers ?? [])]) element.hear(frame);
  }

  #ping(patience) {
    this.#send({ op: "ping" });
    this.#after(patience, "pong", () => this.#lost(0));
    this.#after(PING, "ping", () => this.#ping(PONG));
  }

  #flushSoon() {
    if (this.#greeted && !this.#timers.flush) this.#after(FLUSH, "flush", () => this.#flush());
  }

  #flush() {
    const leaving = [...this.#leaving];
    const joining = [...this.#joining].map((name) => {
      const held = [...this.#watchers.get(name)];
      const newest = held.reduce((a, b) => (a.version >= b.version ? a : b));
      return [name, newest.ticket, Math.min(...held.map((element) => element.version))];
    });
    this.#leaving.clear();
    this.#joining.clear();
    if (!leaving.length && !joining.length) return;
    for (const [op, topics] of Object.entries({ unsub: leaving, sub: joining }))
      for (let i = 0; i < topics.length; i += TOPICS_PER_FRAME)
        this.#send({ op, topics: topics.slice(i, i + TOPICS_PER_FRAME) });
    this.#after(FLUSH_AGAIN, "flush", () => this.#flush());
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

const line = new Line();
// The one block that says how fresh the page is.
let feed = null;

class LiveFragment extends HTMLElement {
  static observedAttributes = ["src"];

  #name = null;
  #turn = 0;
  #askedAgain = false;
  #newest = null;
  // Each part's HTML as the server sent it, before the visitor touched it.
  #shown = new Map();
  #retry = 0;
  // The address the visitor turns to, until it is shown.
  #asked = null;
  // The frame that waits for the end of the pause.
  #held = null;

  version = 0;
  ticket = "";

  get #root() {
    return this.querySelector(":scope > .oms-fragment");
  }

  set state(state) {
    this.#say(state, true);
  }

  connectedCallback() {
    if (this.classList.contains("oms-feed")) {
      if (feed?.isConnected && feed !== this) return this.remove();
      feed = this;
    }
    this.addEventListener("click", this);
    this.addEventListener("submit", this);
    this.addEventListener("focusout", this);
    if (!this.#root) this.#find() && this.load();
    else if (!this.#name) this.#adopt(this.#root.cloneNode(true));
    else line.watch(this.#name, this);
  }

  disconnectedCallback() {
    clearTimeout(this.#retry);
    if (this.#name) line.unwatch(this.#name, this);
  }

  attributeChangedCallback(attribute, before, now) {
    if (this.isConnected && before !== null && now !== this.#asked) this.load();
  }

  handleEvent(event) {
    const { type, target } = event;
    const button = target.closest("[data-oms-pause]");
    if (type === "focusout") setTimeout(() => paused || this.#patch());
    else if (type === "click" && button) pause(button);
    else this.#follow(event, target.closest(`${type === "submit" ? "form" : "a"}[data-oms-page]`));
  }

  // The query of a link or form says all of what comes instead.
  #follow(event, from) {
    if (!from || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const src = new URL(this.getAttribute("src"), location);
    const query = new URLSearchParams(event.type === "submit" ? new FormData(from, event.submitter) : from.search);
    const language = src.searchParams.get("lang");
    if (language) query.set("lang", language);
    this.#asked = `${src.pathname}?${query}`;
    this.load();
  }

  // For the first time, for a fresh ticket, or where no socket can be had.
  async load() {
    const turn = ++this.#turn;
    let status, root;
    clearTimeout(this.#retry);
    if (!this.#root) this.state = "loading";
    this.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.#asked ?? this.getAttribute("src"), {
        // The server looks at the page: a preview is shown samples.
        referrerPolicy: "same-origin",
      });
      root = parse(await response.text());
      status = response.status;
    } catch {
      status = 0;
    }
    if (turn !== this.#turn) return;
    this.removeAttribute("aria-busy");
    this.#take(status, root);
    this.#asked = null;
  }

  // Somebody may have signed in in another window.
  wake() {
    if (!paused) this.#patch();
    if (this.#held) this.hear(this.#held);
    if (["signed-out", "error", "stale"].includes(this.dataset.state)) this.load();
  }

  hear(frame) {
    if (frame.op === "deny") {
      if (this.#askedAgain) return this.#lag();
      this.#askedAgain = true;
      this.load();
    } else if (frame.op === "gone") {
      // Asked anew: rights that grew have another topic.
      this.#forget();
      this.#root?.remove();
      this.state = "gone";
      this.load();
    } else if (paused && this.#root) {
      this.#held = frame.op === "snap" ? frame : (this.#held ?? frame);
    } else {
      this.#askedAgain = false;
      this.#held = null;
      if (frame.op === "snap" && frame.v > this.version) {
        const held = this.version;
        this.#show(parse(frame.html));
        this.version = frame.v;
        if (held) announce(frame.say);
      }
      this.state = "live";
    }
  }

  // The page's address may name the order: ?order=…
  #find() {
    const order = new URLSearchParams(location.search).get("order");
    const pattern = this.dataset.srcPattern;
    if (order && pattern) this.setAttribute("src", pattern.replace("{order}", () => slug(order)));
    return this.hasAttribute("src");
  }

  #take(status, root) {
    if (status === 200 && root) {
      if (this.#asked) this.setAttribute("src", this.#asked);
      this.#adopt(root);
    } else if ([401, 403, 404].includes(status)) {
      const state = status === 401 ? "signed-out" : "gone";
      this.#forget();
      if (root) this.#replace(root);
      else this.#root?.remove();
      // The editor's words replace the server's, which replace the shell's.
      const own = this.querySelector(`:scope > [data-own][data-note="${state}"]`);
      const words = root?.querySelector(".oms-headline");
      if (own && words) words.textContent = own.textContent;
      this.#say(state, !root);
    } else if (this.#asked && this.#root) {
      this.state = "error";
      announce(this.querySelector('[data-note="error"]')?.textContent);
    } else {
      this.#lag();
    }
  }

  #lag() {
    this.state = this.#root ? "stale" : "error";
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.isConnected && this.load(), jitter(POLL));
  }

  #adopt(root) {
    const { topic, ticket, version } = root.dataset;
    const another = topic !== this.#name;
    if (another) this.#forget();
    this.ticket = ticket ?? this.ticket;
    if (another || (!paused && Number(version) > this.version)) {
      this.#show(root);
      this.version = Number(version) || 0;
    }
    if (this.#asked) {
      // Whoever turned the page goes on from its top.
      this.#root.tabIndex = -1;
      this.#root.focus();
    }
    // A sample never changes.
    if (!topic) return (this.state = "live");
    this.#name = topic;
    if (!["live", "stale", "reconnecting"].includes(this.dataset.state)) this.#say("loading", false);
    line.watch(topic, this);
  }

  #forget() {
    if (this.#name) line.unwatch(this.#name, this);
    this.#name = this.#newest = this.#held = null;
    this.version = 0;
    this.ticket = "";
    this.#shown.clear();
  }

  #show(root) {
    this.#newest = root ?? this.#newest;
    this.#patch();
  }

  // Replace what changed, but for what the visitor is in the middle of.
  #patch() {
    const root = this.#newest;
    if (!root) return;
    const now = this.#root;
    const fresh = parts(root);
    const standing = parts(now ?? this);
    const same = now?.dataset.topic === root.dataset.topic;
    const alike = same && fresh.size && [...fresh.keys()].join() === [...standing.keys()].join();
    if (!alike) {
      if (same && now?.contains(document.activeElement)) return;
      this.#replace(root.cloneNode(true));
    }
    for (const [key, part] of fresh) {
      const old = standing.get(key);
      if (alike) {
        if (this.#shown.get(key) === part.outerHTML || old.contains(document.activeElement)) continue;
        const next = part.cloneNode(true);
        keep(old, next);
        old.replaceWith(next);
      }
      this.#shown.set(key, part.outerHTML);
    }
    Object.assign(this.#root.dataset, root.dataset);
    this.#react();
    tell(this);
  }

  // What the editor wrote for states of the order.
  #react() {
    const states = this.#root?.dataset.states?.split(" ") ?? [];
    for (const each of this.querySelectorAll(":scope > [data-when]"))
      each.hidden = !each.dataset.when.split(" ").some((word) => states.includes(word));
  }

  #replace(root) {
    this.replaceChildren(root, ...this.querySelectorAll(":scope > :is([data-note], [data-when], .oms-pause)"));
  }

  // ``note``: in the shell's words.
  #say(state, note) {
    this.setAttribute("data-state", state);
    for (const each of this.querySelectorAll(":scope > [data-note]"))
      each.hidden = !note || each.dataset.note !== state;
    this.#react();
  }
}

// An order's name in a path: "2026/17" is "2026~2F17".
function slug(order) {
  const unsafe = /^\.+$/.test(order) ? /\./g : /[!'()*~]/g;
  const hex = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(order).replace(unsafe, hex).replaceAll("%", "~");
}

function parts(root) {
  const found = [...root.querySelectorAll("[data-part]")];
  const outer = found.filter((part) => !part.parentElement.closest("[data-part]"));
  return new Map(outer.map((part) => [part.dataset.part, part]));
}

// What the visitor typed, ticked or unfolded outlives the replacement of a part.
function keep(old, next) {
  const fields = "input, textarea, select";
  const twins = [...next.querySelectorAll(fields)];
  for (const field of old.querySelectorAll(fields)) {
    const ticked = ["checkbox", "radio"].includes(field.type);
    const twin = twins.find(({ name, value }) => name === field.name && (!ticked || value === field.value));
    if (!twin || ["hidden", "file"].includes(field.type)) continue;
    const touched = field.options
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.value !== field.defaultValue;
    if (touched) twin.value = field.value;
    if (field.checked !== field.defaultChecked) twin.checked = field.checked;
  }
  const folds = next.querySelectorAll("details");
  old.querySelectorAll("details").forEach((fold, i) => folds[i]?.toggleAttribute("open", fold.open));
}

// A block for one order asks on its own page.
function ask(event) {
  if (!event.target.matches?.("form[data-oms-ask]")) return;
  event.preventDefault();
  const here = new URL(location.href);
  here.searchParams.set("order", new FormData(event.target).get("order").trim());
  location.assign(here);
}

// The file may be loaded twice, from two addresses.
if (!customElements.get("oms-live")) {
  policy = window.trustedTypes?.createPolicy("oms-portal", policy) ?? policy;
  document.body.append(status);
  customElements.define("oms-live", LiveFragment);
  document.addEventListener("submit", ask);
  addEventListener("online", () => line.wake());
  addEventListener("pageshow", ({ persisted }) => persisted && line.wake());
  setInterval(() => tell(document), TICK);
  addEventListener("pagehide", () => line.drop());
  document.addEventListener("visibilitychange", () => document.hidden || line.wake());
}
