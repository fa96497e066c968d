/* What is scanned before the page's scripts are there waits for them (station.js): a scanner is faster.
   No module, so that it runs as soon as the box is drawn. */
(() => {
  const form = document.querySelector(".omsdesk-box");
  const early = [];
  form.omsEarly = early;
  form.addEventListener("submit", (event) => {
    if (document.readyState === "complete") return;
    event.preventDefault();
    early.push(form.elements.q.value);
    form.reset();
  });
})();
