"""The filters of the order list in words: the form, what holds, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date

from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor, visible
from oms_portal.customers.models import Address, Company
from oms_portal.orders import locales
from oms_portal.orders.filters import MOST, Filters, Scope
from oms_portal.orders.models import OrderStatus

from . import shown_list as shown
from .browsing import COLUMNS, Browsing
from .chips import order_chip


@dataclass(frozen=True)
class Book:
    """The places and companies a list may be narrowed to, by pk."""

    places: dict[int, str]
    companies: dict[int, str]


def book_of(actor: Actor) -> Book:
    """Those this actor may see; where there is but one, there is nothing to choose."""
    rows = visible(actor, Address).filter(archived_at=None).order_by("name", "city", "ref")
    places = {
        place.pk: ", ".join(filter(None, (place.name, place.city)))
        for place in rows.only("name", "city", "kind")[: MOST * 4]
        if "ship_to" in place.kind or not place.kind
    }
    companies: dict[int, str] = {}
    if len(actor.company_ids) > 1:
        reached = Company.objects.filter(pk__in=actor.company_ids).order_by("name", "pk")
        companies = dict(reached.values_list("pk", "name")[: MOST * 4])
    return Book(places if len(places) > 1 else {}, companies)


def show_form(browsing: Browsing, book: Book) -> shown.Form:
    filters = browsing.filters
    return shown.Form(
        action=reverse("oms_portal:orders"),
        words=filters.words,
        kept=tuple(_kept(browsing)),
        scopes=tuple(
            shown.Choice(scope.value, str(scope.label), scope == filters.scope) for scope in Scope
        ),
        statuses=tuple(
            shown.Choice(status.value, order_chip(status).word, status.value in filters.statuses)
            for status in OrderStatus
        ),
        places=_choices(book.places, filters.ship_tos),
        companies=_choices(book.companies, filters.companies),
        columns=tuple(
            shown.Choice(name, str(label), name in browsing.columns)
            for name, label in COLUMNS.items()
            if name != "order"
        ),
        placed_from=filters.placed_from.isoformat() if filters.placed_from else "",
        placed_to=filters.placed_to.isoformat() if filters.placed_to else "",
        placed_by=filters.placed_by,
        count=len(list(show_active(browsing, book))) - bool(filters.words),
        shows=frozenset(part for part in ("search", "filters", "columns") if browsing.shows(part)),
    )


def _kept(browsing: Browsing) -> Iterator[tuple[str, str]]:
    """What the form asks beside its own fields: also filters and columns that it does not show."""
    own = {"q"}
    if browsing.shows("filters"):
        own |= {"scope", "status", "from", "to", "by", "ship_to", "customer"}
    if browsing.shows("columns"):
        own.add("columns")
    yield from ((name, text) for name, text in browsing.params.items() if name not in own)


def cleared(browsing: Browsing) -> str:
    """The list without filters; those that an editor set and does not show stay."""
    if browsing.shows("filters"):
        return browsing.url(filters=Filters())
    return browsing.filtered(words="")


def _choices(names: dict[int, str], chosen: Iterable[int]) -> tuple[shown.Choice, ...]:
    return tuple(shown.Choice(str(pk), name, pk in chosen) for pk, name in names.items())


def show_active(browsing: Browsing, book: Book) -> Iterator[shown.Active]:
    """Every filter that holds, with the way to be rid of it."""
    filters, without = browsing.filters, browsing.filtered
    if filters.words:
        yield shown.Active(_("“%(words)s”") % {"words": filters.words}, without(words=""))
    if not browsing.shows("filters"):
        return
    if filters.scope:
        yield shown.Active(str(filters.scope.label), without(scope=Scope.ALL))
    for status in filters.statuses:
        rest = tuple(other for other in filters.statuses if other != status)
        yield shown.Active(order_chip(OrderStatus(status)).word, without(statuses=rest))
    if filters.placed_from:
        words = _("Placed from %(date)s") % {"date": _day(filters.placed_from)}
        yield shown.Active(words, without(placed_from=None))
    if filters.placed_to:
        words = _("Placed until %(date)s") % {"date": _day(filters.placed_to)}
        yield shown.Active(words, without(placed_to=None))
    for pk in filters.ship_tos:
        places = tuple(other for other in filters.ship_tos if other != pk)
        yield shown.Active(book.places.get(pk) or _("Another place"), without(ship_tos=places))
    for pk in filters.companies:
        companies = tuple(other for other in filters.companies if other != pk)
        name = book.companies.get(pk) or _("Another company")
        yield shown.Active(name, without(companies=companies))
    if filters.placed_by:
        words = _("Placed by %(name)s") % {"name": filters.placed_by}
        yield shown.Active(words, without(placed_by=""))


def result(browsing: Browsing, *, found: bool) -> str:
    """What was found, or was not, by what was asked; "" where nothing was."""
    words = {"words": locales.isolated(browsing.filters.words)}
    if found:
        return _("Orders found for “%(words)s”") % words if browsing.filters.words else ""
    if browsing.filters.words:
        return _("No order found for “%(words)s”") % words
    return _("No order fits these filters") if browsing.filters else ""


def _day(day: date) -> str:
    return str(locales.day(day, UTC))
