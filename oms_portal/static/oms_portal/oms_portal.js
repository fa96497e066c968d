// <oms-live src="…"> shows a private fragment and keeps it current.
//
// The element fetches its fragment, then joins the one socket of the page with the name, ticket and
// version it was given. It works inside the light DOM, under a strict CSP and Trusted Types (policy
// "oms-portal"), and beside any other script. Wire: subprotocol oms.live.v1.

const PROTOCOL = "oms.live.v1";
const TOPICS_PER_FRAME = 50;
const PING = 25_000;
const PONG = 10_000;
const WOKEN_PONG = 3_000;
const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 5_000;
const POLL = 30_000;
// The server takes 20 frames in 10 s; what is asked in between goes out together.
const FLUSH = 50;
const FLUSH_AGAIN = 1_500;
// So many failed attempts in a row, and the page polls while it goes on trying.
const PATIENCE = 3;

const SIGNED_OUT = 4401;
const TOO_MANY = 4429;

let policy = { createHTML: (html) => html };

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content.querySelector(".oms-fragment");
}

function jitter(milliseconds) {
  return milliseconds * (0.5 + Math.random() / 2);
}

// --- What is read out -------------------------------------------------------------------------

let status = null;
let sentences = new Set();

function mountStatus() {
  status = document.createElement("div");
  status.className = "oms-status";
  status.setAttribute("role", "status");
  document.body.append(status);
}

function announce(sentence) {
  if (!sentence) return;
  if (!sentences.size) {
    status.textContent = "";
    setTimeout(() => {
      status.textContent = [...sentences].join(" ");
      sentences = new Set();
    }, 200);
  }
  sentences.add(sentence);
}

