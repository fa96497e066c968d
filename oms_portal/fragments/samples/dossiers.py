"""The rows of invented returns, of two invented orders, in any state and on any way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.customers.models import Company
from oms_portal.orders.models import Order, OrderLine
from oms_portal.orders.moments import zone_of
from oms_portal.returns.eligible import Returnable
from oms_portal.returns.kinds import (
    FREED,
    Acceptance,
    Condition,
    Kind,
    LabelState,
    Method,
    Outcome,
    ParcelState,
    Reception,
    ReturnState,
)
from oms_portal.returns.labels.data import LabelData
from oms_portal.returns.labels.digits import parcel_code, rma_number
from oms_portal.returns.matching import Facts
from oms_portal.returns.models import Return, ReturnableLine, ReturnEvent, ReturnLine
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.models import Finding, Receipt, Verdict
from oms_portal.returns.rules import ReturnPlace, ReturnReason
from oms_portal.returns.standing import acceptance_of
from oms_portal.returns.terms import Terms
from oms_portal.returns.windows import Dates

from ..returning.data import Dossier
from .detail import SAMPLE, ZONE


S = ReturnState
_COMPANY = Company(pk=1, ref="sample", name="Nordwerk GmbH", time_zone=ZONE)
_HAMBURG = {
    "name": "Nordwerk plant 1",
    "lines": ["Hafenstrasse 12"],
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
}
_BREMEN = {"lines": ["Am Kanal 7"], "postal_code": "28195", "city": "Bremen", "country": "DE"}
_SHOP = {
    "name": "Kiosk am Sandtor",
    "address": {**_HAMBURG, "lines": ["Am Sandtor 3"]},
    "hours": "8–20 h",
}
_NOTE = {"number": "CN-7781", "amount": "175.50", "currency": "EUR"}
_ALIKE: dict[str, Any] = {
    "currency": "EUR",
    "sender": _HAMBURG,
    "destination": {"name": "Returns Bremen", "kind": "warehouse", "address": _BREMEN},
    "pickup": {"on": "2026-11-24", "from": "08:00", "to": "12:00"},
    "expected": {"credit": "184.50", "fee": "9.00", "shipping": "0.00", "total": "175.50"},
    "expires_on": date(2026, 12, 14),
}
_PARCELS = {
    S.APPROVED: ParcelState.READY,
    S.IN_TRANSIT: ParcelState.IN_TRANSIT,
    S.CANCELLED: ParcelState.VOIDED,
}
_LABELS = {S.APPROVED: LabelState.VERIFIED, S.CANCELLED: LabelState.VOIDED}
# The way there, a state a day.
_WAY = (S.REQUESTED, S.APPROVED, S.IN_TRANSIT, S.RECEIVED, S.INSPECTED, S.SETTLED)
_BEFORE: Mapping[ReturnState, tuple[ReturnState, ...]] = {
    S.IN_REVIEW: (S.REQUESTED,),
    S.INFO_NEEDED: (S.REQUESTED, S.IN_REVIEW),
    S.PARTLY_RECEIVED: _WAY[:3],
    S.CLOSED: _WAY,
    S.REJECTED: (S.REQUESTED,),
    S.CANCELLED: (S.REQUESTED, S.APPROVED),
    S.EXPIRED: (S.REQUESTED, S.APPROVED),
}


def open_return() -> Return:
    return sample_return(3, Kind.RETURN, S.IN_TRANSIT)


def sample_dossier(state: ReturnState, method: Method) -> Dossier:
    rma = sample_return(3, Kind.RETURN, state, method)
    parcel = ReturnParcel(
        pk=1,
        rma=rma,
        sequence=1,
        code=parcel_code(rma.number[1:10], 1),
        state=_PARCELS.get(state, ParcelState.DELIVERED),
        tracking_number="00340434161094042557",
    )
    drawn = LabelData("return", rma.number, parcel.code, rma.sender, _BREMEN)
    label = Label(
        parcel=parcel,
        data={"label": vars(drawn)},
        state=_LABELS.get(state, LabelState.USED),
        codes=[{"symbology": "QRCode", "text": f"https://shop.example/returns/{rma.number}/"}],
        valid_until=rma.expires_on,
    )
    sent, lines = rma.approved_at is not None, sample_lines(rma)
    if state in _CAME:
        parcel.arrived_at = rma.received_at
    return Dossier(
        rma=rma,
        lines=lines,
        events=_events(rma),
        parcels=[parcel] if sent else [],
        labels={1: label} if sent else {},
        **(_found(rma, lines) if state in _CAME else {}),
    )


def _found(rma: Return, lines: Sequence[ReturnLine]) -> dict[str, Any]:
    """All of it came; one of the last line was damaged and goes back."""
    receipt = Receipt(rma=rma, counted_at=rma.received_at)
    findings = [
        Finding(pk=line.pk, receipt=receipt, line=line, counted=line.requested, unit=line.unit)
        for line in lines
    ]
    findings[-1].damaged = _DAMAGED
    found: dict[str, Any] = {"receipt": receipt, "findings": findings}
    if rma.state == S.RECEIVED:
        return found
    verdicts: dict[int, list[Verdict]] = {line.pk: [_taken(line.accepted)] for line in lines}
    verdicts[lines[-1].pk].append(_refused())
    back = ReturnParcel(
        rma=rma, sequence=2, state=ParcelState.IN_TRANSIT, tracking_number=_BACK, outward=True
    )
    return {**found, "verdicts": verdicts, "outward": [back]}


def _taken(quantity: Decimal) -> Verdict:
    return Verdict(quantity=quantity, accepted=True, disposition=Disposition.RESTOCK)


def _refused() -> Verdict:
    return Verdict(
        quantity=_DAMAGED,
        accepted=False,
        disposition=Disposition.SEND_BACK,
        reason=_("The coupling is bent."),
    )


def sample_return(
    number: int, kind: Kind, state: ReturnState, method: Method = Method.PARCEL_SHOP
) -> Return:
    reached = dict(_days(state))
    return Return(
        pk=number,
        number=rma_number(f"48231{number:04d}"),
        company=_COMPANY,
        kind=kind,
        state=state,
        method=method,
        place=ReturnPlace(**_SHOP),
        requested_by=get_user_model()(first_name="Jana", last_name="Petersen"),
        question=_("Which serial number is on the plate?") if state == S.INFO_NEEDED else "",
        answer_code="refused" if state == S.REJECTED else "",
        credit_note=_NOTE if state in (S.SETTLED, S.CLOSED) else None,
        created_at=reached[S.REQUESTED],
        submitted_at=reached[S.REQUESTED],
        approved_at=reached.get(S.APPROVED),
        scanned_at=reached.get(S.IN_TRANSIT),
        received_at=reached.get(S.RECEIVED),
        **_ALIKE,
    )


def _days(state: ReturnState) -> list[tuple[ReturnState, datetime]]:
    """When it came to each state, the last of them this morning."""
    before = _BEFORE.get(state, _WAY[: _WAY.index(state)] if state in _WAY else ())
    way = (*before, state)
    return [(step, SAMPLE - timedelta(days=ago)) for ago, step in enumerate(reversed(way))][::-1]


def _events(rma: Return) -> list[ReturnEvent]:
    return [
        ReturnEvent(rma=rma, verb="", state=step, at=at, source="erp")
        for step, at in _days(S(rma.state))
    ]


_GOODS = (
    (gettext_lazy("Deep-groove ball bearing 6204-2RS"), "BRG-6204", "12", "SO-48231"),
    (gettext_lazy("Hydraulic hose 1/2 in, 2 m"), "HYD-120", "3", "SO-48102"),
)
_DAMAGED = Decimal(1)
_BACK = "00340434161094042564"
_CAME = (S.RECEIVED, S.INSPECTED, S.SETTLED, S.CLOSED)
_RECEPTIONS = {
    S.IN_TRANSIT: Reception.IN_TRANSIT,
    **dict.fromkeys(_CAME, Reception.RECEIVED),
    **dict.fromkeys(FREED, Reception.CANCELLED),
}


def sample_lines(rma: Return) -> list[ReturnLine]:
    state = S(rma.state)
    return [_line(rma, state, number, *told) for number, told in enumerate(_GOODS, 1)]


def _line(
    rma: Return, state: ReturnState, number: int, words: Any, sku: str, count: str, order: str
) -> ReturnLine:
    quantity, nothing = Decimal(count), Decimal(0)
    judged = state in _CAME[1:]
    refused = _DAMAGED if judged and sku == _GOODS[-1][1] else nothing
    return ReturnLine(
        pk=number,
        rma=rma,
        returnable=ReturnableLine(order=_order(order)),
        sku=sku,
        description=str(words),
        unit="PCE",
        delivery="LS-9031",
        reason=ReturnReason(code="surplus", texts={"en": _("Ordered too many")}),
        condition=Condition.UNOPENED,
        outcome=Outcome.CREDIT,
        requested=quantity,
        approved=quantity,
        received=quantity if state in _CAME else nothing,
        accepted=quantity - refused if judged else nothing,
        rejected=refused,
        reception=_RECEPTIONS.get(state, Reception.AWAITING),
        acceptance=acceptance_of(quantity, quantity - refused, refused)
        if judged
        else Acceptance.PENDING,
    )


def _order(number: str) -> Order:
    return Order(pk=int(number[-5:]), slug=number, number=number, company=_COMPANY)


def offered() -> list[Returnable]:
    came = SAMPLE - timedelta(days=6)
    return [
        _returnable(number, description, count, came)
        for number, description, count in (
            ("SO-48231", _("Deep-groove ball bearing 6204-2RS"), "40"),
            ("SO-48231", _("Shaft seal 20×47×7"), "16"),
            ("SO-48102", _("Hydraulic hose 1/2 in, 2 m"), "6"),
        )
    ]


def _returnable(number: str, description: str, count: str, came: datetime) -> Returnable:
    until = (came + timedelta(days=30)).date()
    placed = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    return Returnable(
        order=_order(number),
        line=OrderLine(description=description, unit="PCE"),
        thread="",
        delivery="LS-9031",
        delivered_at=came,
        shipped=Decimal(count),
        on_returns=Decimal(0),
        numbers=(),
        available=Decimal(count),
        why="",
        serials=(),
        lots=(),
        unit_price=None,
        terms=Terms(allowed=True, until=until),
        facts=Facts("return", "", "", zone_of(ZONE), Dates(placed), "EUR", None),
    )
