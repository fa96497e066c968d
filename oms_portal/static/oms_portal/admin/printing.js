/* Prints of the returns desk: how far the newest one is, whether it came out of the printer, and
   what a label will look like. The file itself is an ordinary download. */

const EVERY = 700;
/* A print that nobody has heard of after so many looks never began: the form had a fault. */
const LOOKS = 30;

class Printing extends window.StimulusModule.Controller {
  static targets = ["say", "meter", "ask", "again", "more"];
  static values = { prints: String, key: String, making: Boolean };

  connect() {
    this.sent = (event) => this.begin(event);
    this.told = (event) => this.hear(event);
    document.addEventListener("submit", this.sent);
    document.addEventListener("oms:command", this.told);
    if (this.makingValue) this.follow();
  }

  disconnect() {
    clearTimeout(this.timer);
    document.removeEventListener("submit", this.sent);
    document.removeEventListener("oms:command", this.told);
  }

  /* A form prints under a key of its own each time it is sent. */
  begin(event) {
    if (!event.target.matches("[data-oms-print]") || event.submitter?.name === "look") return;
    const key = fresh();
    event.target.elements.key.value = key;
    this.keyValue = key;
    this.looks = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), EVERY);
  }

  get url() {
    return `${this.printsValue}${this.keyValue}/`;
  }

  async follow() {
    const key = this.keyValue;
    const state = await this.look();
    if (key !== this.keyValue || !this.element.isConnected) return;
    if (state) this.show(state);
    const over = state ? state.state !== "making" : (this.looks = (this.looks ?? 0) + 1) > LOOKS;
    if (!over) this.timer = setTimeout(() => this.follow(), EVERY);
  }

  async look() {
    try {
      const answer = await fetch(`${this.url}state/`, { signal: AbortSignal.timeout(10000) });
      return answer.ok && !answer.redirected ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  show(state) {
    this.element.hidden = false;
    this.sayTarget.textContent = state.say;
    this.meterTarget.max = state.total;
    this.meterTarget.value = state.made;
    this.meterTarget.hidden = state.state !== "making";
    this.moreTarget.href = this.url;
    this.askTarget.action = this.url;
    this.askTarget.hidden = !state.asks;
    this.againTarget.action = `${this.url}again/`;
    this.againTarget.hidden = true;
  }

  hear({ detail }) {
    if (this.askTarget.hidden || this.element.hidden) return;
    const buttons = [...this.askTarget.querySelectorAll("[data-letter]")];
    const letter = detail.text.toLocaleUpperCase();
    const button = buttons.find((each) => each.dataset.letter.toLocaleUpperCase() === letter);
    if (button) this.askTarget.requestSubmit(button);
  }

  async answer(event) {
    event.preventDefault();
    const said = event.submitter?.value;
    const body = new FormData(this.askTarget);
    body.set("printed", said);
    const { noted, lost, away } = this.askTarget.dataset;
    try {
      const answer = await fetch(this.askTarget.action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    } catch {
      this.sayTarget.textContent = away;
      return;
    }
    this.askTarget.hidden = true;
    this.sayTarget.textContent = said === "yes" ? noted : lost;
    this.againTarget.hidden = said === "yes";
    if (said === "no") this.againTarget.querySelector("button").focus();
  }
}

class Preview extends window.StimulusModule.Controller {
  static targets = ["picture"];

  /* Another paper, size or place: another picture, none where there is no such label. */
  draw({ target }) {
    if (!this.hasPictureTarget || !["template", "medium", "start"].includes(target.name)) return;
    const { template, medium, start } = this.element.elements;
    const url = new URL(this.pictureTarget.src);
    url.search = new URLSearchParams({ template: template.value, medium: medium.value, start: start.value });
    this.pictureTarget.src = url;
  }
}

/* A random UUID (RFC 9562, version 4), also where the page came without TLS. */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

window.wagtail.app.register("oms-printing", Printing);
window.wagtail.app.register("oms-preview", Preview);
