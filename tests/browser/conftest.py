"""Samples on a bare page, drawn by a browser without any server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import oms_portal


CSS = (Path(oms_portal.__file__).parent / "static/oms_portal/oms_portal.css").read_text()

Draw = Callable[..., Any]


@pytest.fixture
def draw(browser: Any) -> Iterator[Draw]:
    """``draw(html, width=…, host_css=…, page_class=…, direction=…)``: the test's page shows it;
    with other keywords, which go to Playwright's ``new_context``, a page of its own does."""
    plain: list[Any] = []
    special: list[Any] = []

    def page_of(width: int, options: dict[str, Any]) -> Any:
        size = {"width": width, "height": 900}
        if options:
            special.append(browser.new_context(viewport=size, **options))
            return special[-1].new_page()
        if not plain:
            plain.append(browser.new_page())
        plain[0].set_viewport_size(size)
        return plain[0]

    def show(
        html: str,
        width: int = 1280,
        host_css: str = "",
        page_class: str = "oms-portal oms-page",
        direction: str = "ltr",
        **options: Any,
    ) -> Any:
        page = page_of(width, options)
        page.set_content(
            f'<!DOCTYPE html><html lang="en" dir="{direction}"><head><title>Sample</title>'
            f"<style>{host_css}</style><style>{CSS}</style></head>"
            f'<body class="{page_class}"><main><h1>Your orders</h1>'
            f'<div class="oms-portal">{html}</div></main></body></html>'
        )
        return page

    yield show
    for each in [*plain, *special]:
        each.close()