// --- The one socket of the page ---------------------------------------------------------------

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
    // The server tells this socket nothing twice.
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

  // The page is looked at again, or the network is back: find out at once what was missed.
  wake() {
    this.#failures = 0;
    for (const element of document.querySelectorAll("oms-live")) element.wake();
    if (this.#greeted) this.#ping(WOKEN_PONG);
    else if (!this.#socket) this.#open();
  }

  // Let the page rest in the browser's back/forward cache.
  rest() {
    this.#drop();
  }

  #elements() {
    return [...this.#watchers.values()].flatMap((elements) => [...elements]);
  }

  #after(milliseconds, what, work) {
    clearTimeout(this.#timers[what]);
    this.#timers[what] = setTimeout(() => {
      delete this.#timers[what];
      work();
    }, milliseconds);
  }

  #open() {
    if (this.#socket || !this.#watchers.size) return;
    clearTimeout(this.#timers.open);
    const url = new URL("/ws/portal/", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url, PROTOCOL));
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#lost(code);
    this.#after(PONG, "pong", () => this.#lost(0));
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeted = false;
    this.#snaps.clear();
    for (const what of ["ping", "pong", "flush"]) {
      clearTimeout(this.#timers[what]);
      delete this.#timers[what];
    }
    socket?.close();
  }

  #lost(code) {
    this.#drop();
    if (code === SIGNED_OUT) {
      // The fragment's own address answers with the way back in, in place of what was private.
      for (const element of this.#elements()) element.load();
      return;
    }
    const wait = code === TOO_MANY ? POLL : Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    const given = this.#failures > PATIENCE;
    for (const element of this.#elements()) element.state = given ? "stale" : "reconnecting";
    if (given && !this.#timers.poll) this.#poll();
    this.#after(jitter(wait), "open", () => this.#open());
  }

  #poll() {
    this.#after(jitter(POLL), "poll", () => {
      if (this.#greeted) return;
      if (!document.hidden) for (const element of this.#elements()) element.load();
      this.#poll();
    });
  }

  #hear(frame) {
    clearTimeout(this.#timers.pong);
    if (frame.op === "hello") {
      this.#greeted = true;
      this.#failures = 0;
      clearTimeout(this.#timers.poll);
      delete this.#timers.poll;
      this.#leaving.clear();
      this.#joining = new Set(this.#watchers.keys());
      this.#flush();
      this.#ping(PONG);
    }
    const watchers = this.#watchers.get(frame.topic);
    if (watchers && frame.op === "snap") this.#snaps.set(frame.topic, frame);
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
    for (let i = 0; i < leaving.length; i += TOPICS_PER_FRAME)
      this.#send({ op: "unsub", topics: leaving.slice(i, i + TOPICS_PER_FRAME) });
    for (let i = 0; i < joining.length; i += TOPICS_PER_FRAME)
      this.#send({ op: "sub", topics: joining.slice(i, i + TOPICS_PER_FRAME) });
    this.#after(FLUSH_AGAIN, "flush", () => this.#flush());
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

const line = new Line();
// How fresh the page is, is said once, whatever the number of its blocks.
let feed = null;

// --- The element ------------------------------------------------------------------------------

class LiveFragment extends HTMLElement {
  static observedAttributes = ["src"];

  #name = null;
  #turn = 0;
  #askedAgain = false;
  #newest = null;
  // The server's HTML of each part as it stands on the page; what the visitor did to it not counted.
  #shown = new Map();
  #retry = 0;
  #turning = false;

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
    if (this.isConnected && before !== null && before !== now) this.load();
  }

  handleEvent(event) {
    if (event.type === "focusout") {
      setTimeout(() => this.#newest && this.#patch(this.#newest));
      return;
    }
    const link = event.target.closest?.("a[data-oms-page]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#turnTo(link);
  }

  // Fetch the fragment anew: the first time, for a fresh ticket, or where no socket can be had.
  async load() {
    const turn = ++this.#turn;
    clearTimeout(this.#retry);
    if (!this.#root) this.state = "loading";
    this.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.getAttribute("src"), {
        credentials: "same-origin",
        headers: { Accept: "text/html" },
        cache: "no-store",
      });
      const root = parse(await response.text());
      if (turn === this.#turn) this.#take(response.status, root);
    } catch {
      if (turn === this.#turn) this.#take(0, null);
    }
    if (turn === this.#turn) this.removeAttribute("aria-busy");
  }

  // Somebody may have signed in meanwhile, in another window.
  wake() {
    if (["signed-out", "error"].includes(this.dataset.state)) this.load();
  }

  // A frame about this fragment.
  hear(frame) {
    if (frame.op === "deny" && !this.#askedAgain) {
      this.#askedAgain = true;
      this.load();
    } else if (frame.op === "deny") {
      this.#lag();
    } else if (frame.op === "gone") {
      // Emptied at once; then asked anew, for rights that grew have another topic.
      this.#forget();
      this.#root?.remove();
      this.state = "gone";
      this.load();
    } else if (frame.op === "same" || frame.op === "snap") {
      this.#askedAgain = false;
      if (frame.op === "snap" && frame.v > this.version) {
        const held = this.version;
        this.#show(parse(frame.html));
        this.version = frame.v;
        if (held) announce(frame.say);
      }
      this.state = "live";
    }
  }

  // The block's own page may say which order it is about: ?order=…
  #find() {
    const order = new URLSearchParams(location.search).get("order");
    if (order && this.dataset.srcPattern) {
      this.setAttribute("src", this.dataset.srcPattern.replace("{order}", () => slug(order)));
    }
    return this.hasAttribute("src");
  }

  #turnTo(link) {
    const src = new URL(this.getAttribute("src"), location.href);
    src.searchParams.delete("before");
    for (const [key, value] of new URL(link.href).searchParams) src.searchParams.set(key, value);
    this.#turning = true;
    link.blur();
    this.setAttribute("src", src.pathname + src.search);
  }

  #take(status, root) {
    if (status === 200 && root) {
      this.#adopt(root);
    } else if (status === 401 || status === 403 || status === 404) {
      this.#forget();
      if (root) this.#replace(root);
      else this.#root?.remove();
      // Where the server sent words of its own, ours would only repeat them.
      this.#say(status === 401 ? "signed-out" : "gone", !root);
    } else {
      this.#lag();
    }
  }

  #lag() {
    this.state = this.#root ? "stale" : "error";
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.isConnected && this.load(), jitter(POLL));
  }

  // Show a fragment that came with a ticket, and join its topic.
  #adopt(root) {
    const { topic, ticket, version } = root.dataset;
    const another = topic !== this.#name;
    if (another) this.#forget();
    this.ticket = ticket ?? this.ticket;
    if (another || Number(version) > this.version) {
      this.#show(root);
      this.version = Number(version) || 0;
    }
    if (!topic) return;
    this.#name = topic;
    if (!["live", "stale", "reconnecting"].includes(this.dataset.state)) this.#say("loading", false);
    if (this.#turning) this.#focus();
    line.watch(topic, this);
  }

  // Whoever turned a page by keyboard goes on from its top.
  #focus() {
    this.#turning = false;
    this.#root.tabIndex = -1;
    this.#root.focus();
  }

  #forget() {
    if (this.#name) line.unwatch(this.#name, this);
    this.#name = this.#newest = null;
    this.version = 0;
    this.ticket = "";
    this.#shown.clear();
  }

  #show(root) {
    if (!root) return;
    this.#newest = root;
    this.#patch(root);
  }

  #patch(root) {
    const now = this.#root;
    const fresh = parts(root);
    const standing = now ? parts(now) : new Map();
    const keys = [...fresh.keys()].join();
    if (!now || !keys || keys !== [...standing.keys()].join() || now.dataset.topic !== root.dataset.topic) {
      if (now && now.dataset.topic === root.dataset.topic && now.contains(document.activeElement)) return;
      this.#replace(root.cloneNode(true));
    } else {
      for (const [key, part] of fresh) {
        const old = standing.get(key);
        if (this.#shown.get(key) === part.outerHTML || old.contains(document.activeElement)) continue;
        const next = part.cloneNode(true);
        keep(old, next);
        old.replaceWith(next);
        this.#shown.set(key, part.outerHTML);
      }
      for (const name of ["data-version", "data-as-of"])
        if (root.hasAttribute(name)) now.setAttribute(name, root.getAttribute(name));
      return;
    }
    for (const [key, part] of fresh) this.#shown.set(key, part.outerHTML);
  }

  // Put a whole fragment in the place of the old one, or of the shell's own words.
  #replace(root) {
    const notes = this.querySelectorAll(":scope > [data-note]");
    this.replaceChildren(root, ...notes);
  }

  #say(state, note) {
    this.setAttribute("data-state", state);
    for (const each of this.querySelectorAll(":scope > [data-note]"))
      each.hidden = !note || each.dataset.note !== state;
  }
}

