"""Invented changes of an invented order: what can be changed, what can't, and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import get_language

from oms_portal.changes.models import Aspect, ChangeRequest, RequestState
from oms_portal.changes.standing import Limit, Part, Standing
from oms_portal.customers.models import Company
from oms_portal.orders.models import Order, OrderStatus, ShipmentStatus
from oms_portal.orders.moments import zone_of
from oms_portal.orders.summary import OrderSummary

from ..base import Spec
from ..change_request import OneChange
from ..changing import all_states
from ..changing_data import Changing
from ..changing_limits import VERBS
from ..changing_requests import show_requests
from ..changing_shown import hide, show_changes
from ..changing_states import said
from ..drawing import draw
from ..formats import stamp
from ..shown_order import Happened
from .detail import SAMPLE, ZONE


_NUMBER = "SO-48190"
_HOME = {
    "name": "Nordwerk plant 1",
    "lines": ["Hafenstrasse 12", "Gate 4"],
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
}
_OTHER = {
    "name": "Nordwerk plant 2",
    "lines": ["Am Kanal 7"],
    "postal_code": "28195",
    "city": "Bremen",
    "country": "DE",
}
_VALUES: dict[str, Any] = {"address": _HOME, "requested": {"from": "2026-11-25"}}


def changes(hidden: str = "", states: Sequence[RequestState] = ()) -> str:
    """One delivery that can be changed, one that no longer can, and a request in each of these
    states: one that was passed on where none is named."""
    changing = sample_changing(states or (RequestState.SENT,))
    shown = hide(show_changes(changing, _summary(), VERBS), hidden.split(","))
    spec = Spec("changes", "sample", (), get_language() or "en")
    return draw(spec, 1, shown, SAMPLE, all_states(changing, shown))


def every_state() -> str:
    """A request in each state that a customer sees."""
    return changes(states=[state for state in RequestState if state not in _UNSEEN])


def change(state: RequestState = RequestState.COUNTERED) -> str:
    """One request by itself, with what happened to it."""
    changing = sample_changing((state,))
    [shown] = show_requests(changing.requests, changing.standing, changing.names, VERBS)
    request, zone = changing.requests[0], zone_of(ZONE)
    steps = (state, RequestState.SUBMITTED)
    times = (SAMPLE, SAMPLE - timedelta(hours=1))
    history = [
        Happened(stamp(at, zone), said(request, step), "")
        for step, at in zip(steps, times, strict=True)
    ]
    spec = Spec("change_request", "sample", (), get_language() or "en")
    return draw(spec, 1, OneChange(shown, history), SAMPLE, [state])


_UNSEEN = (RequestState.DRAFT, RequestState.AWAITING_CUSTOMER)


def sample_changing(states: Sequence[RequestState]) -> Changing:
    found = [_request(number, state) for number, state in enumerate(states, 1)]
    found.sort(key=lambda request: not request.is_open)
    parts = (
        _part("D-90431", ShipmentStatus.RELEASED, _can_be()),
        _part("D-90428", ShipmentStatus.PICKING, _closed("picking")),
    )
    return Changing(_standing(found, parts), tuple(found))


def order_changing() -> Changing:
    """The changes of the order that stands for all others: what has not left yet can be changed."""
    request = _request(1, RequestState.ACCEPTED)
    request.scope, request.thread = ChangeRequest.Scope.ORDER, ""
    parts = (
        _part("", ShipmentStatus.PLANNED, _can_be()),
        _part("D-90420", ShipmentStatus.DISPATCHED, _closed("dispatched")),
    )
    return Changing(_standing([request], parts), (request,))


def _can_be() -> dict[Aspect, Limit]:
    until = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    cancel = Limit(open=True, until=until + timedelta(days=3), fee=Decimal(15), fee_currency="EUR")
    return {aspect: Limit(open=True, until=until) for aspect in Aspect} | {Aspect.CANCEL: cancel}


def _closed(reason: str) -> dict[Aspect, Limit]:
    return {aspect: Limit(open=False, reason=reason) for aspect in Aspect}


def _standing(requests: Sequence[ChangeRequest], parts: tuple[Part, ...]) -> Standing:
    return Standing(
        order=_order(),
        now=SAMPLE,
        zone=ZONE,
        aspects=frozenset(Aspect),
        parts=parts,
        values=_VALUES,
        open=tuple(request for request in requests if request.is_open),
        basis="",
    )


def _part(number: str, status: ShipmentStatus, limits: dict[Aspect, Limit]) -> Part:
    return Part(
        thread=number,
        number=number,
        status=status,
        method="parcel",
        lines={"10": Decimal(80)},
        limits=limits,
        values=_VALUES,
        zone=ZONE,
    )


def _request(number: int, state: RequestState) -> ChangeRequest:
    countered = state == RequestState.COUNTERED
    asked = SAMPLE - timedelta(hours=number)
    return ChangeRequest(
        pk=number,
        key=f"sample-{number}",
        scope=ChangeRequest.Scope.SHIPMENT,
        thread="D-90431",
        delivery="D-90431",
        requested={"address": _OTHER, "requested": {"from": "2026-11-26"}},
        before=_VALUES,
        counter=_OFFER if countered else None,
        state=state,
        cutoff_at=SAMPLE + timedelta(hours=3),
        requested_by=get_user_model()(first_name="Jana", last_name="Petersen"),
        answer_code=_ANSWERS.get(state, ""),
        created_at=asked,
        submitted_at=asked,
        closed_at=SAMPLE,
    )


_ANSWERS = {RequestState.REJECTED: "dispatched", RequestState.EXPIRED: "expired"}
_OFFER = {
    "by": "erp",
    "text": "The tour to Bremen is full that day.",
    "requested": {"from": "2026-11-30"},
    "fee": {"amount": "12.50", "currency": "EUR"},
}


def _order() -> Order:
    company = Company(pk=1, ref="sample", name="Nordwerk GmbH", time_zone=ZONE)
    return Order(pk=1, slug=_NUMBER, number=_NUMBER, company=company)


def _summary() -> OrderSummary:
    return OrderSummary(
        slug=_NUMBER,
        number=_NUMBER,
        customer_reference="",
        company="Nordwerk GmbH",
        placed_at=SAMPLE - timedelta(days=4),
        ship_to_name=str(_HOME["name"]),
        ship_to_city=str(_HOME["city"]),
        status=OrderStatus.PROCESSING,
        items=3,
        currency="EUR",
        gross=Decimal("415.00"),
        told_at=SAMPLE,
        change_pending=True,
        time_zone=ZONE,
    )
