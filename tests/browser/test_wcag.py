"""What axe-core does not look at: foreign style sheets, the reader's own spacing, shapes, outlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oms_portal.blocks import portal_blocks

from .bench import DRESSES, SPACING, Bench, Dress
from .test_axe import STATES, preview


pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db]

HOST = Path(__file__).parent.parent / "site/static/site"
HOSTILE, MODES = ((HOST / name).read_text() for name in ("hostile.css", "modes.css"))


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Bench]:
    page = browser.new_page()
    yield Bench(page)
    page.close()


@pytest.fixture
def bench(window: Bench) -> Iterator[Bench]:
    yield window
    window.sheet("host")
    window.sheet("user")
    window.page.evaluate("document.documentElement.className = ''")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("what", STATES)
def test_a_hosts_element_rules_leave_all_of_ours_alone(bench: Bench, what: str, width: int) -> None:
    bench.dress(Dress("light", "kranich", width))
    bench.put(STATES[what]())
    plain = bench.looks()
    bench.sheet("host", f"{HOSTILE} html, main {{ margin: 0; padding: 0 }}")
    changed = {
        name: {key: (was, now[key]) for key, was in look.items() if was != now[key]}
        for (name, look), (_, now) in zip(plain, bench.looks(), strict=True)
        if look != now
    }
    assert len(plain) > 50
    assert not changed, list(changed.items())[:9]
    assert bench.leaving(320) == bench.leaving(390) == []


@pytest.mark.parametrize(("system", "own"), [("light", "dark"), ("dark", "light")])
@pytest.mark.parametrize("what", STATES)
def test_the_hosts_own_switch_of_modes_counts(
    bench: Bench, what: str, system: str, own: str
) -> None:
    bench.put(STATES[what]())
    bench.sheet("host", MODES)
    bench.page.evaluate(
        "own => { document.body.className = ''; document.documentElement.className = own }", own
    )
    found = {}
    for brand in ("plain", "kranich"):
        bench.dress(Dress(system, brand, 390))
        ground = bench.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (ground == "rgb(22, 24, 28)") is (own == "dark")
        found[brand] = [*bench.faults(), *bench.faint()]
    assert not any(found.values()), found


@pytest.mark.parametrize("what", STATES)
def test_borders_marks_and_outlines_stand_out(bench: Bench, what: str) -> None:
    bench.put(STATES[what]())
    found = {}
    for dress in DRESSES:
        bench.dress(dress)
        found[str(dress)] = bench.faint()
    assert not any(found.values()), found


@pytest.mark.parametrize("what", STATES)
def test_the_readers_own_spacing_and_size_of_text_lose_nothing(bench: Bench, what: str) -> None:
    bench.dress(Dress("light", "plain", 1280))
    bench.put(STATES[what]())
    found = {}
    for name, css in {"spacing": SPACING, "size": "html { font-size: 200% }"}.items():
        bench.sheet("user", css)
        found |= {f"{name} {width}": bench.lost(width) for width in (640, 1280)}
        if name == "spacing":
            found["spacing 320"] = bench.lost(320)
    assert not any(found.values()), found


@pytest.mark.parametrize("level", ["h2", "h3", "h4"])
def test_no_level_of_headings_is_skipped(bench: Bench, level: str) -> None:
    for name, block in portal_blocks():
        above = "".join(f"<{each}>Above</{each}>" for each in ("h2", "h3") if each < level)
        bench.put(above + preview(block, heading="Orders", heading_level=level))
        levels = bench.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((e) => +e.tagName[1])"
        )
        steps = [after - before for before, after in zip(levels, levels[1:], strict=False)]
        assert max(steps) <= 1, (name, levels)


def test_tables_laid_out_as_cards_stay_tables(bench: Bench) -> None:
    bench.put(STATES["samples"]())
    told = {}
    for width in (390, 1280):
        bench.dress(Dress("light", "plain", width))
        table = bench.page.get_by_role("table").first
        told[width] = [table.get_by_role(role).count() for role in ("row", "cell")]
    assert told[390][1] == told[1280][1] > 0
    # The head goes, and every cell says what it is.
    assert told[390][0] == told[1280][0] - 1
