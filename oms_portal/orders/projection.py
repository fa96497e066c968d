"""Order events become the read model: the newest replaces it, every one joins the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from oms_portal.customers.models import Company
from oms_portal.customers.projection import company_of
from oms_portal.erp import schemas
from oms_portal.erp.messages import Message, handles
from oms_portal.words.unknown import note

from . import followers, updates
from .announcing import announce
from .codes import codes_of
from .history import State, Step, fold, step
from .ledger import Move
from .models import Document, Order, OrderLine, Package, Shipment
from .past import OrderFact, OrderVersion, Promise
from .records import document_rows, line_rows, order_columns, package_rows, shipment_rows
from .search import digest, keep, terms_of
from .snapshots import Snapshot, snapshot_of
from .tracking.parcels import packages_of, scans_of
from .tracking.standings import hold, refresh


def _touched(record: schemas.Order) -> set[str]:
    """The company of the record, and the one whose order it would take away."""
    stored = Order.objects.filter(ref=record.ref).values_list("company__ref", flat=True)
    return {record.customer_ref, *stored}


@handles("order.updated.v1", ref=lambda record: record.ref, customers=_touched)
def apply(message: Message) -> str | None:
    version = OrderVersion(
        order_ref=message.ref,
        rank=message.rank,
        occurred_at=message.occurred_at,
        source=message.source,
        snapshot=snapshot_of(message.record),
    )
    OrderVersion.objects.bulk_create([version], ignore_conflicts=True)
    note(codes_of(message.record), message.source.pk, message.record.number)
    order = _stored(message.ref)
    if message.newest:
        _replace(order, message, version)
    elif order is not None:
        _retell(order)
        order.save(update_fields=["history", "correction"])
        announce([order])
    return None


def _stored(ref: str) -> Order | None:
    """The order with its company and what outlasts an event; all else is told anew."""
    own = ("ref", "slug", "number", "version", "history", "terms_digest", "ship_to_ref")
    columns = (*own, "company__ref", "company__parent")
    found = Order.objects.filter(ref=ref).select_related("company").only(*columns).order_by()
    return next(iter(found), None)


def _replace(order: Order | None, message: Message, version: OrderVersion) -> None:
    """The order as the newest event tells it: its row, and its children as a set."""
    record: schemas.Order = message.record
    known: State = order.history if order else {}
    numbers = _numbers(version.snapshot) | _numbers(known.get("last"))
    hold(numbers)
    company = _company(order, record)
    companies = {company.pk, order.company_id} if order else {company.pk}
    place = (order.company_id, order.ship_to_ref) if order else None
    rank = known.get("rank", "")
    if rank > message.rank:
        # What stood gave way (``erp.projector``), so it is no part of this order's history.
        OrderVersion.objects.filter(order_ref=message.ref, rank__gt=message.rank).delete()
    taken = None if rank >= message.rank else step(known, version.snapshot)
    terms = terms_of(record)
    found_by, was_found_by = digest(company.ref, terms), order.terms_digest if order else ""
    columns = {
        **order_columns(record),
        "terms_digest": found_by,
        "company": company,
        "version": message.version,
        "told_at": message.occurred_at,
    }
    if taken is not None:
        columns |= _carried(taken.state, message.rank)
    papers = _drop_children(order, known.get("last")) if order is not None else {}
    order = _save(order, record, columns)
    if found_by != was_found_by:
        keep(order, terms, new=place is None)
    if place not in (None, (order.company_id, order.ship_to_ref)):
        updates.move(order)
    if taken is None:
        _retell(order)
        order.save(update_fields=["history", "correction"])
    else:
        _add(order, taken, version)
    written = _add_children(order, record, papers)
    told = scans_of(numbers)
    packages = packages_of(numbers, written) if told else []
    moved = {other.pk: other for other in refresh(packages, told, message.source, order=order)}
    if place is not None:
        followers.tell(order)
    announce({**moved, order.pk: order}.values(), *companies)


def _company(order: Order | None, record: schemas.Order) -> Company:
    if order is not None and order.company.ref == record.customer_ref:
        return order.company
    return company_of(record.customer_ref)


def _numbers(snapshot: Snapshot | None) -> set[str]:
    if snapshot is None:
        return set()
    return {number for told in snapshot["shipments"] for number in told["numbers"]}


def _carried(state: State, rank: str) -> dict[str, object]:
    return {"history": {**state, "rank": rank}, "correction": state["corrected"]}


def _save(order: Order | None, record: schemas.Order, columns: Mapping[str, object]) -> Order:
    renamed = order is None or order.number != record.number
    saved = order or Order(ref=record.ref)
    for name, value in columns.items():
        setattr(saved, name, value)
    if renamed:
        _save_under_a_slug(saved)
    else:
        saved.save()
    return saved


def _save_under_a_slug(order: Order) -> None:
    """The number, or where another order has that name, number and ref. The database decides.

    Where numbers were made up to keep both away, a name that nobody can foresee."""
    slugs = [order.number, f"{order.number}~{order.ref}"]
    slugs.append(f"{order.number}~{order.ref}~{token_hex(6)}")
    for slug in slugs:
        order.slug = slug
        try:
            with transaction.atomic():
                order.save()
            return
        except IntegrityError:
            if slug == slugs[-1]:
                raise


def _drop_children(order: Order, last: Snapshot | None) -> dict[str, int]:
    """All rows of the order's parts go; what its papers were called by, by their refs, is kept."""
    papers: dict[str, int] = {}
    if last is None or last["shipments"]:
        _drop(Package.objects.filter(shipment__order=order))
        _drop(Shipment.objects.filter(order=order))
    if last is None or last["documents"]:
        papers = dict(Document.objects.filter(order=order).values_list("ref", "pk"))
        _drop(Document.objects.filter(order=order))
    _drop(OrderLine.objects.filter(order=order))
    return papers


