"""A browser page on which samples and whole pages are laid out in any dress, and looked through.

The page is loaded once and keeps axe-core; what is looked at is put into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from oms_portal.brand.models import PortalBrand
from oms_portal.brand.sheet import sheet_of

from .conftest import CSS


BRANDS = {
    "plain": "",
    "kranich": sheet_of(
        PortalBrand(accent="#5b2a86", corners="round", font="humanist", heading_font="serif")
    ),
}
# What depends on a dress; all else is the same in every one of the same width.
COLOURS = ["color-contrast", "link-in-text-block"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Contrast that axe could not tell counts as a fault, so that no text goes unlooked at; but for
# a line drawn beside the text by a pseudo element, which covers nothing, and for columns of a
# table that a narrow window scrolls to (a wide one shows them).
_AXE = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations", "incomplete"]});
  const unsure = found.incomplete.filter((rule) => rule.id === "color-contrast");
  return [...found.violations, ...unsure].flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} ${(node.any[0] ?? node.all[0] ?? {}).message ?? ""}`))
    .filter((words) => !words.includes("pseudo element") && !/<t[hd] .*obscured/.test(words));
}"""
# Smaller than the finger of WCAG 2.5.8, unless the target is a link within a sentence.
_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
  .filter((each) => each.type !== "hidden" && each.checkVisibility())
  .filter((each) => !each.closest("p, dd") ||
    each.closest("p, dd").textContent.trim() === each.textContent.trim())
  .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && (box.width < 24 || box.height < 23.5))
  .map(([each, box]) => `${each.outerHTML.slice(0, 160)} ${box.width} x ${box.height}`)"""
_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  }).slice(0, 3).map((each) => each.outerHTML.slice(0, 160))"""
# Shapes that tell something and stand out by less than 3 to 1 (WCAG 1.4.11).
_FAINT = """() => {
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const paint = (color) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = color; pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const over = (under, [r, g, b, a]) => [r, g, b].map((c, i) => (c * a + under[i] * (255 - a)) / 255);
  const behind = (each) => each === null ? [255, 255, 255]
    : over(behind(each.parentElement), paint(getComputedStyle(each).backgroundColor));
  const light = (color) => color.map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05);
  const shapes = {
    borderTopColor: "input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea, " +
      ".oms-menu-button, .oms-button, .oms-step-mark, .oms-stop-mark, .oms-view",
    borderBottomColor: ".oms-tab[aria-current], .oms-nav-link[aria-current]",
    borderLeftColor: "[dir=ltr] :is(.oms-note:not([data-note=loading]), .oms-message, .oms-problem)",
    color: ".oms-chip > .oms-icon, .oms-mark, .oms-figure-word > .oms-icon, .oms-fresh > .oms-icon, " +
      ".oms-problem-title > .oms-icon, .oms-moved > .oms-icon, .oms-step-done > .oms-step-mark",
    outlineColor: "a, button, input, select, summary",
  };
  const found = [];
  for (const [property, selector] of Object.entries(shapes))
    for (const each of document.querySelectorAll(selector)) {
      if (!each.checkVisibility()) continue;
      if (property === "outlineColor") each.focus({focusVisible: true, preventScroll: true});
      const under = behind(property === "color" ? each : each.parentElement);
      const two = [light(under), light(over(under, paint(getComputedStyle(each)[property])))];
      const ratio = Math.max(...two) / Math.min(...two);
      if (ratio < 3) found.push(`${property} ${ratio.toFixed(2)}: ${each.outerHTML.slice(0, 120)}`);
    }
  document.activeElement.blur();
  return found;
}"""
# Text that its box cuts off, unless it is for ears only.
_CUT = """() => [...document.querySelectorAll(".oms-portal *")].filter((each) => {
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    return [style.overflowX, style.overflowY].some((way) => ["hidden", "clip"].includes(way))
      && box.width > 2 && each.textContent.trim() && each.checkVisibility()
      && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
  }).map((each) => each.outerHTML.slice(0, 160))"""
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"""
_LOOKS = """(names) => [...document.querySelectorAll(".oms-portal *")]
  .filter((each) => !each.closest(".oms-reaction, svg *, template, option, [type=hidden]"))
  .filter((each) => each.closest("[class^=oms-]") && !each.matches("main > *:not([class^=oms-])"))
  .map((each) => {
    const style = getComputedStyle(each);
    return [`${each.tagName} ${each.className} in ${each.parentElement.className}`,
      Object.fromEntries(names.map((name) => [name, style[name]]))];
  })"""
LOOKS = [
    *("fontSize", "fontWeight", "fontStyle", "fontFamily", "lineHeight", "letterSpacing", "color"),
    *("backgroundColor", "borderTopWidth", "borderTopStyle", "borderTopColor", "borderLeftWidth"),
    *("borderBottomWidth", "borderTopLeftRadius", "paddingTop", "paddingLeft", "paddingBottom"),
    *("paddingRight", "marginTop", "marginBottom", "textTransform", "textDecorationLine"),
    *("listStyleType", "fill", "boxShadow", "opacity", "display"),
]


@dataclass(frozen=True)
class Dress:
    scheme: str
    brand: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}-{self.brand}-{self.width}"


DRESSES = [
    Dress(scheme, brand, width)
    for width in (390, 1280)
    for brand in BRANDS
    for scheme in ("light", "dark")
]


class Bench:
    """``put`` something, ``dress`` the page, then ask for its ``faults``."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_content(
            '<!DOCTYPE html><html lang="en" dir="ltr"><head><title>Bench</title>'
            f"<style id=host></style><style>{CSS}</style><style id=brand></style>"
            "<style id=user></style></head><body></body></html>"
        )
        page.evaluate(AXE_SCRIPT)

    def put(self, html: str, language: str = "en") -> None:
        """A fragment, or a whole page by its body."""
        body = re.search(r"<body class=\"([^\"]*)\">(.*)</body>", html, re.DOTALL)
        kind, inside = body.groups() if body else ("oms-portal oms-page", _page_of(html))
        inside = re.sub(r"<(script|link)\b[^>]*>(</script>)?", "", inside)
        self.page.evaluate(
            """([kind, html, language]) => {
              document.documentElement.lang = language;
              document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
              document.body.className = kind;
              document.body.innerHTML = html;
              for (const fold of document.querySelectorAll("details")) fold.open = true;
              // Open panels would cover what is below them.
              for (const panel of document.querySelectorAll(".oms-menu-panel"))
                panel.style.position = "static";
            }""",
            [kind, inside, language],
        )

    def dress(self, dress: Dress) -> None:
        self.page.emulate_media(color_scheme=dress.scheme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": dress.width, "height": 900})
        self.page.evaluate(
            "css => { document.getElementById('brand').textContent = css }", BRANDS[dress.brand]
        )

    def sheet(self, whose: str, css: str = "") -> None:
        """Under our sheet the ``host``'s, over it the ``user``'s."""
        self.page.evaluate(
            "([whose, css]) => { document.getElementById(whose).textContent = css }", [whose, css]
        )

    def looks(self) -> list[tuple[str, dict[str, str]]]:
        """How every element of ours looks, by its name."""
        found: list[tuple[str, dict[str, str]]] = self.page.evaluate(_LOOKS, LOOKS)
        return found

    def faint(self) -> list[str]:
        found: list[str] = self.page.evaluate(_FAINT)
        return found

    def lost(self, width: int) -> list[str]:
        """What is cut off, or leaves a window of this width."""
        return [*self.leaving(width), *self.page.evaluate(_CUT)]

    def faults(self) -> list[str]:
        return [*self.page.evaluate(_AXE, TAGS), *self.page.evaluate(_SMALL)]

    def faults_by_dress(self) -> dict[str, list[str]]:
        """In all eight dresses: every rule at each width, those of colour in each."""
        found = {}
        for dress in DRESSES:
            self.dress(dress)
            whole = (dress.brand, dress.scheme) == ("plain", "light")
            found[str(dress)] = self.faults() if whole else self.page.evaluate(_AXE, COLOURS)
        return found

    def leaving(self, width: int = 320) -> list[str]:
        """What makes the page wider than a narrow window."""
        self.page.set_viewport_size({"width": width, "height": 900})
        found: list[str] = self.page.evaluate(_WIDE)
        return found


def _page_of(html: str) -> str:
    return f'<main class="oms-page-main"><h1 class="oms-page-title">Samples</h1>{html}</main>'
