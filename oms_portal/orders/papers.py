"""The papers of all orders somebody may see, newest first, and each of them alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from oms_portal.customers.access import Actor, visible
from oms_portal.erp.models import Record

from . import search
from .detail import DocumentDetail
from .extracts import SearchTerm
from .models import Document, Order
from .moments import Moment, read, write


KINDS = (
    "confirmation",
    "delivery_note",
    "packing_list",
    "invoice",
    "credit_note",
    "proof_of_delivery",
    "other",
)
# So many firsts are taken side by side; SQLite allows 500.
_SIDE_BY_SIDE = 400
_ORDER = ("-issued_on", "-pk")


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
    narrowed = Q(kind=kind) if kind in KINDS else Q()
    if find:
        narrowed &= _numbered(actor, find)
    found = list(_first(actor, narrowed, before, size + 1))
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


def read_cursor(text: str) -> tuple[Moment, int] | None:
    """None where it is no cursor of ours."""
    moment, _, pk = text.rpartition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        return read(moment), int(pk)
    except (ValueError, OverflowError):
        return None


def _first(actor: Actor, narrowed: Q, before: str, count: int) -> QuerySet[Document]:
    """The first after the cursor: of each company and place by its index, then of those."""
    cursor = read_cursor(before)
    cuts = [Q()]
    if cursor:
        moment, pk = cursor
        cuts = [Q(issued_on=moment, pk__lt=pk), Q(issued_on__lt=moment)]
    parts = actor.split()
    rows = Document.objects.filter(narrowed)
    if len(parts) * len(cuts) > _SIDE_BY_SIDE:
        rows = visible(actor, Document).filter(narrowed).filter(reduce(or_, cuts))
    elif len(parts) * len(cuts) == 1:
        rows = visible(parts[0], Document).filter(narrowed, cuts[0])
    else:
        firsts = [
            visible(part, Document)
            .filter(narrowed, cut, order__archived_at=None)
            .order_by(*_ORDER)
            .values("pk")[:count]
            for part in parts
            for cut in cuts
        ]
        picked = (Document.objects.order_by().filter(pk__in=first).values("pk") for first in firsts)
        rows = Document.objects.filter(pk__in=Document.objects.none().union(*picked, all=True))
    return _told(rows.filter(order__archived_at=None)).order_by(*_ORDER)[:count]


def _told(rows: QuerySet[Document]) -> QuerySet[Document]:
    columns = ("kind", "number", "issued_on", "media_type", "url", "ref")
    places = ("order__slug", "order__number", "company__name", "company__time_zone")
    has_content = ExpressionWrapper(Q(content__isnull=False), output_field=BooleanField())
    return (
        rows.select_related("order", "company")
        .only(*columns, *places)
        .annotate(has_content=has_content)
    )


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
    return Listed(
        DocumentDetail(
            id=row.pk,
            kind=row.kind,
            number=row.number,
            issued_on=row.issued_on,
            media_type=row.media_type,
            has_content=row.has_content,  # type: ignore[attr-defined]
            url=row.url,
            ref=row.ref,
        ),
        row.order.slug,
        row.order.number,
        row.company.name,
        row.company.time_zone,
    )