def _drop(rows: QuerySet[Any]) -> None:
    """One DELETE: nothing points at these rows but what was dropped before them."""
    rows._raw_delete(rows.db)


def _add_children(order: Order, record: schemas.Order, papers: Mapping[str, int]) -> list[Package]:
    OrderLine.objects.bulk_create(line_rows(order, record))
    Document.objects.bulk_create(document_rows(order, record.documents, papers))
    shipments = Shipment.objects.bulk_create(
        shipment_rows(order, record.shipments, order.history["threads"])
    )
    return Package.objects.bulk_create(
        package
        for row, told in zip(shipments, record.shipments, strict=True)
        for package in package_rows(row, told.packages)
    )


def _retell(order: Order) -> None:
    """Fold the whole history anew: a late event may change what later ones meant."""
    versions = sorted(
        OrderVersion.objects.filter(order_ref=order.ref), key=lambda version: version.rank
    )
    steps = fold(version.snapshot for version in versions)
    _drop(OrderFact.objects.filter(order=order))
    _drop(Promise.objects.filter(order=order))
    updates.retell(order, _tell(order, zip(steps, versions, strict=True)))
    before = order.history.get("threads", {})
    for name, value in _carried(steps[-1].state, versions[-1].rank).items():
        setattr(order, name, value)
    threads = order.history["threads"]
    for ref in threads:
        if threads[ref] != before.get(ref):
            order.shipments.filter(ref=ref).update(thread=threads[ref])


def _add(order: Order, taken: Step, version: OrderVersion) -> None:
    if taken.anew:
        _drop(OrderFact.objects.filter(order=order))
        _drop(Promise.objects.filter(order=order))
    facts = _tell(order, [(taken, version)])
    (updates.retell if taken.anew else updates.tell)(order, facts)


def _tell(order: Order, steps: Iterable[tuple[Step, OrderVersion]]) -> list[OrderFact]:
    facts: list[OrderFact] = []
    promises: list[Promise] = []
    for taken, version in steps:
        promises += [_promise(order, move, version) for move in taken.promises]
        facts += [
            OrderFact(
                order=order,
                rank=version.rank,
                position=position,
                kind=fact.kind,
                occurred_at=fact.at or version.occurred_at,
                source_id=version.source_id,
                data=fact.data,
            )
            for position, fact in enumerate(taken.facts)
        ]
    OrderFact.objects.bulk_create(facts)
    Promise.objects.bulk_create(promises)
    return facts


def _promise(order: Order, move: Move, version: OrderVersion) -> Promise:
    return Promise(
        order=order,
        line_ref=move.line_ref,
        rank=version.rank,
        made_at=version.occurred_at,
        kind=move.term.kind,
        starts=move.term.starts,
        ends=move.term.ends,
        quantity=move.term.quantity,
        days_late=move.days_late,
        reason=move.reason,
    )
