"""Finding returns, orders and unknown parcels by anything that stands on a parcel, a paper, or that
somebody says on the phone. Every question is led by an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from oms_portal.customers.models import Company
from oms_portal.orders.extracts import SearchTerm
from oms_portal.orders.models import Order
from oms_portal.orders.search import fold, matching
from oms_portal.returns.calling import phone_digits
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return, ReturnableLine

from .kinds import ScanKind
from .models import FoundSerial, StrayParcel
from .scanning import boxes
from .scanning.codes import cleaned, readings


# So many of each are shown; who wants others says more.
MOST = 20
# Of orders that bear a word, so many are looked at.
_BEARING = 200
_ENOUGH_OF_A_NAME = 3


@dataclass(frozen=True)
class Hits:
    """What is found by anything that stands on a parcel or a paper, the newest first."""

    returns: Sequence[Return] = ()
    orders: Sequence[Order] = ()
    strays: Sequence[StrayParcel] = ()


def find(text: str) -> Hits:
    """By number, parcel, SSCC or tracking number of a return; by what an order is found by (number,
    customer's reference, serial, delivery, paper); by customer, phone number, unknown parcel."""
    words = cleaned(text)
    if not words:
        return Hits()
    values = [one.value for one in readings(words)]
    returns = _by_code(values)
    if returns:
        return Hits(_newest(returns), strays=_strays([words, *values]))
    orders = _orders(words, values)
    returns = _by_order(orders) | _by_serial(values) | _by_caller(words) | _by_company(words)
    return Hits(_newest(returns), _shown(orders), _strays([words, *values]))


def _by_code(values: Sequence[str]) -> set[int]:
    """What nothing but a parcel, or its return, is called."""
    found = set(_sent().filter(number__in=values).values_list("pk", flat=True))
    kinds = {one.kind for value in values for one in readings(value)}
    if ScanKind.PARCEL in kinds:
        found |= {box.rma_id for value in values for box in boxes.by_code(value)}
    if not found:
        found = {box.rma_id for box in boxes.by_number(values)}
    return found


def _orders(words: str, values: Sequence[str]) -> set[int]:
    """The very number, ours or theirs; else what bears the word; else what begins with it."""
    every = Order.objects.order_by().values_list("pk", flat=True)
    for name in ("number", "customer_reference", "ref", "slug"):
        if exact := set(every.filter(**{name: words})[:MOST]):
            return exact
    terms = {fold(one) for one in (words, *values)} - {""}
    if found := _bearing(Q(term__in=terms)):
        return found
    return _bearing(matching(fold(words))) if fold(words) else set()


def _bearing(term: Q) -> set[int]:
    # The index begins with the company.
    everybody = Company.objects.order_by().values("pk")
    rows = SearchTerm.objects.filter(term, company__in=everybody).order_by()
    return set(rows.values_list("order", flat=True)[:_BEARING])


def _by_order(orders: Iterable[int]) -> set[int]:
    rows = ReturnableLine.objects.filter(order__in=list(orders), lines__isnull=False).order_by()
    return set(rows.values_list("lines__rma", flat=True)[:_BEARING])


def _by_serial(values: Sequence[str]) -> set[int]:
    """What the desk read, although nobody shipped it."""
    rows = FoundSerial.objects.filter(serial__in=values).order_by()
    return set(rows.values_list("receipt__rma", flat=True)[:MOST])


def _by_caller(words: str) -> set[int]:
    digits = phone_digits(words) if _is_phone(words) else ""
    if not digits:
        return set()
    rows = _sent().filter(phone_digits=digits).order_by("-created_at")
    return set(rows.values_list("pk", flat=True)[:MOST])


def _is_phone(words: str) -> bool:
    return all(char.isdecimal() or char in " +-()/.–" for char in words)


def _by_company(words: str) -> set[int]:
    known = Q(ref=words) | Q(number=words)
    if len(words) >= _ENOUGH_OF_A_NAME:
        known |= Q(name__icontains=words)
    companies = Company.objects.order_by("name").filter(known).values_list("pk", flat=True)[:MOST]
    return {pk for company in companies for pk in _of_company(company)}


def _of_company(company: int) -> Iterable[int]:
    rows = _sent().filter(company=company).order_by("-created_at")
    return rows.values_list("pk", flat=True)[:MOST]


def _strays(texts: Iterable[str]) -> list[StrayParcel]:
    asked = {one for text in texts for one in (text, text.upper())}
    every = StrayParcel.objects.order_by("-found_at", "-pk")
    own = list(every.filter(number__in=asked)[:MOST])
    return own or list(every.filter(code__in=asked)[:MOST])


def _newest(pks: Iterable[int]) -> list[Return]:
    rows = _sent().filter(pk__in=list(pks)).select_related("company", "receipt")
    return list(rows.order_by("-created_at", "-pk")[:MOST])


def _shown(pks: Iterable[int]) -> list[Order]:
    rows = Order.objects.filter(pk__in=list(pks)).select_related("company")
    return list(rows.order_by("-placed_at", "-pk")[:MOST])


def _sent() -> QuerySet[Any]:
    return Return.objects.exclude(state__in=PRIVATE)
