"""What a person could send back now, of what came lately: the way into the wizard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.customers.access import Actor
from oms_portal.customers.lineage import list_topic
from oms_portal.orders import typed
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of
from oms_portal.orders.paging import first
from oms_portal.returns.barriers import NOT_OFFERED
from oms_portal.returns.eligible import LEFT, Returnable, offer
from oms_portal.returns.kinds import Kind

from ..base import Fragment, Rendered, Spec, register
from ..company import company_asked
from ..drawing import draw
from ..formats import NOTHING, day_stamp, quantity
from ..marking import marked
from ..wording import site_param, speaking
from . import shown
from .listing import drafts_of, entitled


ORDERS, MOST = 3, 10
# So many lines of an order are named; the wizard has them all.
ITEMS = 4
WAYS: Mapping[str, str | Lazy] = {
    Kind.RETURN: gettext_lazy("Return items"),
    Kind.EXCHANGE: gettext_lazy("Exchange items"),
    Kind.CLAIM: gettext_lazy("Report a problem"),
}


@register
class ReturnStartFragment(Fragment):
    """It hangs on the orders of a company: whatever moves a return moves its orders too."""

    name = "return_start"
    topic = "orders:<company>"
    needs = "view Order"
    personal = "oms_portal/fragments/returns_own.html"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``kind`` (joined by commas), ``count`` of the orders, ``style`` ("button": without any),
        ``company`` (a pk)."""
        company_id = company_asked(actor, params.get("company", ""))
        narrowed = actor.at(company_id) if company_id is not None else None
        if company_id is None or not narrowed:
            return None
        able = entitled(narrowed)
        asked = {
            "company": str(company_id),
            "rights": (able or narrowed).rights,
            "may": "return" if able else "",
            "kind": ",".join(kinds_in(params)),
            "count": str(typed.count(params.get("count", ""), ORDERS, 1, MOST)),
            "style": "button" if params.get("style", "") == "button" else "",
        }
        kept = tuple((name, text) for name, text in asked.items() if text)
        return Spec(self.name, list_topic(company_id), (*kept, *site_param(params)), language)

    def own(self, actor: Actor, spec: Spec) -> dict[str, Any]:
        return {"drafts": drafts_of(actor, int(spec["company"]))}

    def render(self, spec: Spec, version: int) -> Rendered:
        asked, now = dict(spec.params), timezone.now()
        kinds = kinds_in(asked)
        may, actor = "may" in asked, Actor.of_rights(asked["rights"])
        with speaking(spec):
            if "style" in asked:
                told = show_button(kinds, may=may)
            else:
                rows = offer(_lately(actor), kinds[0], now) if may else ()
                told = show_start(rows, kinds, int(asked["count"]), may=may)
            states = ["empty"] if told.note else []
            return Rendered(draw(spec, version, told, None, states))


def kinds_in(params: Mapping[str, str]) -> tuple[str, ...]:
    wanted = params.get("kind", "").split(",")
    return tuple(kind for kind in Kind.values if kind in wanted) or tuple(Kind.values)


def _lately(actor: Actor) -> list[Order]:
    """The newest orders of which something has left."""
    where = Q(archived_at=None) & (Q(status__in=LEFT) | Q(arrived_at__isnull=False))
    rows = first(actor, Order, where, ("-placed_at", "-pk"), MOST)
    return list(rows.select_related("company").defer("history"))


def show_start(
    rows: Sequence[Returnable], kinds: Sequence[str], count: int, *, may: bool
) -> shown.Start:
    """In the active language; ``rows`` are those of ``eligible.offer`` for the first of ``kinds``."""
    several = len({row.order.company_id for row in rows}) > 1
    offers = [_offer(own, kinds, several=several) for own in _by_order(rows)]
    open_ones = [each for each in offers if each.items]
    shut = [] if open_ones else offers[:count]
    return shown.Start(
        offers=open_ones[:count] or shut,
        note=_note(rows, may=may, possible=bool(open_ones)),
        more_url=new_url(kinds, "") if may and not _is_shut(rows) else "",
        returns_url=reverse("oms_portal:returns"),
    )


def show_button(kinds: Sequence[str], *, may: bool) -> shown.Start:
    """The ways into the wizard alone."""
    return shown.Start(
        offers=(),
        note="" if may else _note((), may=False, possible=False),
        more_url="",
        returns_url=reverse("oms_portal:returns"),
        ways=list(_ways(kinds, "")) if may else (),
    )


def _by_order(rows: Iterable[Returnable]) -> list[list[Returnable]]:
    found: dict[int, list[Returnable]] = {}
    for row in rows:
        found.setdefault(row.order.pk, []).append(row)
    return list(found.values())


def _offer(rows: Sequence[Returnable], kinds: Sequence[str], *, several: bool) -> shown.Offer:
    order = rows[0].order
    can_be = [row for row in rows if row.available > 0 and not row.why]
    came = max(filter(None, (row.delivered_at for row in rows)), default=None)
    left = len(can_be) - ITEMS
    return shown.Offer(
        number=order.number,
        url=order.get_absolute_url(),
        reference=order.customer_reference,
        company=order.company.name if several else "",
        day=_arrived(came, order),
        items=[_item(row, row.available, _until(row)) for row in can_be[:ITEMS]],
        more=ngettext("and %(n)s more item", "and %(n)s more items", left) % {"n": left}
        if left > 0
        else "",
        refused=[] if can_be else [_item(row, row.shipped, row.words) for row in rows[:ITEMS]],
        ways=list(_ways(kinds, order.slug)) if can_be else (),
    )


def _item(row: Returnable, count: Decimal, words: SafeString | str) -> shown.Item:
    name = row.line.description or row.line.sku
    return shown.Item(name, quantity(count, row.unit), words)


def _arrived(came: datetime | None, order: Order) -> SafeString:
    if came is None:
        return NOTHING
    zone = zone_of(order.company.time_zone)
    return marked(_("Arrived %(date)s"), date=day_stamp(came, zone))


def _until(row: Returnable) -> SafeString:
    if row.until is None:
        return NOTHING
    zone = zone_of(row.order.company.time_zone)
    return marked(_("until %(date)s"), date=day_stamp(row.until, zone))


def _ways(kinds: Sequence[str], slug: str) -> Iterator[shown.Way]:
    for kind in kinds:
        yield shown.Way(str(WAYS[kind]), new_url((kind,), slug))


def new_url(kinds: Sequence[str], slug: str) -> str:
    """Where a return of this order, or of any, begins."""
    query = {"order": slug, "kind": kinds[0] if len(kinds) == 1 else ""}
    asked = {name: text for name, text in query.items() if text}
    return reverse("oms_portal:return_new", query=asked or None)


def _is_shut(rows: Sequence[Returnable]) -> bool:
    """Whether no ERP takes returns."""
    return bool(rows) and all(row.why == NOT_OFFERED for row in rows)


def _note(rows: Sequence[Returnable], *, may: bool, possible: bool) -> str:
    if not may:
        return _("You may look at returns, but not ask for one. Ask a colleague who may.")
    if _is_shut(rows):
        return _("Returns can’t be asked for online. Please get in touch with us.")
    if not rows:
        return _("Nothing has come lately that could be sent back.")
    return "" if possible else _("Nothing that came lately can be sent back any more.")
