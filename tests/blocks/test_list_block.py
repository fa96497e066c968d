"""What an editor chooses for an order list reaches its fragment, its page and its preview."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.blocks import OrderListBlock


def params(**value: Any) -> dict[str, str]:
    block = OrderListBlock()
    return {name: text for name, text in block.params(block.to_python(value)).items() if text}


def sample(**value: Any) -> str:
    block = OrderListBlock()
    return block.sample(block.to_python(value))


def test_what_is_as_usual_is_not_asked() -> None:
    assert params() == {"size": "10"}
    assert params(columns=None, statuses=None, scope=None, show_search=True) == {"size": "10"}


def test_every_option_reaches_the_fragment() -> None:
    assert params(
        scope="open",
        statuses=["shipped", "on_hold"],
        columns=["total", "reference"],
        show_filters=False,
        show_export=False,
    ) == {
        "size": "10",
        "scope": "open",
        "status": "shipped,on_hold",
        "columns": "order,reference,total",
        "hide": "filters,columns,views,export",
    }


@pytest.mark.parametrize(
    ("scope", "there", "gone"),
    [("late", "SO-48190", "SO-48213"), ("delivered", "SO-48102", "SO-48190")],
)
def test_the_preview_shows_what_will_be_shown(scope: str, there: str, gone: str) -> None:
    html = sample(scope=scope)
    assert there in html and gone not in html


def test_the_preview_leaves_out_what_is_switched_off() -> None:
    html = sample(show_search=False, show_filters=False, show_export=False, columns=["status"])
    assert "<form" not in html and "export.csv" not in html and html.count('scope="col"') == 2
    assert 'type="search"' in sample() and "export.csv" in sample()
