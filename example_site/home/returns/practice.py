"""Twelve returns in thirty parcels, on their way to the returns desk: for practice with a scanner.

Made as the customers' people would make them, by the product's own verbs; all of them may come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.utils import timezone

from oms_portal.customers.access import actor_for
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.eligible import offer
from oms_portal.returns.kinds import Condition, Kind, LabelState, Method, Outcome, ReturnState
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import Label
from oms_portal.returns.wishes import Wish, WishLine

from .story import press, wait_until


PREFIX = "demo-desk"


class Goods(NamedTuple):
    order: str
    sku: str
    quantity: str
    reason: str = "too_many"


class Pack(NamedTuple):
    """Some goods in so many parcels; ``van``: its carrier brings them today."""

    name: str
    email: str
    parcels: int
    goods: tuple[Goods, ...]
    outcome: str = Outcome.CREDIT
    van: bool = False


PUMPS, POLSKA = "buyer@hafenwerk-pumpen.example", "buyer@hafenwerk-polska.example"
ARDECHE, FENLAND = "returns@ardeche.example", "buyer@fenland.example"
HAFENWERK = "buyer@hafenwerk.example"
PACKS = (
    # Three of one company, two of them from the same order.
    Pack("1", PUMPS, 3, (Goods("SO-110021", "6308-C3", "4"), Goods("SO-110021", "HC-50-200", "1"), Goods("SO-110022", "NU-2210", "3")), van=True),
    Pack("2", PUMPS, 2, (Goods("SO-110021", "CP-ROTEX-28", "2", "plans_changed"),)),
    Pack("3", PUMPS, 2, (Goods("SO-110022", "UCP-206", "4", "wrong_size"), Goods("SO-110022", "TP-HTD8-36", "2"))),
    Pack("4", POLSKA, 4, (Goods("SO-110023", "LC-25-F", "6"), Goods("SO-110023", "TB-HTD8-1200", "5", "plans_changed")), van=True),
    Pack("5", POLSKA, 2, (Goods("SO-110023", "BX-M12-60", "2", "wrong_size"),), Outcome.REPLACEMENT),
    Pack("6", POLSKA, 3, (Goods("SO-110024", "HC-50-200", "2"), Goods("SO-110024", "VB-SPB-2240", "6"))),
    Pack("7", ARDECHE, 1, (Goods("SO-110025", "UCP-206", "3", "wrong_size"),)),
    Pack("8", ARDECHE, 2, (Goods("SO-110025", "NU-2210", "2"), Goods("SO-110026", "22218-E1", "2"))),
    Pack("9", ARDECHE, 3, (Goods("SO-110026", "HC-50-200", "2", "plans_changed"),)),
    Pack("10", FENLAND, 2, (Goods("SO-110027", "TP-HTD8-36", "4"),)),
    Pack("11", FENLAND, 3, (Goods("SO-110027", "CP-ROTEX-28", "3"), Goods("SO-110027", "TP-HTD8-36", "2", "wrong_size"))),
    Pack("12", HAFENWERK, 3, (Goods("SO-110028", "TB-HTD8-1200", "4"), Goods("SO-110028", "6308-C3", "6", "wrong_size"))),
)  # fmt: skip


def load_practice() -> list[str]:
    """Their numbers; those that are there already stay as they are."""
    made = [(pack, *_load(pack)) for pack in PACKS]
    for pack, rma, new in made:
        if pack.van and new:
            _bring(rma)
    return [rma.number for _pack, rma, _new in made]


def desk() -> list[dict[str, Any]]:
    """What there is to scan: each return with the codes of its parcels, and its articles."""
    rows = Return.objects.filter(form_key__startswith=PREFIX).exclude(state=ReturnState.DRAFT)
    return [_told(rma) for rma in rows.select_related("company").order_by("pk")]


def _load(pack: Pack) -> tuple[Return, bool]:
    """The return, and whether it is new."""
    user = get_user_model()._default_manager.get(email=pack.email)
    key, now = f"{PREFIX}-{pack.name}", timezone.now()
    known = Return.objects.filter(requested_by=user, form_key=key).first()
    if known is not None and known.state != ReturnState.DRAFT:
        return known, False
    draft = known or actions.save_draft(
        user, actor_for(user), _wish(pack), draft=None, form_key=key, now=now
    )
    return actions.submit(draft, user, now=now, key=f"{key}-send"), True


def _wish(pack: Pack) -> Wish:
    numbers = {goods.order for goods in pack.goods}
    orders = Order.objects.select_related("company").filter(number__in=numbers)
    rows = {
        (row.order.number, row.line.sku): row for row in offer(orders, Kind.RETURN, timezone.now())
    }
    lines = []
    for goods in pack.goods:
        row = rows[goods.order, goods.sku]
        line = WishLine(
            order=row.order.slug,
            line_ref=row.line.ref,
            thread=row.thread,
            quantity=goods.quantity,
            reason=goods.reason,
            condition=Condition.UNOPENED,
            serials=row.serials[: int(goods.quantity)],
            outcome=pack.outcome,
        )
        lines.append(line)
    return Wish(lines=tuple(lines), method=Method.PARCEL_SHOP, parcels=pack.parcels)


def _bring(rma: Return) -> None:
    """On the van since this morning, with the labels that were made for it."""
    labels = Label.objects.filter(parcel__rma=rma, state=LabelState.VERIFIED)
    wait_until(lambda: labels.count() == rma.parcel_count, f"{rma.number} has its labels")
    for code in rma.parcels.values_list("code", flat=True):
        press("return_scan", parcel=code, code="out_for_delivery", **{"return": rma.number})


def _told(rma: Return) -> dict[str, Any]:
    return {
        "number": rma.number,
        "company": rma.company.ref,
        "parcels": [parcel.code for parcel in rma.parcels.filter(outward=False)],
        "lines": list(_lines(rma.lines.select_related("returnable__order"))),
    }


def _lines(lines: Iterable[ReturnLine]) -> Iterator[dict[str, Any]]:
    for line in lines:
        asked = line.returnable.order.lines.filter(ref=line.returnable.line_ref).first()
        yield {
            "ref": line.ref,
            "sku": line.sku,
            "gtin": asked.gtin if asked else "",
            "description": line.description,
            "quantity": f"{line.requested.normalize():f}",
            "serials": line.serials,
        }
