/* Receiving at the returns desk: the bench is drawn anew after each scan and every few seconds, and
   the screen goes over to the return whose parcel was scanned, without taking the focus. */

const SECONDS = 5;
const OPENING = ["arrived", "again", "opened"];
const COUNTS = ["scan", "add", "wrong", "unexpected"];
const OVER = "data-oms-over";
const ASIDE = ["not_in_it", "unknown"];

/* Read by the browser itself, so that pages with Trusted Types need no policy for it. */
function fetched(url) {
  return new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", url);
    asked.responseType = "document";
    asked.timeout = 10000;
    asked.onloadend = () => done(asked.status === 200 ? asked.response?.querySelector(".omsdesk-bench") : null);
    asked.send();
  });
}

/* Without what differs each time: tokens and the keys of forms. */
const settled = (part) => part.innerHTML.replace(/value="[\w-]{32,}"/g, "");

class Bench extends window.StimulusModule.Controller {
  connect() {
    this.ending = new AbortController();
    const { signal } = this.ending;
    this.timer = setInterval(() => document.hidden || this.refresh(), SECONDS * 1000);
    document.addEventListener("oms:kept", ({ detail }) => this.kept(detail.scan), { signal });
    document.addEventListener("oms:answer", ({ detail }) => this.answered(detail), { signal });
    document.addEventListener("oms:command", (event) => this.command(event), { signal });
    document.addEventListener("toggle", (event) => event.target.open && event.target.querySelector("form :is(input:not([type=hidden]), textarea)")?.focus(), { signal, capture: true });
    window.addEventListener("popstate", () => location.reload(), { signal });
    this.last = JSON.parse(sessionStorage.getItem("oms-last"));
    this.mark();
    this.open();
  }

  disconnect() {
    this.ending.abort();
    clearInterval(this.timer);
    clearTimeout(this.soon);
  }

  get bench() {
    return this.element.querySelector(".omsdesk-bench");
  }

  get rma() {
    return Number(this.bench.dataset.omsReturn);
  }

  count(wish) {
    document.dispatchEvent(new CustomEvent("oms:count", { detail: wish }));
  }

  /* What is scanned from now on counts on the return of this screen, however it was come to. */
  open() {
    const isOpen = Number(sessionStorage.getItem("oms-open")) === this.rma;
    if (!isOpen && !this.bench.hasAttribute(OVER)) this.count({ text: this.bench.dataset.omsNumber });
  }

  kept(scan) {
    if (COUNTS.includes(scan.verb)) this.remember({ after: scan.id });
  }

  /* The last thing that was scanned or counted here is what keys and +2 are about; while it is on its
     way, whatever it turns out to be (``after``). */
  remember(last) {
    this.last = last;
    sessionStorage.setItem("oms-last", JSON.stringify(last));
    this.mark();
  }

  answered({ scan, answer }) {
    if (this.last?.after === scan.id) this.remember(this.about(scan, answer));
    const field = document.getElementById("omsdesk-found-sku");
    if (field && ASIDE.includes(answer.result)) field.value = scan.text;
    if (OPENING.includes(answer.result) && answer.rma !== this.rma) this.goTo(answer.url);
    else this.refreshSoon();
  }

  about({ verb, rma, line, sku, description }, answer) {
    if (answer.counted) return { rma: answer.rma, line: answer.line, sku, description };
    if (answer.parcel && answer.tone !== "bad") return { parcel: answer.parcel };
    return verb === "add" && line ? { rma, line, sku, description } : null;
  }

  /* +2 and -1 change the last count, 12 says there were so many of it: one is counted already. */
  command(event) {
    const { text } = event.detail;
    const isSigned = /^[+-]/.test(text);
    if (!/\d$/.test(text)) return;
    event.preventDefault();
    const quantity = String(isSigned ? Number(text) : Number(text) - 1);
    if (quantity === "0") return;
    const { parcel, ...last } = this.last ?? {};
    this.count({ ...last, verb: "add", quantity });
  }

  refreshSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(), 100);
  }

  async refresh() {
    if (this.busy) return this.refreshSoon();
    this.busy = true;
    const fresh = await fetched(`${this.bench.dataset.omsUrl}?part`);
    this.busy = false;
    if (!fresh || fresh.dataset.omsReturn !== this.bench.dataset.omsReturn) return undefined;
    if (fresh.hasAttribute(OVER) !== this.bench.hasAttribute(OVER)) {
      this.bench.replaceWith(document.adoptNode(fresh));
      return this.mark();
    }
    for (const part of this.bench.querySelectorAll("[data-oms-bench-part]")) {
      const now = fresh.querySelector(`#${part.id}`);
      if (!now || part.contains(document.activeElement) || settled(now) === settled(part)) continue;
      part.replaceChildren(...now.childNodes);
    }
    return this.mark();
  }

  async goTo(url) {
    this.going = url;
    const fresh = await fetched(`${url}?part`);
    if (!fresh || this.going !== url) return;
    this.bench.replaceWith(document.adoptNode(fresh));
    history.pushState(null, "", url);
    this.mark();
  }

  mark() {
    const { line, parcel, rma, after } = this.last ?? {};
    for (const row of this.bench.querySelectorAll("[data-oms-line]")) {
      row.classList.toggle("omsdesk-line--last", row.dataset.omsLine === line && rma === this.rma);
    }
    const form = this.bench.querySelector("[data-oms-bench-last]");
    if (!form) return;
    form.hidden = !line && !parcel && !after;
    form.elements.verb.value = parcel ? "parcel_damaged" : "damaged";
    form.elements.line.value = line ?? "";
    form.elements.text.value = parcel ?? "";
    form.elements.rma.value = rma ?? "";
    form.elements.after.value = after ?? "";
  }
}

window.wagtail.app.register("oms-bench", Bench);
