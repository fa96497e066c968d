"""Elements that many pages share: drawn once for the same words, and each time for others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from oms_portal.fragments.drawing import element
from oms_portal.fragments.shown import Chip


LATE = Chip("Late", "clock", "bad")


def test_an_element_is_drawn_once_for_the_same_words() -> None:
    assert element("chip", chip=LATE) is element("chip", chip=Chip("Late", "clock", "bad"))
    other = element("chip", chip=Chip("<Late>", "clock", "bad"))
    assert "&lt;Late&gt;" in other and "Late</span>" in element("chip", chip=LATE)


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    """A host's own chip; the file."""
    file = tmp_path / "oms_portal" / "elements" / "chip.html"
    file.parent.mkdir(parents=True)
    file.write_text("{% load i18n %}{% translate 'Late' %}!")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    return file


def test_a_host_draws_it_differently_in_every_language(own: Path) -> None:
    assert element("chip", chip=LATE) == "Late!"
    with translation.override("de"):
        assert element("chip", chip=LATE) == f"{translation.gettext('Late')}!" != "Late!"


def test_an_edited_template_is_drawn_anew(own: Path) -> None:
    assert element("chip", chip=LATE) == "Late!"
    own.write_text("So late")
    # What Django does in development, when a template changed.
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    assert element("chip", chip=LATE) == "So late"
