"""The site's own faces for labels: OMS_PORTAL["LABEL_FONTS"], handed to ``labels.fonts``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.signals import setting_changed

from oms_portal import conf

from .labels import fonts


def _take() -> None:
    fonts.use([str(path) for path in conf.settings().LABEL_FONTS])


def _take_again(*, setting: str, **kwargs: object) -> None:
    if setting == "OMS_PORTAL":
        _take()


@register("oms_portal")
def check_label_fonts(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"No label can be printed in {str(path)!r}: {why}.",
            hint="OMS_PORTAL['LABEL_FONTS'] lists TrueType files (.ttf, outlines in glyf).",
            id="oms_portal.E010",
        )
        for path in conf.settings().LABEL_FONTS
        if (why := _why_not(Path(path)))
    ]


def _why_not(path: Path) -> str:
    """Why a file gives no face; "" where it does."""
    try:
        fonts.Face(path.stem, path.read_bytes())
    except OSError as error:
        return error.strerror or "it can’t be read"
    except ValueError:
        return "it is no TrueType font"
    return ""


_take()
setting_changed.connect(_take_again, dispatch_uid="oms_portal.label_fonts")
