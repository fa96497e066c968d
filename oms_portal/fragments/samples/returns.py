"""Invented returns: one in a state that is asked for, a list of some, what could be sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language

from oms_portal.orders import typed
from oms_portal.returns.kinds import OPEN, Kind, Method, ReturnState

from ..base import Spec
from ..drawing import draw
from ..returning import listing, shown, starting, tracker
from ..returning.rows import show_row
from .detail import SAMPLE
from .dossiers import offered, sample_dossier, sample_lines, sample_return


S = ReturnState
_LIST = (
    (Kind.RETURN, S.IN_TRANSIT),
    (Kind.CLAIM, S.INFO_NEEDED),
    (Kind.EXCHANGE, S.APPROVED),
    (Kind.RETURN, S.SETTLED),
)


def one(state: ReturnState = S.APPROVED, method: Method = Method.PARCEL_SHOP) -> str:
    """One return in full."""
    dossier = sample_dossier(state, method)
    told = tracker.show_return(dossier, SAMPLE, may=True)
    return _draw("return", told, tracker.states_of(dossier.rma))


def returns(asked: Mapping[str, str] | None = None) -> str:
    """The list as it is asked for, with a return in each interesting state."""
    query = listing.Query.read(asked or {})
    rows = [
        _row(number, kind, state, with_steps=query.steps)
        for number, (kind, state) in enumerate(_LIST, 3)
        if kind in (query.kinds or Kind.values) and (state in OPEN or not query.open)
    ]
    told = listing.show_page(rows[: query.size], query, "", may=True)
    return _draw("returns", told, ["return_open"])


def start(asked: Mapping[str, str] | None = None) -> str:
    """What could be sent back of two invented orders."""
    params = asked or {}
    kinds = starting.kinds_in(params)
    if params.get("style") == "button":
        return _draw("return_start", starting.show_button(kinds, may=True))
    count = typed.count(params.get("count", ""), starting.ORDERS, 1, starting.MOST)
    return _draw("return_start", starting.show_start(offered(), kinds, count, may=True))


def beside() -> shown.Beside:
    """The returns of an invented order."""
    rows = [_row(3, Kind.RETURN, S.IN_TRANSIT, with_steps=True)]
    return shown.Beside(rows=rows, closed=(), start_url=starting.new_url((), "SO-48231"))


def _row(number: int, kind: Kind, state: ReturnState, *, with_steps: bool) -> shown.Row:
    rma = sample_return(number, kind, state)
    return show_row(rma, sample_lines(rma), with_steps=with_steps)


def _draw(name: str, told: object, states: Iterable[str] = ()) -> str:
    return draw(Spec(name, "sample", (), get_language() or "en"), 1, told, SAMPLE, states)
