"""What there is to read of one return, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from oms_portal.customers.access import Actor, visible
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.queries import away
from oms_portal.live import Topic
from oms_portal.orders.feed import SAME_CHANGE
from oms_portal.orders.models import Document, Order
from oms_portal.returns.kinds import OPEN, PRIVATE, ReturnState
from oms_portal.returns.models import Evidence, Return, ReturnEvent, ReturnLine
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.receipts.models import Finding, Receipt, Verdict


_PEOPLE = ("requested_by", "on_behalf_of")


@dataclass(frozen=True)
class Dossier:
    """A return with its company and place; ``lines`` with reason and order, ``labels`` the newest
    of each parcel by its key, ``photos`` by the key of their line (None: of the whole return),
    ``events`` the oldest first. ``successor`` is the number of the return that took its place.

    ``findings`` are what our desk counted, in its ``receipt``; ``verdicts``, by the key of their
    finding, those that the ERP was told. ``outward`` are parcels that go back to the customer.
    ``put_off``: its answer takes longer, as the ERP that gives it is not reached.
    """

    rma: Return
    lines: Sequence[ReturnLine]
    events: Sequence[ReturnEvent] = ()
    parcels: Sequence[ReturnParcel] = ()
    labels: Mapping[int, Label] = field(default_factory=dict)
    photos: Mapping[int | None, Sequence[Evidence]] = field(default_factory=dict)
    successor: str = ""
    credit_paper: Document | None = None
    replacement: Order | None = None
    receipt: Receipt | None = None
    findings: Sequence[Finding] = ()
    verdicts: Mapping[int, Sequence[Verdict]] = field(default_factory=dict)
    outward: Sequence[ReturnParcel] = ()
    put_off: bool = False


def sent(actor: Actor) -> QuerySet[Return]:
    """The returns that this actor may see; drafts are their author's alone and not among them."""
    return visible(actor, Return).exclude(state__in=PRIVATE)


def named(actor: Actor, number: str) -> Return | None:
    return None if "\0" in number else sent(actor).filter(number=number).first()


def dossier_of(number: str) -> Dossier | None:
    """Thirteen queries at most."""
    rows = Return.objects.exclude(state__in=PRIVATE).filter(number=number)
    rma = rows.select_related("company", "place", "receipt", "command", *_PEOPLE).first()
    if rma is None:
        return None
    parcels = tuple(rma.parcels.all())
    for parcel in parcels:
        parcel.rma = rma
    receipt: Receipt | None = getattr(rma, "receipt", None)
    findings = tuple(receipt.findings.all()) if receipt else ()
    return Dossier(
        rma=rma,
        lines=lines_of(rma),
        events=tuple(rma.events.select_related("actor", "on_behalf_of").order_by("at", "pk")),
        parcels=[parcel for parcel in parcels if not parcel.outward],
        outward=[parcel for parcel in parcels if parcel.outward],
        receipt=receipt,
        findings=findings,
        verdicts=_verdicts(findings),
        labels=_labels(parcels),
        photos=_photos(rma),
        successor=_successor(rma),
        credit_paper=_credit_paper(rma),
        replacement=_replacement(rma),
        put_off=_is_put_off(rma),
    )


def lines_of(rma: Return) -> tuple[ReturnLine, ...]:
    rows = rma.lines.select_related("reason", "returnable__order").order_by("pk")
    return tuple(rows.defer("returnable__order__history"))


def by_return(keys: Collection[int]) -> Mapping[int, list[ReturnLine]]:
    """The lines of several returns with their orders, by the key of the return; one query."""
    rows = ReturnLine.objects.filter(rma__in=keys).select_related("returnable__order")
    found: dict[int, list[ReturnLine]] = {}
    for line in rows.defer("returnable__order__history", "terms", "text").order_by("pk"):
        found.setdefault(line.rma_id, []).append(line)
    return found


