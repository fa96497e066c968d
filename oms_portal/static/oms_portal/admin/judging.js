/* Inspecting at the returns desk without a mouse: what is typed into the scan box chooses a grade, a
   quantity, or saves; what is scanned off goods opens these instead of counting them once more. */

/* A code of ours or one of a parcel is what it always is. */
const PARCEL = /^R\d{10}(\d{2})?$/i;

class Judging extends window.StimulusModule.Controller {
  static targets = ["form", "grade", "save", "goods", "onward"];

  connect() {
    this.ending = new AbortController();
    const { signal } = this.ending;
    document.addEventListener("oms:command", (event) => this.command(event), { signal });
    document.addEventListener("oms:answer", ({ detail }) => this.answered(detail), { signal });
    // Before it is kept for sending.
    window.addEventListener("oms:wish", (event) => this.scanned(event), { capture: true, signal });
  }

  disconnect() {
    this.ending.abort();
  }

  /* Nothing: save; 2 or b: that grade; +3: so many. */
  command(event) {
    const { text } = event.detail;
    if (!text && this.leadsOn) return;
    if (!this.hasFormTarget) {
      if (!text && this.hasOnwardTarget) this.onwardTarget.click();
    } else if (!text) {
      event.preventDefault();
      this.save();
    } else if (text.startsWith("+")) {
      event.preventDefault();
      this.formTarget.elements.quantity.value = text.slice(1);
    } else {
      const named = this.gradeTargets.find((each) => each.dataset.number === text || each.value.toLowerCase() === text.toLowerCase());
      if (!named) return;
      event.preventDefault();
      named.checked = true;
      named.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /* Once: Enter may bounce, and who presses it again means the next goods. */
  save() {
    if (this.sent) return;
    window.addEventListener("submit", (event) => (this.sent = !event.defaultPrevented), { once: true });
    this.formTarget.requestSubmit(this.saveTarget);
  }

  /* Enter then leads to what was just scanned. */
  answered({ answer }) {
    this.leadsOn = Boolean(answer.url) && answer.url !== location.pathname;
  }

  scanned(event) {
    const { text = "", verb = "scan" } = event.detail;
    const read = text.toUpperCase();
    if (verb !== "scan" || PARCEL.test(read)) return;
    const found = this.goodsTargets.find((each) => each.dataset.codes.toUpperCase().split("|").some((code) => code && (read === code || (code.length > 5 && read.includes(code)))));
    if (!found) return;
    event.stopImmediatePropagation();
    if (this.hasFormTarget && found.closest("[aria-current]")) this.mark(read);
    else if (!("done" in found.dataset)) location.assign(found.href);
  }

  /* Of the goods on the screen: this is the one that is judged. */
  mark(read) {
    const named = [...this.formTarget.querySelectorAll("[name=serials]")].find((each) => read.includes(each.value.toUpperCase()));
    if (named) named.checked = true;
  }
}

window.wagtail.app.register("oms-judging", Judging);