// An order's name in a path: percent-encoding with another sign, "2026/17" is "2026~2F17".
function slug(order) {
  const hex = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  const written = encodeURIComponent(order).replace(/[!'()*~]/g, hex).replaceAll("%", "~");
  return /^\.+$/.test(written) ? written.replaceAll(".", "~2E") : written;
}

function parts(root) {
  const found = [...root.querySelectorAll("[data-part]")];
  const outer = found.filter((part) => !part.parentElement.closest("[data-part]"));
  return new Map(outer.map((part) => [part.dataset.part, part]));
}

// What the visitor typed, ticked or unfolded in a part outlives its replacement.
function keep(old, next) {
  for (const field of old.querySelectorAll("input[name], textarea[name]")) {
    const twin = next.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (!twin || field.type === "hidden" || field.type === "file") continue;
    if (field.value !== field.defaultValue) twin.value = field.value;
    if (field.checked !== field.defaultChecked) twin.checked = field.checked;
  }
  for (const field of old.querySelectorAll("select[name]")) {
    const twin = next.querySelector(`select[name="${CSS.escape(field.name)}"]`);
    const touched = [...field.options].some((option) => option.selected !== option.defaultSelected);
    if (twin && touched) twin.value = field.value;
  }
  const folds = next.querySelectorAll("details");
  old.querySelectorAll("details").forEach((fold, i) => folds[i]?.toggleAttribute("open", fold.open));
}

// The form of a block for one order asks on the block's own page; without script it leads to the
// portal's.
function ask(event) {
  if (!event.target.matches?.("form[data-oms-ask]")) return;
  event.preventDefault();
  const here = new URL(location.href);
  here.searchParams.set("order", new FormData(event.target).get("order").trim());
  location.assign(here);
}

// A page may load this file twice, under two addresses.
if (!customElements.get("oms-live")) {
  policy = window.trustedTypes?.createPolicy("oms-portal", policy) ?? policy;
  mountStatus();
  customElements.define("oms-live", LiveFragment);
  document.addEventListener("submit", ask);
  addEventListener("online", () => line.wake());
  addEventListener("pageshow", ({ persisted }) => persisted && line.wake());
  addEventListener("pagehide", () => line.rest());
  document.addEventListener("visibilitychange", () => document.hidden || line.wake());
}
