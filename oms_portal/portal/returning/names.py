"""How the fields of a page name what they are about: one item of one delivery of one order."""

from __future__ import annotations

from urllib.parse import quote, unquote

from oms_portal.fragments.marking import anchor


QUANTITY = "quantity:"
# An order's slug, the ref of its line, the thread of the delivery.
Place = tuple[str, str, str]


def field_of(place: Place) -> str:
    """ "quantity:SO-1001/L1/D1", each part quoted as in a URL."""
    return QUANTITY + "/".join(quote(part, safe="") for part in place)


def place_of(name: str) -> Place | None:
    """The place that a field is about; None where no field of ours is called so."""
    parts = [unquote(part) for part in name.removeprefix(QUANTITY).split("/")]
    if not name.startswith(QUANTITY) or len(parts) != 3 or "\0" in name:
        return None
    place = (parts[0], parts[1], parts[2])
    return place if field_of(place) == name else None


def id_of(place: Place) -> str:
    return anchor("oms-item", "/".join(quote(part, safe="") for part in place))
