"""A person's own views of the order list: links, and what is saved of the list as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from oms_portal.orders.personal import SavedView

from .browsing import Browsing


# As long as the column that keeps it.
LONGEST_QUERY = 1000


@dataclass(frozen=True)
class View:
    pk: int
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Views:
    """``query`` is the list as it stands, ready to be saved; "" where it is too long for that."""

    views: list[View]
    query: str


def show_views(views: Iterable[SavedView], browsing: Browsing) -> Views:
    here = query_of(browsing)
    shown = []
    for view in views:
        saved = browsing_of(view.query, browsing)
        shown.append(View(view.pk, view.name, saved.url(), query_of(saved) == here))
    return Views(shown, here if len(here) <= LONGEST_QUERY else "")


def query_of(browsing: Browsing) -> str:
    """What a view keeps: all but the number of rows and what an editor left out of a block."""
    kept = {"sort": browsing.sort.value, **browsing.asked}
    kept.pop("hide", None)
    return urlencode(kept)


def browsing_of(query: str, here: Browsing | None = None) -> Browsing:
    """A saved query as a list, with the rows and parts of the one it is opened from."""
    asked = dict(parse_qsl(query, max_num_fields=50)) if query.count("&") < 50 else {}
    kept = {"size": str(here.size), "hide": ",".join(here.hidden)} if here else {}
    return Browsing.read({**asked, **kept})
