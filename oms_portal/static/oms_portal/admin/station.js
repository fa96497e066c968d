/* A station of the returns desk: the scan box, its keys, and the scans that wait to be sent. */

class Station extends window.StimulusModule.Controller {
  static targets = ["box"];
  static values = { url: String, user: String };

  connect() {
    this.pressed = (event) => this.press(event);
    document.addEventListener("keydown", this.pressed);
    this.boxTarget.focus();
  }

  disconnect() {
    document.removeEventListener("keydown", this.pressed);
  }

  /* F2 leads to the box from anywhere; other keys press what bears them. */
  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
    if (event.key === "F2") {
      event.preventDefault();
      this.boxTarget.focus();
      this.boxTarget.select();
    } else if (/^F\d+$/.test(event.key)) {
      const all = [...document.querySelectorAll(`[data-hotkey="${event.key}"]:not(:disabled)`)];
      const button = all.find((each) => each.checkVisibility());
      if (!button) return;
      event.preventDefault();
      button.click();
    }
  }

  /* What is no code tells the screen something: +2, -1, 12, a letter, or nothing at all. */
  enter(event) {
    const text = this.boxTarget.value.trim();
    if (text && !/^([+-]\d{1,3}|\d{1,3}|\p{L})$/u.test(text)) return;
    event.preventDefault();
    this.boxTarget.value = "";
    document.dispatchEvent(new CustomEvent("oms:command", { detail: { text } }));
  }
}

window.wagtail.app.register("oms-station", Station);
