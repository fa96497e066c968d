"""The parts of the dashboard. A feature adds its own here: which orders, and a line about each.

@section("claims", _("Open claims"), more=_("All open claims"), query={"scope": "claims"})
def claimed(board: Board) -> Sequence[int]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import ClassVar

from django.utils.functional import Promise as Lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms_portal.changes.models import ChangeRequest
from oms_portal.customers.access import Actor
from oms_portal.orders import attention, messages
from oms_portal.orders.days import Zones, zones_of
from oms_portal.orders.detail import Problem
from oms_portal.orders.locales import day
from oms_portal.orders.models import Order
from oms_portal.orders.moments import day_of, zone_of
from oms_portal.orders.zones import place_zone
from oms_portal.returns.models import Return

from .changing_data import open_requests
from .changing_states import pressing, said, what
from .formats import clock
from .returning.data import count_open, open_returns
from .returning.rows import brief
from .returning.words import title, urgent


@dataclass
class Board:
    """What the parts of one dashboard look at together, so that each thing is read once."""

    actor: Actor
    now: datetime
    rows: int
    # The orders that are shown, once it is known which.
    orders: Mapping[int, Order] = field(default_factory=dict)

    @cached_property
    def zones(self) -> Zones:
        return zones_of(self.actor)

    def zone_at(self, company_id: int) -> tzinfo:
        return zone_of(next((name for name, pks in self.zones.items() if company_id in pks), ""))

    @cached_property
    def problems(self) -> Mapping[int, Problem]:
        """What is wrong on the way of each order that is shown."""
        broken = [order.pk for order in self.orders.values() if order.exception]
        return attention.problems_of(broken) if broken else {}

    @cached_property
    def returns(self) -> Mapping[int, Sequence[Return]]:
        """The open returns of each order that is shown, the newest first."""
        asked = [order.pk for order in self.orders.values() if order.returns_open]
        return open_returns(asked) if asked else {}

    @cached_property
    def changes(self) -> Mapping[int, Sequence[ChangeRequest]]:
        """The open requests of each order that is shown."""
        asked = [order.pk for order in self.orders.values() if order.changes_open]
        return open_requests(asked) if asked else {}


Find = Callable[[Board], Sequence[int]]
Line = Callable[[Board, Order], "str | SafeString"]
Tally = Callable[[Board], int]


@dataclass(frozen=True)
class Section:
    """``find`` gives the keys of its orders, the first first, ``attention.MANY`` + 1 at most;
    ``line`` says of one why it is there. ``state`` is the word for ``data-states`` while there is
    one; ``page`` and ``query`` lead to all. ``tally`` counts what is not counted in orders, up to
    ``attention.MANY`` + 1. Without ``counted`` it is no news that there are; where it is ``rare``
    nobody is told that there are none."""

    name: str
    title: str | Lazy
    more: str | Lazy
    shape: str
    tone: str
    query: Mapping[str, str]
    find: Find
    line: Line
    state: str = ""
    counted: bool = True
    rare: bool = False
    page: str = "orders"
    tally: Tally | None = None


class _Registry:
    found: ClassVar[dict[str, Section]] = {}


def section(
    name: str,
    title: str | Lazy,
    *,
    more: str | Lazy,
    shape: str,
    tone: str,
    query: Mapping[str, str],
    line: Line,
    state: str = "",
    counted: bool = True,
    rare: bool = False,
    page: str = "orders",
    tally: Tally | None = None,
) -> Callable[[Find], Find]:
    """Register a part of the dashboard; the order of registration is that of the page."""

    def register(find: Find) -> Find:
        _Registry.found[name] = Section(
            name, title, more, shape, tone, query, find, line, state, counted, rare, page, tally
        )
        return find

    return register


def sections(names: Iterable[str] = ()) -> list[Section]:
    """Those of these names, in their order; all there are where none is known."""
    chosen = [_Registry.found[name] for name in dict.fromkeys(names) if name in _Registry.found]
    return chosen or list(_Registry.found.values())


def choices() -> list[tuple[str, str | Lazy]]:
    return [(each.name, each.title) for each in sections()]


def _why(board: Board, order: Order) -> str:
    problem = board.problems.get(order.pk)
    if order.on_hold or problem is None:
        return gettext("It is on hold. Please contact us, so that we can go on.")
    return " ".join(messages.problem(problem)[1:])


def _promise(board: Board, order: Order) -> str:
    if order.due is None:
        return ""
    said = {"date": day(order.due, zone_of(place_zone(order)))}
    return gettext("We had promised it for %(date)s.") % said


def _when(board: Board, order: Order) -> str:
    """An instant that is over says the day at most: it may be when the van was loaded."""
    zone = zone_of(place_zone(order))
    if isinstance(order.arriving, datetime) and order.arriving > board.now:
        return gettext("Expected around %(time)s.") % {"time": clock(order.arriving, zone)}
    last = getattr(order, "last_day", None)
    if order.arriving and last and day_of(order.arriving, zone) < day_of(board.now, zone):
        said = {"from": day(order.arriving, zone), "to": day(last, zone)}
        return gettext("Between %(from)s and %(to)s") % said
    return gettext("Expected in the course of the day.")


def _pending(board: Board, order: Order) -> str:
    """What was asked for, and how it stands; of several what waits for the customer."""
    requests = pressing(board.changes.get(order.pk, ()))
    if not requests:
        return ""
    words = {"what": what(requests[0]), "words": said(requests[0])}
    return gettext("%(what)s: %(words)s") % words


def _returned(board: Board, order: Order) -> str:
    """Which return, and how it stands; of several what waits for the customer."""
    returns = urgent(board.returns.get(order.pk, ()))
    if not returns:
        return ""
    words = {"title": title(returns[0]), "words": brief(returns[0])}
    return gettext("%(title)s: %(words)s") % words


def _placed(board: Board, order: Order) -> str:
    said = {"date": day(order.placed_at, zone_of(place_zone(order)))}
    return gettext("Placed on %(date)s.") % said


@section(
    "attention",
    _("Needs attention"),
    more=_("All orders that need attention"),
    shape="alert",
    tone="bad",
    query={"scope": "attention"},
    line=_why,
    state="exception",
)
def troubled(board: Board) -> Sequence[int]:
    return attention.troubled(board.actor)


@section(
    "late",
    _("Late"),
    more=_("All late orders"),
    shape="clock",
    tone="warn",
    query={"scope": "late"},
    line=_promise,
    state="late",
)
def late(board: Board) -> Sequence[int]:
    return attention.late(board.actor, board.zones, board.now)


@section(
    "arriving",
    _("Arriving today"),
    more=_("All orders that arrive today"),
    shape="arrow",
    tone="busy",
    query={"scope": "arriving"},
    line=_when,
    state="arriving_today",
)
def arriving(board: Board) -> Sequence[int]:
    return attention.expected(board.actor, board.zones, board.now)


@section(
    "changes",
    _("Open changes"),
    more=_("All orders with open changes"),
    shape="swap",
    tone="busy",
    query={"scope": "changes"},
    line=_pending,
    state="change_pending",
    rare=True,
)
def changing(board: Board) -> Sequence[int]:
    return attention.changing(board.actor)


@section(
    "returns",
    _("Open returns"),
    more=_("All open returns"),
    shape="back",
    tone="busy",
    query={"state": "open"},
    line=_returned,
    state="return_open",
    rare=True,
    page="returns",
    tally=lambda board: count_open(board.actor, attention.MANY + 1),
)
def returning(board: Board) -> Sequence[int]:
    return attention.returning(board.actor)


@section(
    "latest",
    _("Latest orders"),
    more=_("All orders"),
    shape="list",
    tone="wait",
    query={},
    line=_placed,
    counted=False,
)
def latest(board: Board) -> Sequence[int]:
    return attention.latest(board.actor, board.rows)
