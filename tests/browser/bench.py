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
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} ${(node.any[0] ?? node.all[0] ?? {}).message ?? ""}`));
}"""
# Smaller than the finger of WCAG 2.5.8, unless the target is a link within a sentence.
_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
  .filter((each) => each.type !== "hidden" && each.checkVisibility() && !each.closest("p, dd, li p"))
  .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && (box.width < 24 || box.height < 23.5))
  .map(([each, box]) => `${each.outerHTML.slice(0, 160)} ${box.width} x ${box.height}`)"""
_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  }).slice(0, 3).map((each) => each.outerHTML.slice(0, 160))"""


@dataclass(frozen=True)
class Dress:
    scheme: str
    brand: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}-{self.brand}-{self.width}"


# Every choice beside every other one, in half the time of all.
PAIRS = [
    Dress("light", "plain", 390),
    Dress("light", "kranich", 1280),
    Dress("dark", "plain", 1280),
    Dress("dark", "kranich", 390),
]


class Bench:
    """``put`` something, ``dress`` the page, then ask for its ``faults``."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_content(
            f'<!DOCTYPE html><html lang="en"><head><title>Bench</title><style>{CSS}</style>'
            "<style id=brand></style></head><body></body></html>"
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
            }""",
            [kind, inside, language],
        )

    def dress(self, dress: Dress) -> None:
        self.page.emulate_media(color_scheme=dress.scheme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": dress.width, "height": 900})
        self.page.evaluate(
            "css => { document.getElementById('brand').textContent = css }", BRANDS[dress.brand]
        )

    def faults(self) -> list[str]:
        return [*self.page.evaluate(_AXE, TAGS), *self.page.evaluate(_SMALL)]

    def leaving(self, width: int = 320) -> list[str]:
        """What makes the page wider than a narrow window."""
        self.page.set_viewport_size({"width": width, "height": 900})
        found: list[str] = self.page.evaluate(_WIDE)
        return found


def _page_of(html: str) -> str:
    return f'<main class="oms-page-main"><h1 class="oms-page-title">Samples</h1>{html}</main>'
