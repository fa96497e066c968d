"""What a list of orders is narrowed to: read from a query, written as one, asked of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from oms_portal.customers.access import Actor, Grant, visible
from oms_portal.customers.models import Address

from . import typed
from .days import Days, arriving, late, of_zones, zones_of
from .models import OrderStatus


# The longest words that are looked for, and the most choices of one kind.
LONGEST, MOST = 100, 50
RECENTLY = timedelta(days=14)
TROUBLED = Q(exception=True) | Q(on_hold=True)
CHANGING = Q(changes_open__gt=0)
RETURNING = Q(returns_open__gt=0)
DONE = (OrderStatus.DELIVERED, OrderStatus.CLOSED, OrderStatus.CANCELLED)
OPEN = [status.value for status in OrderStatus if status not in DONE]


class Scope(TextChoices):
    """A part of all orders, by where they stand now."""

    ALL = "", _("All orders")
    OPEN = "open", _("Open orders")
    LATE = "late", _("Late orders")
    ATTENTION = "attention", _("Orders that need attention")
    ARRIVING = "arriving", _("Orders that arrive today")
    DELIVERED = "delivered", _("Delivered lately")
    CHANGES = "changes", _("Orders with open changes")
    RETURNS = "returns", _("Orders with open returns")


@dataclass(frozen=True)
class Filters:
    """``words`` as typed; dates are days at the customer's; ``ship_tos`` and ``companies`` are pks
    of addresses and companies, of which only those count that the reader may see."""

    words: str = ""
    scope: Scope = Scope.ALL
    statuses: tuple[str, ...] = ()
    placed_from: date | None = None
    placed_to: date | None = None
    ship_tos: tuple[int, ...] = ()
    companies: tuple[int, ...] = ()
    placed_by: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Never fails: what can't be read is not asked. Several values are joined by commas."""
        chosen = set(query.get("status", "").split(","))
        scope = query.get("scope", "")
        return cls(
            words=typed.words(query.get("q", ""), LONGEST),
            scope=Scope(scope) if scope in Scope.values else Scope.ALL,
            statuses=tuple(status for status in OrderStatus.values if status in chosen),
            placed_from=_day(query.get("from", "")),
            placed_to=_day(query.get("to", "")),
            ship_tos=_keys(query.get("ship_to", "")),
            companies=_keys(query.get("customer", "")),
            placed_by=typed.words(query.get("by", ""), LONGEST),
        )

    @property
    def params(self) -> dict[str, str]:
        """The query that ``read`` reads as this: without what is not asked."""
        asked = {
            "q": self.words,
            "scope": self.scope.value,
            "status": ",".join(self.statuses),
            "from": self.placed_from.isoformat() if self.placed_from else "",
            "to": self.placed_to.isoformat() if self.placed_to else "",
            "ship_to": ",".join(map(str, self.ship_tos)),
            "customer": ",".join(map(str, self.companies)),
            "by": self.placed_by,
        }
        return {name: text for name, text in asked.items() if text}

    def __bool__(self) -> bool:
        return bool(self.params)

    def narrow(self, actor: Actor) -> Actor:
        """Somebody who sees of this actor's orders those of the companies and places asked for."""
        grants: Iterable[Grant] = actor.grants
        if self.companies:
            asked = frozenset(self.companies)
            grants = [
                Grant(0, "", both, grant.ship_tos)
                for grant in grants
                if (both := grant.company_ids & asked)
            ]
        narrowed = Actor(None, tuple(grants))
        return _at_places(narrowed, self.ship_tos) if self.ship_tos else narrowed

    def where(self, actor: Actor, now: datetime) -> Q:
        """What is asked beside the words and who placed it, of the orders this actor sees."""
        placed = self.placed_from or self.placed_to
        by_the_clock = placed or self.scope in (Scope.ARRIVING, Scope.LATE)
        found, zones = Q(), zones_of(actor) if by_the_clock else {}
        if self.statuses:
            found &= Q(status__in=self.statuses)
        if self.scope == Scope.OPEN:
            found &= Q(status__in=OPEN)
        elif self.scope == Scope.ATTENTION:
            found &= TROUBLED
        elif self.scope == Scope.ARRIVING:
            found &= arriving(zones, Days(now, 1))
        elif self.scope == Scope.LATE:
            found &= late(zones, now)
        elif self.scope == Scope.DELIVERED:
            found &= Q(status__in=DONE, arrived_at__gte=now - RECENTLY)
        elif self.scope == Scope.CHANGES:
            found &= CHANGING
        elif self.scope == Scope.RETURNS:
            found &= RETURNING
        if placed:
            found &= of_zones(zones, self._placed)
        return found

    def _placed(self, zone: tzinfo) -> Q:
        found = Q()
        if self.placed_from:
            found &= Q(placed_at__gte=datetime.combine(self.placed_from, time(), zone))
        if self.placed_to:
            day = self.placed_to + timedelta(days=1)
            found &= Q(placed_at__lt=datetime.combine(day, time(), zone))
        return found


def _at_places(actor: Actor, pks: tuple[int, ...]) -> Actor:
    book = visible(actor, Address).filter(pk__in=pks).order_by()
    grants = [
        Grant(0, "", frozenset({company}), frozenset({ref}))
        for company, ref in book.values_list("company_id", "ref")
    ]
    return Actor(None, tuple(grants))


def _day(text: str) -> date | None:
    """A day that has one before and one after it in every zone."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and date(1900, 1, 1) <= day <= date(2999, 12, 31) else None


def _keys(text: str) -> tuple[int, ...]:
    asked = {typed.key(part) for part in text.split(",")[:MOST]}
    return tuple(sorted(key for key in asked if key is not None))
