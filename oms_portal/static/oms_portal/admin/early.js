/* What is scanned before the page's scripts are there waits for them (station.js): a scanner is faster.
   No module, and above the box, which is not drawn before it has run. */
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
