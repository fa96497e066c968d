// For Wagtail's content checker: a portal block stands under a heading, its own or one that no other
// portal block stands under.
window.wagtail?.userbar?.registerCheck("oms-block-heading", (block) => {
  const headings = "h1, h2, h3, h4, h5, h6, [role=heading]";
  if (block.querySelector(".oms-block-heading")) return true;
  const marks = [...document.querySelectorAll(`${headings}, .oms-block`)].filter(
    (mark) => mark.matches(".oms-block") || (!mark.closest(".oms-block") && mark.textContent.trim()),
  );
  return Boolean(marks[marks.indexOf(block) - 1]?.matches(headings));
});
