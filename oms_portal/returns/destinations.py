"""Where goods go back to: the policy's place, else where the delivery came from, else our first
warehouse. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .kinds import PlaceKind
from .rules import ReturnPlace


def destination(
    own: ReturnPlace | None, origin: Mapping[str, Any], places: Sequence[ReturnPlace]
) -> Mapping[str, Any]:
    """As ``Return.destination`` keeps it; {} where nobody knows any place.

    ``own`` is the policy's. ``origin`` is the delivery's location as told: it is taken where it
    is one of ``places`` by its ref, or came with an address. A place that is not active is passed
    over, the ERP's word on it too.
    """
    if own is not None and own.active:
        return told(own)
    known = {place.ref: place for place in places}
    there = known.get(str(origin.get("ref") or ""))
    if there is not None:
        if there.active and there.kind != PlaceKind.PARCEL_SHOP:
            return told(there)
    elif origin.get("address"):
        return {
            "ref": origin.get("ref", ""),
            "name": origin.get("name", ""),
            "kind": PlaceKind.WAREHOUSE.value,
            "address": dict(origin["address"]),
        }
    return first_warehouse(places)


def first_warehouse(places: Sequence[ReturnPlace]) -> Mapping[str, Any]:
    ours = (place for place in places if place.active and place.kind == PlaceKind.WAREHOUSE)
    return next((told(place) for place in ours), {})


def told(place: ReturnPlace) -> Mapping[str, Any]:
    return {
        "ref": place.ref,
        "name": place.name,
        "kind": place.kind,
        "address": dict(place.address),
    }
