/* Inspecting at the returns desk without a mouse: what is typed into the scan box chooses a grade, a
   quantity, or saves; what is scanned off goods opens these instead of counting them once more. */

/* A code of ours or one of a parcel is what it always is. */
const PARCEL = /^R\d{10}(\d{2})?$/i;

class Judging extends window.StimulusModule.Controller {
  static targets = ["form", "grade", "save", "goods"];

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
    if (!this.hasFormTarget || (!text && this.leadsOn)) return;
    if (!text) {
      event.preventDefault();
      if (!this.sent) this.formTarget.requestSubmit(this.saveTarget);
      this.sent = true;
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

  /* Enter then leads to what was just scanned. */
  answered({ answer }) {
    this.leadsOn = Boolean(answer.url) && answer.url !== location.pathname;
  }

  scanned(event) {
    const { text = "", verb = "scan" } = event.detail;
    const read = text.toUpperCase();
    if (verb !== "scan" || PARCEL.test(read)) return;
    const found = this.goodsTargets.find((each) => each.dataset.codes.toUpperCase().split(" ").some((code) => code && (read === code || (code.length > 5 && read.includes(code)))));
    if (!found) return;
    event.stopImmediatePropagation();
    if (!("done" in found.dataset)) location.assign(found.href);
  }
}

window.wagtail.app.register("oms-judging", Judging);
