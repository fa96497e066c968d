"""All that a label says, gathered once and frozen with it: same data, same bytes, for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from oms_portal.customers.mail import language_of
from oms_portal.orders.models import OrderLine
from oms_portal.orders.moments import day_of, zone_of
from oms_portal.orders.units import quantity

from . import dress, mails
from .articles import Articles, articles_now, in_language
from .carriers.registry import carrier_of
from .kinds import Method, ParcelState
from .labels.data import Dress, Item, LabelData
from .models import Return, ReturnLine
from .parcels import Label, ReturnParcel
from .receipts.judgement import outward
from .receipts.judgement.outward import Content
from .receipts.models import Verdict


# Between these no customs papers are asked for (Regulation (EU) 952/2013, article 4).
_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK"
_UNION = frozenset(_MEMBERS.split())
_MOST_ORDERS = 3


def frozen(parcel: ReturnParcel, now: datetime) -> dict[str, Any]:
    """As ``Label.data`` keeps it. Reads the brand's files: to be called outside of transactions."""
    worn = dress.frozen(dress.dress_of(parcel.rma))
    told = packed(parcel, now) if parcel.outward else {"label": asdict(gathered(parcel, now))}
    return told | {"dress": worn}


def packed(parcel: ReturnParcel, now: datetime) -> dict[str, Any]:
    """All but the dress, of a parcel that goes back to the customer; reads no files."""
    back = outward.goods(parcel)
    told = asdict(gathered(parcel, now, back))
    return {"label": told, outward.GOODS: [verdict.pk for verdict in back]}


def read(label: Label) -> tuple[LabelData, Dress]:
    """Back from ``frozen``."""
    return LabelData.read(label.data["label"]), dress.read(label.data["dress"])


def gathered(parcel: ReturnParcel, now: datetime, back: Iterable[Verdict] = ()) -> LabelData:
    """In the language of the customer's company; six queries. ``back``: what goes back with it."""
    rma = parcel.rma
    company = rma.company
    language = language_of(company)
    lines = list(rma.lines.select_related("returnable__order", "reason").order_by("pk"))
    sent = rma.parcels.filter(outward=parcel.outward).exclude(state=ParcelState.VOIDED)
    siblings = list(sent.order_by("sequence").values_list("pk", flat=True))
    sender, receiver = ends(parcel)
    packed = list(outward.contents(back)) if parcel.outward else list(map(_announced, lines))
    until = None if parcel.outward else rma.expires_on
    with translation.override(language):
        articles = articles_now()
        return LabelData(
            template="return",
            rma=rma.number,
            parcel=parcel.code,
            sender=sender,
            receiver=receiver,
            items=tuple(_items(packed, lines, articles)),
            order=_orders(lines),
            link=mails.link(rma),
            sscc=parcel.sscc,
            carrier=_carrier(parcel),
            tracking_number=parcel.tracking_number,
            service=parcel.service,
            point={} if parcel.outward else _point(rma),
            sequence=siblings.index(parcel.pk) + 1 if parcel.pk in siblings else parcel.sequence,
            of=len(siblings),
            valid_until=until.isoformat() if until else "",
            issued_on=day_of(now, zone_of(company.time_zone)).isoformat(),
            currency=rma.currency,
            notes=_notes(lines, articles),
            language=language,
            outward=parcel.outward,
        )


def ends(parcel: ReturnParcel) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Who sends it, and who gets it."""
    theirs, ours = parcel.rma.sender, receiver_of(parcel.rma)
    return (ours, theirs) if parcel.outward else (theirs, ours)


def receiver_of(rma: Return) -> Mapping[str, Any]:
    """The destination's address under its own name, where the address has none."""
    address = dict(rma.destination.get("address") or {})
    return {**address, "name": address.get("name") or rma.destination.get("name", "")}


def crosses_border(sender: Mapping[str, Any], receiver: Mapping[str, Any]) -> bool:
    """Whether customs want papers: another country, and not both in the European Union."""
    here, there = str(sender.get("country", "")), str(receiver.get("country", ""))
    return bool(here and there) and here != there and not {here, there} <= _UNION


def _announced(line: ReturnLine) -> Content:
    count = line.approved or line.requested
    return Content(line.sku, line.description, line.unit, count, line)


def _items(
    packed: Iterable[Content], lines: Iterable[ReturnLine], articles: Articles
) -> Iterable[Item]:
    prices = _prices(lines)
    for each in packed:
        line, article = each.line, articles.of(each.sku)
        place = line.returnable if line else None
        price = prices.get((place.order_id, place.line_ref)) if place else None
        weight = article.weight if article else None
        yield Item(
            sku=each.sku,
            description=each.description,
            quantity=quantity(each.count, each.unit),
            reason=line.reason.words if line and line.reason else "",
            value=_amount(price, each.count),
            weight=_amount(weight, each.count),
            hs_code=article.hs_code if article else "",
            origin=article.origin if article else "",
        )


def _prices(found: Iterable[ReturnLine]) -> dict[tuple[int, str], Decimal | None]:
    lines = list(found)
    orders = {line.returnable.order_id for line in lines}
    refs = {line.returnable.line_ref for line in lines}
    rows = OrderLine.objects.filter(order__in=orders, ref__in=refs)
    return {(pk, ref): price for pk, ref, price in rows.values_list("order", "ref", "unit_price")}


def _amount(single: Decimal | None, count: Decimal) -> str:
    """Of all units together, "" where nobody knows."""
    return "" if single is None else f"{round(single * count, 3).normalize():f}"


def _orders(lines: Iterable[ReturnLine]) -> str:
    numbers = list(dict.fromkeys(line.returnable.order.number for line in lines))
    more = len(numbers) - _MOST_ORDERS
    return ", ".join(numbers[:_MOST_ORDERS]) + (f" +{more}" if more > 0 else "")


def _carrier(parcel: ReturnParcel) -> str:
    carrier = carrier_of(parcel.carrier)
    return carrier.name if carrier else ""


def _point(rma: Return) -> Mapping[str, Any]:
    if rma.place is None or rma.method not in (Method.PARCEL_SHOP, Method.QR, Method.BRANCH):
        return {}
    return {**rma.place.address, "name": rma.place.name}


def _notes(lines: Iterable[ReturnLine], articles: Articles) -> tuple[str, ...]:
    found = (articles.of(line.sku) for line in lines)
    told = (in_language(article.notes) for article in found if article)
    return tuple(dict.fromkeys(filter(None, told)))
