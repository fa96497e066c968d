/* The queues of the returns desk. What changed is changed where it stands; what is gone turns grey,
   what is new waits behind a button: no row moves under a pointer or the focus. */

const CALM = 15000;

class Queue extends window.StimulusModule.Controller {
  static targets = ["rows", "news", "count", "pause", "gone"];
  static values = { url: String, tag: String, seconds: { type: Number, default: 5 }, paused: Boolean };

  connect() {
    this.stirred = Date.now();
    this.stir = () => (this.stirred = Date.now());
    for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) document.addEventListener(kind, this.stir, { passive: true });
    this.timer = setInterval(() => this.refresh(), this.secondsValue * 1000);
  }

  disconnect() {
    clearInterval(this.timer);
    for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) document.removeEventListener(kind, this.stir);
  }

  toggle() {
    this.pausedValue = !this.pausedValue;
    if (!this.pausedValue) this.refresh();
  }

  pausedValueChanged() {
    this.pauseTarget.setAttribute("aria-pressed", String(this.pausedValue));
  }

  async refresh() {
    if (this.pausedValue || this.busy || document.visibilityState !== "visible") return;
    this.busy = true;
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest", "If-None-Match": this.tagValue };
      const answer = await fetch(this.urlValue, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
      this.element.toggleAttribute("data-stale", !answer.ok && answer.status !== 304);
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        if (!this.element.isConnected) return;
        this.tagValue = answer.headers.get("ETag") || "";
        this.show(new DOMParser().parseFromString(html, "text/html"));
      }
    } catch {
      this.element.toggleAttribute("data-stale", true);
    } finally {
      this.busy = false;
    }
  }

  show(page) {
    for (const count of page.querySelectorAll(".omsdesk-count")) this.recount(count);
    this.fresh = page.getElementById("omsdesk-queue");
    if (!this.fresh) return;
    const told = new Map(this.rowsIn(this.fresh).map((row) => [row.id, row]));
    const shown = this.rowsIn(this.rowsTarget);
    this.held(() => shown.forEach((row) => (told.has(row.id) ? this.change(row, told.get(row.id)) : this.grey(row))));
    const known = new Set(shown.map((row) => row.id));
    const news = [...told.keys()].filter((id) => !known.has(id)).length;
    this.newsTarget.toggleAttribute("data-news", news > 0);
    this.countTarget.textContent = String(news);
    if (!shown.length || this.isCalm()) this.draw();
  }

  /* All as it is now, in its order; what was marked stays marked. */
  draw() {
    if (!this.fresh) return;
    const marks = new Set([...this.rowsTarget.querySelectorAll("tbody input:checked")].map((box) => box.closest("tr").id));
    const held = this.element.contains(document.activeElement) && document.activeElement !== this.pauseTarget;
    this.rowsTarget.replaceChildren(...this.fresh.childNodes);
    this.fresh = null;
    for (const row of this.rowsIn(this.rowsTarget)) {
      const box = row.querySelector("input[type=checkbox]");
      if (box && marks.has(row.id)) box.checked = true;
    }
    this.newsTarget.removeAttribute("data-news");
    if (held && !this.element.querySelector(".omsdesk-bulk")?.contains(document.activeElement)) this.rowsTarget.focus({ preventScroll: true });
  }

  rowsIn(part) {
    return [...part.querySelectorAll("tbody > tr[id]")];
  }

  recount(fresh) {
    const old = document.getElementById(fresh.id);
    if (!old) return;
    if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
    old.className = fresh.className;
  }

  /* A cell that holds the focus, or a mark, waits for the next time. */
  change(row, fresh) {
    const back = row.classList.contains("omsdesk-gone");
    row.classList.remove("omsdesk-gone");
    [...row.cells].forEach((cell, place) => {
      const told = fresh.cells[place];
      if (!told || (!back && cell.innerHTML === told.innerHTML)) return;
      if (cell.contains(document.activeElement) || cell.querySelector("input:checked")) return;
      cell.className = told.className;
      cell.replaceChildren(...told.cloneNode(true).childNodes);
    });
  }

  grey(row) {
    if (row.classList.contains("omsdesk-gone")) return;
    row.classList.add("omsdesk-gone");
    const box = row.querySelector("input[type=checkbox]");
    if (box?.checked) box.click();
    if (box) box.disabled = true;
    row.querySelector(".omsdesk-due")?.replaceChildren(this.goneTarget.content.cloneNode(true));
  }

  /* The row that somebody is at stays where it is, whatever grows above it. */
  held(change) {
    const row = this.rowsTarget.querySelector("tr:hover") || document.activeElement?.closest?.("tr");
    const before = row?.getBoundingClientRect().top;
    change();
    if (row?.isConnected) window.scrollBy(0, row.getBoundingClientRect().top - before);
  }

  /* Nobody has touched anything for a while: a screen on the wall goes on by itself. */
  isCalm() {
    const part = this.rowsTarget;
    return Date.now() - this.stirred > CALM && !part.matches(":hover") && !part.contains(document.activeElement) && !part.querySelector("input:checked");
  }
}

/* Says every few seconds that somebody has this return open, and shows who else has. */
class Presence extends window.StimulusModule.Controller {
  static values = { url: String, csrf: String, seconds: { type: Number, default: 10 } };

  connect() {
    this.timer = setInterval(() => this.beat(), this.secondsValue * 1000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  async beat() {
    if (this.busy || document.visibilityState !== "visible") return;
    this.busy = true;
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": this.csrfValue };
      const answer = await fetch(this.urlValue, { method: "POST", headers, signal: AbortSignal.timeout(10000) });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.body.innerHTML.trim() !== this.element.innerHTML.trim()) this.element.replaceChildren(...page.body.childNodes);
    } catch {
      /* The next beat tries again. */
    } finally {
      this.busy = false;
    }
  }
}

window.wagtail.app.register("oms-queue", Queue);
window.wagtail.app.register("oms-presence", Presence);
