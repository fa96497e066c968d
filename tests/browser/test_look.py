"""What only a browser shows of the look: contrast, room, a host's own style sheet, modes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from oms_portal.fragments import samples
from oms_portal.fragments.samples.detail import detail

from .conftest import CSS, Draw


pytestmark = [pytest.mark.browser, pytest.mark.once]

SAMPLES: dict[str, Callable[[], str]] = {
    "orders": samples.orders,
    "order": samples.order,
    "tracker": samples.tracker,
    "documents": samples.documents,
    "dashboard": samples.activity.dashboard,
    "updates": samples.activity.updates,
    "arriving": samples.activity.arriving,
    "offline": lambda: samples.freshness("offline"),
}
# What hosts do to elements, more or less on purpose.
HOSTILE = """
* { margin: 11px; padding: 5px; letter-spacing: 3px }
h2, h3, h4 { font: italic 46px serif; color: hotpink; text-transform: uppercase; border: 3px dashed }
p, li, dd, dt, td, th { font-size: 30px; color: hotpink; background: yellow }
ol, ul { list-style: square; padding: 40px }
table, td, th { border: 4px solid red } a { color: lime; font-size: 40px }
section, article, header, nav { padding: 40px; border: 4px dashed red; background: pink }
"""


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing(draw: Draw, width: int, scheme: str) -> None:
    html = "".join(sample() for sample in SAMPLES.values())
    page = draw(html, width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_leaves_the_page(draw: Draw, name: str, direction: str) -> None:
    page = draw(SAMPLES[name](), direction=direction)
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width


def test_endless_words_are_broken(draw: Draw) -> None:
    sample = detail()
    endless = "Antriebswellenkupplungsgehaeuse" * 6
    line = replace(sample.lines[0], description=endless, sku=endless[:100], unit="KGM")
    line = replace(line, amount=Decimal("1234567890.5"))
    place = replace(sample.delivery_address, name=endless, lines=(endless,))
    summary = replace(sample.summary, number=endless[:100], customer_reference=endless)
    placed = (replace(sample.placed[0], line=line),)
    long = replace(sample, placed=placed, delivery_address=place, summary=summary)
    for html in (samples.order(long), samples.tracker(long)):
        assert overflow(draw(html, 390)) <= 0


def test_a_narrow_column_on_a_wide_page_is_laid_out_as_narrow(draw: Draw) -> None:
    page = draw(
        f'<div class="column">{samples.orders()}</div>', host_css=".column { width: 22rem }"
    )
    page.evaluate("document.querySelector('.column').classList.add('oms-portal')")
    page.add_style_tag(content=".column.column { inline-size: 22rem }")
    assert page.locator("thead").is_hidden()
    assert page.evaluate("document.querySelector('.oms-table').scrollWidth") <= 352


def test_the_hosts_element_rules_leave_ours_alone(draw: Draw) -> None:
    style = """(selector) => { const s = getComputedStyle(document.querySelector(selector));
      return [s.fontSize, s.fontStyle, s.color, s.textTransform, s.padding, s.borderTopWidth,
              s.borderTopStyle, s.backgroundColor, s.listStyleType, s.margin] }"""
    names = sorted(set(re.findall(r'class="(oms-[a-z-]+)', samples.order())))
    page = draw(samples.order())
    plain = {name: page.evaluate(style, f".{name}") for name in names}
    page = draw(samples.order(), host_css=HOSTILE)
    assert {name: page.evaluate(style, f".{name}") for name in names} == plain


def test_a_hosts_token_on_the_root_wins(draw: Draw) -> None:
    html = samples.orders()
    color = "getComputedStyle(document.querySelector('.oms-order-link')).color"
    page = draw(html, host_css=":root { --oms-accent: rgb(180, 0, 90) }")
    assert page.evaluate(color) == "rgb(180, 0, 90)"
    page = draw(html, host_css=".brand { --oms-accent: rgb(1, 2, 3) }", page_class="brand")
    assert page.evaluate(color) == "rgb(1, 2, 3)"


def test_type_and_colour_are_the_hosts_own(draw: Draw) -> None:
    css = "body { color: rgb(9, 8, 7); font-family: Georgia }"
    page = draw(samples.orders(), host_css=css, page_class="host")
    seen = page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('.oms-chip'));"
        " return [s.color, s.fontFamily] })()"
    )
    assert seen == ["rgb(9, 8, 7)", "Georgia"]


def test_a_still_page_where_motion_is_unwelcome(draw: Draw) -> None:
    name = (
        "getComputedStyle(document.querySelector('.oms-step-now > .oms-step-mark'), '::after')"
        ".animationName"
    )
    assert draw(samples.order()).evaluate(name) == "oms-here"
    assert draw(samples.order(), reduced_motion="reduce").evaluate(name) == "none"


def test_forced_colours_keep_the_bar_and_the_steps(draw: Draw) -> None:
    page = draw(samples.order(), forced_colors="active")
    border = "getComputedStyle(document.querySelector('.oms-chip')).borderTopStyle"
    assert page.evaluate(border) == "solid"
    fill = "getComputedStyle(document.querySelector('.oms-bar-part')).fill"
    assert page.evaluate(fill) != "rgba(0, 0, 0, 0)"


def test_paper_shows_what_counts(draw: Draw) -> None:
    page = draw(samples.order())
    page.emulate_media(media="print")
    assert page.locator(".oms-parcel-link").first.is_hidden()
    assert page.locator(".oms-line-title").first.is_visible()


def test_the_bar_runs_with_the_text(draw: Draw) -> None:
    left = "document.querySelector('.oms-bar-part').getBoundingClientRect().left"
    here = draw(samples.order()).evaluate(left)
    assert here < draw(samples.order(), direction="rtl").evaluate(left)


def test_the_sheet_is_small_and_single_classed() -> None:
    assert len(gzip.compress(CSS.encode())) <= 12 * 1024
    assert "@layer" not in CSS and "!important" not in CSS and "@import" not in CSS
    assert "url(" not in CSS and "#" not in "".join(
        line.split("{")[0] for line in CSS.splitlines() if line.lstrip().startswith(".")
    )
