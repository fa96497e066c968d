"""The words an order is found by, and the finding: every query is led by an index.

A term is letters and digits alone, case-folded: "SO-00048213" is so00048213. Names of people who
placed orders stand beside them under a sign that no term has, so that nobody finds them by chance.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, router
from django.db.models import Exists, OuterRef, Q, QuerySet

from oms_portal.customers.access import Actor
from oms_portal.erp import schemas

from .extracts import SearchTerm
from .models import Order


LONGEST = 100
# Below it only the whole word is a hit: two letters begin half of all words.
SHORTEST_PREFIX = 3
# Up to so many hits are sorted by themselves; of more, a page is soon full by walking the list.
FEW = 2000
# Stands before the name of who placed an order, and sorts after every term.
BY = "~"
_LAST = "\U0010ffff"
_DIGITS = re.compile(r"[0-9]+")
_PREFIXED = re.compile(r"[^\W\d_]+([0-9]+)")


def fold(text: str) -> str:
    """The letters and digits of a text, whatever their case, width or dashes."""
    if text.isascii():
        return re.sub(r"[^a-z0-9]+", "", text.lower())[:LONGEST]
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())[:LONGEST]


def asked(typed: str) -> str:
    """The term somebody means: as ``fold``, a scanned (00)340… by its SSCC alone."""
    term = fold(typed)
    return term[2:] if len(term) == 20 and term.startswith("00") and term.isdigit() else term


def terms_of(record: schemas.Order) -> set[str]:
    """All that an order is found by: its number, the customer's, SKUs, GTINs, lots, serials,
    delivery numbers, tracking numbers, SSCCs, numbers of papers, and who placed it."""
    found = set(_numbers(record))
    for line in record.lines:
        found.update(map(fold, (line.sku, line.gtin, line.lot, *line.serials)))
    for shipment in record.shipments:
        for package in shipment.packages:
            found.update(map(fold, (package.sscc, package.tracking_number)))
            for held in package.lines:
                found.update(map(fold, (held.lot, *held.serials)))
    found.discard("")
    return found | set(_names(record.placed_by))


def _numbers(record: schemas.Order) -> Iterator[str]:
    papers = (paper.number for paper in record.documents)
    deliveries = (shipment.number for shipment in record.shipments)
    for number in (record.number, record.customer_reference, *deliveries, *papers):
        term = fold(number)
        yield term
        digits = _DIGITS.findall(number)[-1:]
        if prefixed := _PREFIXED.fullmatch(term):
            digits.append(prefixed[1])
        for part in digits:
            yield part
            yield part.lstrip("0")
    yield from (fold(word) for word in record.customer_reference.split())


def _names(placed_by: str) -> Iterator[str]:
    """A person's name from each of its words on: "B. Buyer" is found by "buyer" too."""
    words = placed_by.split()
    for at in range(min(len(words), 5)):
        if name := fold("".join(words[at:])):
            yield BY + name


def digest(company_ref: str, terms: Iterable[str]) -> str:
    """SHA-256 of an order's terms and whose they are: while it stays, its rows do."""
    text = "\n".join([company_ref, *sorted(terms)])
    return hashlib.sha256(text.encode()).hexdigest()


def keep(order: Order, terms: set[str], *, new: bool) -> None:
    """Write the terms of an order whose digest changed; one statement where it is new."""
    if not new:
        terms = terms - _outlasting(order, terms)
    # Rows of which nothing is asked after: an order has many, and models would cost most of it.
    with connections[router.db_for_write(SearchTerm)].cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {SearchTerm._meta.db_table} (order_id, company_id, term) "
            "VALUES (%s, %s, %s)",
            [(order.pk, order.company_id, term) for term in sorted(terms)],
        )


def _outlasting(order: Order, terms: set[str]) -> set[str]:
    """The terms that stand already; what no longer finds this order is dropped."""
    rows = SearchTerm.objects.filter(order=order)
    held = list(rows.values_list("pk", "term", "company_id"))
    gone = [pk for pk, term, at in held if term not in terms or at != order.company_id]
    if gone:
        rows.filter(pk__in=gone)._raw_delete(rows.db)
    return {term for _, term, at in held if at == order.company_id}


def matching(term: str) -> Q:
    """The rows of a term, or of all that begin with it where it is long enough.

    PostgreSQL's index answers LIKE and equality alone, SQLite's a range.
    """
    if len(term.removeprefix(BY)) < SHORTEST_PREFIX:
        return Q(term=term)
    if connection.vendor == "postgresql":
        return Q(term__startswith=term)
    return Q(term__gte=term, term__lt=term + _LAST)


@dataclass(frozen=True)
class Hits:
    """Which orders a term finds; ``few``: they are best taken all and sorted by themselves."""

    where: Q
    few: bool


def hits(actor: Actor, term: str) -> Hits:
    """To be asked of the actor's orders, and of no others.

    How many rows there are in their companies only decides how they are sought, never what is seen.
    """
    rows = SearchTerm.objects.filter(matching(term), company__in=sorted(actor.company_ids))
    count = rows.order_by()[: FEW + 1].count()
    if count <= FEW:
        return Hits(Q(pk__in=rows.values("order") if count else ()), few=True)
    # On the way through the list each order is asked: the index of its own terms leads, and the
    # company must stay out of it, for SQLite would take the other index, once for each order.
    own: Any = SearchTerm.objects.filter(matching(term), order=OuterRef("pk"))
    return Hits(Q(Exists(own)), few=False)


def bearing(actor: Actor, term: str) -> QuerySet[SearchTerm, int]:
    """The pks of the orders at the actor's companies that bear exactly this; not yet allowed."""
    rows = SearchTerm.objects.filter(term=term, company__in=sorted(actor.company_ids))
    return rows.order_by().values_list("order_id", flat=True)