def open_returns(order_ids: Collection[int]) -> Mapping[int, list[Return]]:
    """The open returns of each of these orders, asked for where it is, the newest first; one
    query."""
    rows = ReturnLine.objects.filter(returnable__order__in=order_ids, rma__state__in=OPEN)
    here = rows.filter(
        rma__company=F("returnable__order__company"),
        rma__ship_to_ref=F("returnable__order__ship_to_ref"),
    )
    pairs = here.select_related("rma", "returnable").defer("terms", "text")
    found: dict[int, dict[int, Return]] = {}
    for line in pairs.order_by("-rma__submitted_at", "-rma_id"):
        found.setdefault(line.returnable.order_id, {})[line.rma_id] = line.rma
    return {order_id: list(rmas.values()) for order_id, rmas in found.items()}


def count_open(actor: Actor, most: int) -> int:
    return sent(actor).filter(state__in=OPEN)[:most].count()


def orders_of(lines: Collection[ReturnLine]) -> list[Order]:
    """The orders of these lines, each once, as they come."""
    found = {line.returnable.order_id: line.returnable.order for line in lines}
    return list(found.values())


def _labels(parcels: Sequence[ReturnParcel]) -> Mapping[int, Label]:
    if not parcels:
        return {}
    rows = Label.objects.filter(parcel__in=parcels).defer("carried").order_by("version")
    found = {label.parcel_id: label for label in rows}
    for parcel in parcels:
        if parcel.pk in found:
            found[parcel.pk].parcel = parcel
    return found


def _verdicts(findings: Sequence[Finding]) -> Mapping[int, Sequence[Verdict]]:
    found: dict[int, list[Verdict]] = {}
    if findings:
        for verdict in Verdict.objects.filter(finding__in=findings, told_at__isnull=False):
            found.setdefault(verdict.finding_id, []).append(verdict)
    return found


def _photos(rma: Return) -> Mapping[int | None, Sequence[Evidence]]:
    found: dict[int | None, list[Evidence]] = {}
    for photo in rma.evidence.all():
        found.setdefault(photo.line_id, []).append(photo)
    return found


def _successor(rma: Return) -> str:
    """Where it was changed: the number of the one that holds now."""
    rows = Return.objects.exclude(state__in=PRIVATE).filter(replaces=rma.pk)
    return rows.values_list("number", flat=True).first() or ""


def _credit_paper(rma: Return) -> Document | None:
    """The ERP's credit note among the papers of the same place."""
    number = (rma.credit_note or {}).get("number")
    if not number:
        return None
    rows = Document.objects.filter(kind="credit_note", number=number, order__archived_at=None)
    mine = rows.filter(order__company=rma.company_id, order__ship_to_ref=rma.ship_to_ref)
    return mine.select_related("order").defer("content", "order__history").first()


def _replacement(rma: Return) -> Order | None:
    """The order that replaces the goods, where whoever sees the return sees it too."""
    if not rma.replacement_order_ref:
        return None
    rows = Order.objects.filter(ref=rma.replacement_order_ref, archived_at=None)
    return rows.filter(company=rma.company_id, ship_to_ref=rma.ship_to_ref).first()


def _is_put_off(rma: Return) -> bool:
    command = rma.command
    if command is None or rma.state not in (ReturnState.REQUESTED, ReturnState.IN_REVIEW):
        return False
    if command.state == Command.State.QUEUED:
        return away().filter(source=command.source_id).exists()
    return command.state == Command.State.RETRYING


def moved_at(topic: str) -> datetime | None:
    return Topic.objects.filter(key=topic).values_list("changed_at", flat=True).first()


def together(at: datetime | None, moved: datetime | None) -> bool:
    """Whether these belong to one change."""
    return bool(at and moved and abs(moved - at) < SAME_CHANGE)


def last_moved(actor: Actor, topic: str) -> Return | None:
    """The return whose step was the last change of this list; None where that was something else.
    For sockets."""
    moved = moved_at(topic)
    if moved is None:
        return None
    mine = sent(actor).values("pk")
    steps = ReturnEvent.objects.filter(rma__in=mine, at__gte=moved - SAME_CHANGE)
    step = steps.exclude(state__in=PRIVATE).select_related("rma").order_by("-pk").first()
    return step.rma if step else None
