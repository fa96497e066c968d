"""The values of a request beside those of the ERP, member by member, as staff compare them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.wording import METHODS
from oms_portal.fragments.formats import moment
from oms_portal.orders.moments import read

from .command_words import LABELS


Values = Mapping[str, Any]
_PLACE: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "lines": gettext_lazy("Street"),
    "postal_code": gettext_lazy("Postcode"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
}
_OWN = ("contact", "phone", "instructions", "method", "pickup_ref", "reason")
_WITHIN = ("contact", "phone", "instructions")


@dataclass(frozen=True)
class Compared:
    """One member; "" where somebody said nothing of it. ``differs``: the ERP is asked for another
    value than it has."""

    label: str
    now: str
    asked: str
    approved: str = ""
    offered: str = ""

    @property
    def differs(self) -> bool:
        wanted = self.approved or self.asked
        return bool(wanted or self.now) and " ".join(wanted.split()) != " ".join(self.now.split())


def compare(
    now: Values, asked: Values, approved: Values | None, offered: Values | None, zone: tzinfo
) -> list[Compared]:
    """Those members that anybody asked for or offered, an address part by part."""
    told = [_flat(values or {}, zone) for values in (now, asked, approved, offered)]
    wanted = {
        path: label for values in reversed(told[1:]) for path, (label, _text) in values.items()
    }
    rows = [
        Compared(label, *(values.get(path, ("", ""))[1] for values in told))
        for path, label in sorted(wanted.items(), key=lambda pair: _rank(pair[0]))
    ]
    return [row for row in rows if row.now or row.asked or row.approved or row.offered]


def cancelled(
    asked: Iterable[Mapping[str, Any]],
    before: Iterable[Mapping[str, Any]],
    names: Mapping[str, str],
) -> list[Compared]:
    """Lines of which something is to be cancelled; ``now`` is what was cancelled already."""
    gone = {str(told.get("line_ref")): str(told.get("quantity", "")) for told in before}
    return [
        Compared(
            names.get(str(told.get("line_ref")), str(told.get("line_ref"))),
            _amount(gone.get(str(told.get("line_ref")), "0")),
            _amount(str(told.get("quantity") or "")),
        )
        for told in asked
    ]


def _amount(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _flat(values: Values, zone: tzinfo) -> dict[str, tuple[str, str]]:
    """Label and text by path."""
    return {path: (str(label), text) for path, label, text in _members(values, zone)}


def _members(values: Values, zone: tzinfo) -> Iterator[tuple[str, Any, str]]:
    place = values.get("address")
    if isinstance(place, Mapping) and place:
        for name, label in _PLACE.items():
            yield f"address.{name}", label, _text(place.get(name))
        for name in _WITHIN:
            if place.get(name) and name not in values:
                yield name, LABELS[name], _text(place[name])
    if ref := values.get("ship_to_ref"):
        yield "ship_to_ref", _("Place of the address book"), _text(ref)
    for name in _OWN:
        if name in values:
            yield name, LABELS[name], _said(name, values[name])
    window = values.get("requested")
    if isinstance(window, Mapping):
        for end, label in (("from", _("Delivery from")), ("to", _("Delivery until"))):
            if window.get(end):
                yield f"requested.{end}", label, _moment(window[end], zone)


def _said(name: str, value: Any) -> str:
    return str(METHODS.get(value, value)) if name == "method" else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(str(each) for each in value)
    return str(value or "")


def _moment(told: Any, zone: tzinfo) -> str:
    try:
        return moment(read(str(told)), zone)
    except ValueError:
        return str(told)


_ORDER = [
    "ship_to_ref",
    *(f"address.{name}" for name in _PLACE),
    *_WITHIN,
    "requested.from",
    "requested.to",
    "method",
    "pickup_ref",
    "reason",
]


def _rank(path: str) -> int:
    return _ORDER.index(path)
