"""The papers of all orders somebody may see, newest first, and each of them alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from oms_portal.customers.access import Actor, visible
from oms_portal.erp.models import Record

from . import search, typed
from .detail import DocumentDetail
from .extracts import SearchTerm
from .models import Document, Order
from .moments import read, write
from .paging import after, first


KINDS = (
    "confirmation",
    "delivery_note",
    "packing_list",
    "invoice",
    "credit_note",
    "proof_of_delivery",
    "other",
)
_COLUMNS = ("kind", "number", "issued_on", "media_type", "url", "ref")
_KEYS = ("-issued_on", "-pk")


@dataclass(frozen=True)
class Listed:
    """A paper and the order it belongs to; ``time_zone`` is the customer's."""

    paper: DocumentDetail
    slug: str
    number: str
    company: str
    time_zone: str


@dataclass(frozen=True)
class PaperPage:
    """``next`` is the cursor of the page after it, if any."""

    rows: tuple[Listed, ...]
    next: str = ""


def papers_of(
    actor: Actor, size: int, before: str = "", kind: str = "", find: str = ""
) -> PaperPage:
    """``size`` papers after the cursor ``before``: of a kind, and with a number (theirs, their
    order's, or the customer's own) that has ``find`` in it. Two queries at most, led by an index.
    """
    where, place = Q(order__archived_at=None), read_cursor(before)
    if kind in KINDS:
        where &= Q(kind=kind)
    if find:
        where &= _numbered(actor, find)
    cuts = after(_KEYS, place) if place else [Q()]
    found = list(_told(first(actor, Document, where, _KEYS, size + 1, cuts)))
    page = found[:size]
    more = len(found) > size
    return PaperPage(
        tuple(_listed(row) for row in page),
        f"{write(page[-1].issued_on)}~{page[-1].pk}" if more and page else "",
    )


def paper_of(actor: Actor, slug: str, pk: int) -> Document | None:
    """The paper of this order, with the order; None where it is missing or not this actor's."""
    rows = visible(actor, Document).filter(order__slug=slug, order__archived_at=None)
    return rows.select_related("order").defer("order__history").filter(pk=pk).first()


def teller_of(paper: Document) -> str:
    """The slug of the source whose word on the order is the newest."""
    told = Record.objects.filter(kind="order", ref=paper.order.ref)
    return told.values_list("event__source__slug", flat=True).first() or ""


def read_cursor(text: str) -> Mapping[str, Any] | None:
    """None where it is no cursor of ours."""
    moment, _, pk = text.rpartition("~")
    try:
        return {"issued_on": read(moment), "pk": int(pk)} if typed.key(pk) is not None else None
    except (ValueError, OverflowError):
        return None


def papers_at(order: Order) -> tuple[DocumentDetail, ...]:
    """The papers of one order, in its own order; one query."""
    return tuple(_detail(row) for row in _without_content(order.documents.only(*_COLUMNS)))


def _told(rows: QuerySet[Document]) -> QuerySet[Document]:
    places = ("order__slug", "order__number", "company__name", "company__time_zone")
    return _without_content(rows.select_related("order", "company").only(*_COLUMNS, *places))


def _without_content(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Whether a paper came along is read, the paper is not."""
    there = ExpressionWrapper(Q(content__isnull=False), output_field=BooleanField())
    return rows.annotate(has_content=there)


def _numbered(actor: Actor, find: str) -> Q:
    """The orders that the search knows by it, and of those the numbers that have it in them."""
    term = search.asked(find)
    if not term:
        return Q(pk__in=())
    hits = search.hits(actor, term)
    own = SearchTerm.objects.filter(search.matching(term), order=OuterRef("order_id"))
    orders = Q(order__in=Order.objects.filter(hits.where)) if hits.few else Q(Exists(own))
    numbers = Q(number__icontains=find)
    numbers |= Q(order__number__icontains=find) | Q(order__customer_reference__icontains=find)
    return orders & numbers


def _listed(row: Document) -> Listed:
    order, company = row.order, row.company
    return Listed(_detail(row), order.slug, order.number, company.name, company.time_zone)


def _detail(row: Document) -> DocumentDetail:
    return DocumentDetail(
        id=row.pk,
        kind=row.kind,
        number=row.number,
        issued_on=row.issued_on,
        media_type=row.media_type,
        has_content=row.has_content,  # type: ignore[attr-defined]  # annotated
        url=row.url,
        ref=row.ref,
    )
