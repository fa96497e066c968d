/* The order portal in Wagtail's admin: parts of a page that are fetched anew while it is looked at. */

class Refresh extends window.StimulusModule.Controller {
  static targets = ["part", "pause"];
  static values = { url: String, seconds: { type: Number, default: 5 }, paused: Boolean };

  connect() {
    this.timer = setInterval(() => this.refresh(), this.secondsValue * 1000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  toggle() {
    this.pausedValue = !this.pausedValue;
    if (!this.pausedValue) this.refresh();
  }

  pausedValueChanged() {
    if (this.hasPauseTarget) this.pauseTarget.setAttribute("aria-pressed", String(this.pausedValue));
  }

  async refresh() {
    if (this.pausedValue || this.busy || document.visibilityState !== "visible") return;
    this.busy = true;
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(this.urlValue, { headers, signal: AbortSignal.timeout(10000) });
      this.element.toggleAttribute("data-stale", !answer.ok);
      if (answer.ok && !answer.redirected) this.show(await answer.text());
    } catch {
      this.element.toggleAttribute("data-stale", true);
    } finally {
      this.busy = false;
    }
  }

  /* A part that holds the focus, or a marked text, waits for the next time. */
  show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of this.partTargets) {
      const fresh = page.getElementById(part.id);
      if (!fresh || part.contains(document.activeElement) || fresh.innerHTML === part.innerHTML) continue;
      for (const open of part.querySelectorAll("details[open]")) {
        fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
      }
      part.replaceChildren(...fresh.childNodes);
    }
  }
}

window.wagtail.app.register("oms-refresh", Refresh);
