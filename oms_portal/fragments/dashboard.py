"""The dashboard: what needs somebody, what is late, what comes today, what was ordered last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor
from oms_portal.orders import attention, typed
from oms_portal.orders.models import Order, OrderStatus

from .base import Rendered, Spec, register
from .chips import flag_chips, order_chip
from .company import CompanyFragment
from .drawing import draw
from .sections import Board, Section, sections
from .shown import Chip
from .updates import news
from .wording import speaking


ROWS, MOST_ROWS = 5, 20


@dataclass(frozen=True)
class Row:
    """An order in a part of the dashboard, with why it is there."""

    number: str
    url: str
    reference: str
    company: str
    chip: Chip
    line: str
    flags: Sequence[Chip] = ()


@dataclass(frozen=True)
class Part:
    """``count`` is "" where nobody counts, "99+" beyond that many."""

    name: str
    title: str
    shape: str
    tone: str
    count: str
    more: str
    url: str
    rows: list[Row]


@dataclass(frozen=True)
class Shown:
    """``figures`` are the counted parts, with those that are empty; ``quiet``: all are."""

    figures: list[Part]
    parts: list[Part]
    quiet: bool


@register
class DashboardFragment(CompanyFragment):
    name = "dashboard"

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``sections`` (names, joined by commas), ``rows`` of each."""
        chosen = sections(params.get("sections", "").split(","))
        return {
            "sections": ",".join(each.name for each in chosen),
            "rows": str(typed.count(params.get("rows", ""), ROWS, 1, MOST_ROWS)),
        }

    def render(self, spec: Spec, version: int) -> Rendered:
        """Thirteen queries at most with our own parts, and as cheap with many orders as with few."""
        actor, rows = Actor.of_rights(spec["rights"]), int(spec["rows"])
        board = Board(actor, timezone.now(), rows)
        found = [(each, each.find(board)) for each in sections(spec["sections"].split(","))]
        board.orders = attention.orders_of(pk for _each, keys in found for pk in keys[:rows])
        newest = max((order.told_at for order in board.orders.values()), default=None)
        with speaking(spec):
            html = draw(spec, version, show(board, found), newest, _states(board, found))
            return Rendered(html, news(actor, spec.topic, board.zone_at(int(spec["company"]))))


def show(board: Board, found: Sequence[tuple[Section, Sequence[int]]]) -> Shown:
    several = len({order.company_id for order in board.orders.values()}) > 1
    parts = [_part(board, each, keys, several=several) for each, keys in found]
    counted = [part for part in parts if part.count]
    return Shown(
        figures=counted,
        parts=[part for part in parts if part.rows],
        quiet=bool(counted) and not any(part.rows for part in counted),
    )


def _part(board: Board, each: Section, keys: Sequence[int], *, several: bool) -> Part:
    orders = [board.orders[pk] for pk in keys[: board.rows] if pk in board.orders]
    return Part(
        name=each.name,
        title=str(each.title),
        shape=each.shape,
        tone=each.tone if keys else "off",
        count=_count(_tally(board, each, keys)) if each.counted and (keys or not each.rare) else "",
        more=str(each.more),
        url=reverse(f"oms_portal:{each.page}", query=each.query),
        rows=[_row(board, each, order, several=several) for order in orders],
    )


def _tally(board: Board, each: Section, keys: Sequence[int]) -> int:
    return each.tally(board) if each.tally and keys else len(keys)


def _row(board: Board, each: Section, order: Order, *, several: bool) -> Row:
    return Row(
        number=order.number,
        url=order.get_absolute_url(),
        reference=order.customer_reference,
        company=order.company.name if several else "",
        chip=order_chip(OrderStatus(order.status)),
        line=each.line(board, order),
        flags=() if each.rare else flag_chips(_flags(order)),
    )


def _flags(order: Order) -> tuple[str, ...]:
    """What is under way about an order, besides why it is shown."""
    flags = {"change_pending": order.changes_open, "return_open": order.returns_open}
    return tuple(flag for flag, count in flags.items() if count)


def _count(number: int) -> str:
    return _("%(n)s+") % {"n": attention.MANY} if number > attention.MANY else str(number)


def _states(board: Board, found: Sequence[tuple[Section, Sequence[int]]]) -> list[str]:
    states = [each.state for each, keys in found if keys and each.state]
    if any(order.on_hold for order in board.orders.values()):
        states.append("on_hold")
    return states if any(keys for _each, keys in found) else ["empty"]
