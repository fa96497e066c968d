"""Which requests a person looks at before they go to the ERP: those that thieves would make too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oms_portal.customers.models import Address

from .models import Aspect, RiskPolicy
from .post_boxes import is_po_box
from .scope import Scoped, aspects_in, included
from .standing import Part, Standing


_CONTACT = ("contact", "phone")


def policy_now() -> RiskPolicy:
    """The one row, the defaults while there is none."""
    return RiskPolicy.objects.first() or RiskPolicy()


def risks_of(standing: Standing, wish: Scoped, policy: RiskPolicy) -> tuple[str, ...]:
    """Why staff should look at it, as codes of ``reasons.RISKS``; one query where the goods are to
    go elsewhere."""
    parts = included(standing, wish)
    return tuple(code for code in _risks(standing, wish, parts) if _watched(code, policy, standing))


def _watched(code: str, policy: RiskPolicy, standing: Standing) -> bool:
    if code == "value_above":
        return policy.value_above is not None and standing.order.net > policy.value_above
    return bool(getattr(policy, code))


def _risks(standing: Standing, wish: Scoped, parts: tuple[Part, ...]) -> Iterator[str]:
    if Aspect.ADDRESS in aspects_in(wish.requested):
        book = _book(standing)
        ref = wish.requested.get("ship_to_ref", "")
        place = wish.requested.get("address") or book.get(ref, {})
        if _country(place) not in _countries(standing, parts, book):
            yield "new_country"
        if is_po_box(place):
            yield "po_box"
        if _other_contact(wish, place, book.get(ref), [part.values for part in parts]):
            yield "contact_and_address"
        if ref not in book:
            yield "new_address"
    yield "value_above"


def _book(standing: Standing) -> dict[str, Mapping[str, Any]]:
    """The company's places that are still in use, by ref."""
    members = ("ref", "name", "lines", "city", "country", "contact", "phone")
    rows = Address.objects.filter(company=standing.order.company_id, archived_at=None)
    return {row["ref"]: row for row in rows.values(*members)}


def _countries(
    standing: Standing, parts: tuple[Part, ...], book: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Where the company's goods go anyway: by its book, the order and the deliveries in question."""
    values = [standing.values, *(part.values for part in parts)]
    places = [*book.values(), *(told.get("address") or {} for told in values)]
    return {_country(place) for place in places} - {""}


def _country(place: Mapping[str, Any]) -> str:
    return str(place.get("country") or "").upper()


def _other_contact(
    wish: Scoped,
    place: Mapping[str, Any],
    from_book: Mapping[str, Any] | None,
    told: list[Mapping[str, Any]],
) -> bool:
    """Whether somebody else is to be asked for there: neither whom the ERP names nor whom the book
    names at that place."""
    for name in _CONTACT:
        asked = _plain(wish.requested.get(name) or place.get(name))
        known = {_plain(values.get(name)) for values in told}
        known.add(_plain((from_book or {}).get(name)))
        if asked and asked not in known:
            return True
    return False


def _plain(text: Any) -> str:
    return "".join(str(text or "").split()).casefold()
