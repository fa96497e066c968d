"""A word, a shape and a tone for where a return, its goods and its labels stand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from oms_portal.returns.kinds import (
    Acceptance,
    LabelState,
    ParcelState,
    Reception,
    ReturnState,
)

from ..shown import Chip


_STATES = {
    ReturnState.DRAFT: ("dot", "wait"),
    ReturnState.REQUESTED: ("dot", "busy"),
    ReturnState.IN_REVIEW: ("people", "busy"),
    ReturnState.INFO_NEEDED: ("alert", "warn"),
    ReturnState.APPROVED: ("check", "busy"),
    ReturnState.IN_TRANSIT: ("arrow", "busy"),
    ReturnState.PARTLY_RECEIVED: ("split", "busy"),
    ReturnState.RECEIVED: ("box", "busy"),
    ReturnState.INSPECTED: ("check", "busy"),
    ReturnState.SETTLED: ("check", "ok"),
    ReturnState.CLOSED: ("check", "ok"),
    ReturnState.REJECTED: ("cross", "bad"),
    ReturnState.CANCELLED: ("back", "off"),
    ReturnState.EXPIRED: ("clock", "off"),
}
_RECEPTIONS = {
    Reception.AWAITING: ("dot", "wait"),
    Reception.IN_TRANSIT: ("arrow", "busy"),
    Reception.RECEIVED: ("box", "ok"),
    Reception.WRONG_ITEM: ("alert", "warn"),
    Reception.LOST: ("alert", "bad"),
    Reception.NOT_RETURNED: ("cross", "off"),
    Reception.NOT_REQUIRED: ("dot", "off"),
    Reception.CANCELLED: ("back", "off"),
}
_ACCEPTANCES = {
    Acceptance.PENDING: ("dot", "wait"),
    Acceptance.MANUAL: ("people", "busy"),
    Acceptance.ACCEPTED: ("check", "ok"),
    Acceptance.PARTLY_ACCEPTED: ("split", "warn"),
    Acceptance.REJECTED: ("cross", "bad"),
}
_LABELS = {
    LabelState.READY: ("clock", "wait"),
    LabelState.VERIFIED: ("check", "ok"),
    LabelState.USED: ("check", "off"),
    LabelState.VOIDED: ("cross", "bad"),
    LabelState.EXPIRED: ("clock", "warn"),
    LabelState.SUPERSEDED: ("swap", "off"),
}
_PARCELS = {
    ParcelState.WANTED: ("clock", "wait"),
    ParcelState.ASKED: ("clock", "wait"),
    ParcelState.FAILED: ("alert", "warn"),
    ParcelState.READY: ("check", "busy"),
    ParcelState.HANDED_OVER: ("arrow", "busy"),
    ParcelState.IN_TRANSIT: ("arrow", "busy"),
    ParcelState.DELIVERED: ("check", "ok"),
    ParcelState.LOST: ("alert", "bad"),
    ParcelState.VOIDED: ("cross", "off"),
}


def desk_chip() -> Chip:
    """Of what our own desk has in its hands, whatever the ERP has heard."""
    return Chip(_("At our returns desk"), "box", "busy")


def return_chip(state: str) -> Chip:
    known = ReturnState(state)
    return Chip(str(known.label), *_STATES[known])


def reception_chip(reception: str) -> Chip:
    known = Reception(reception)
    return Chip(str(known.label), *_RECEPTIONS[known])


def acceptance_chip(acceptance: str) -> Chip:
    known = Acceptance(acceptance)
    return Chip(str(known.label), *_ACCEPTANCES[known])


def label_chip(state: str) -> Chip:
    known = LabelState(state)
    return Chip(str(known.label), *_LABELS[known])


def outward_chip(state: str) -> Chip:
    """Of goods that go back to the customer."""
    if state in (ParcelState.HANDED_OVER, ParcelState.IN_TRANSIT):
        return Chip(_("On its way to you"), "arrow", "busy")
    if state in (ParcelState.DELIVERED, ParcelState.LOST):
        return parcel_chip(state)
    return Chip(_("Being packed"), "box", "wait")


def parcel_chip(state: str) -> Chip:
    known = ParcelState(state)
    return Chip(str(known.label), *_PARCELS[known])
