"""What one station's printer takes and what it is called, kept by its browser."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from oms_portal.desk.texts import plain
from oms_portal.returns.labels.sizes import SHEETS, SIZES
from oms_portal.returns.papers import DPIS, PDF, ZPL


COOKIE = "oms_station"
_YEAR = 365 * 24 * 3600
LONGEST = 60
# What labels are printed on: rolls and pages, then sheets of several.
MEDIA: Mapping[str, Any] = {
    **{code: SIZES[code].name for code in ("4x6", "100x150", "a6", "a4", "letter")},
    **{code: sheet.name for code, sheet in SHEETS.items()},
}
FORMATS: Mapping[str, str] = {PDF: "PDF", ZPL: "ZPL"}


@dataclass(frozen=True)
class Station:
    """``size`` is a size's or a sheet's code, ``format`` "pdf" or "zpl" (never of a sheet), ``dpi``
    that of a label printer; ``printer`` is for the log of prints alone."""

    name: str = ""
    size: str = "4x6"
    format: str = PDF
    dpi: int = DPIS[0]
    printer: str = ""
    sound: bool = True

    @property
    def sheet(self) -> str:
        return self.size if self.size in SHEETS else ""


def station_of(request: HttpRequest) -> Station:
    """As this browser keeps it; what does not exist is as if it was never set."""
    try:
        kept = json.loads(unquote(request.COOKIES.get(COOKIE, "")))
    except ValueError:
        return Station()
    return _checked(kept) if isinstance(kept, dict) else Station()


def keep(response: HttpResponseBase, station: Station) -> None:
    """For a year, in the admin alone; its script reads the name and whether it may sound."""
    value = quote(json.dumps(asdict(station), separators=(",", ":")))
    home = reverse("wagtailadmin_home")
    response.set_cookie(COOKIE, value, max_age=_YEAR, path=home, samesite="Lax")


def _checked(kept: Mapping[str, Any]) -> Station:
    usual = Station()
    size = _one_of(kept.get("size"), MEDIA, usual.size)
    format = _one_of(kept.get("format"), FORMATS, usual.format)
    return Station(
        name=_words(kept.get("name")),
        size=size,
        format=PDF if size in SHEETS else format,
        dpi=_one_of(kept.get("dpi"), DPIS, usual.dpi),
        printer=_words(kept.get("printer")),
        sound=kept.get("sound") is not False,
    )


def _one_of(value: Any, known: Collection[Any], usual: Any) -> Any:
    return value if isinstance(value, str | int) and value in known else usual


def _words(value: Any) -> str:
    return plain(value, LONGEST).strip() if isinstance(value, str) else ""
