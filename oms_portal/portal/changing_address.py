"""The fields of an address, as the country that is chosen wants them; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from oms_portal.changes.addresses import Field, check, fields_for
from oms_portal.customers.models import Address
from oms_portal.orders.locales import listed


PREFIX = "address_"
# These are asked for by sections of their own.
_ASKED_APART = ("contact", "phone", "instructions")
# Everything that some country has a field for.
_MEMBERS = ("country", "name", "lines", "city", "region", "postal_code")


class AddressFields:
    """``present`` is the country that the order goes to now: the first that is offered."""

    def __init__(self, typed: QueryDict, present: str) -> None:
        self.country = typed.get(f"{PREFIX}country", present)
        region = typed.get(f"{PREFIX}region", "")
        self._asked = {
            PREFIX + field.name: field
            for field in fields_for(self.country, region)
            if field.name not in _ASKED_APART
        }
        self.fields = {name: _field(field) for name, field in self._asked.items()}
        self.fields[f"{PREFIX}country"].initial = self.country
        self._typed = typed

    def left_over(self) -> Iterator[tuple[str, str]]:
        """What was typed into fields that this country has not: it comes back with another."""
        for name in (PREFIX + member for member in _MEMBERS):
            if name not in self._asked and (text := self._typed.get(name)):
                yield name, text

    def faults(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with the address, with the name of the field where it can be mended."""
        for member, error in check(self.told(data)).errors.items():
            name = PREFIX + member
            yield (name if name in self.fields else f"{PREFIX}country"), error

    def told(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The address in the shape of ``ChangeRequest.requested``."""
        told = {name.removeprefix(PREFIX): data.get(name, "") for name in self._asked}
        return {**told, "lines": [line for line in told["lines"].splitlines() if line.strip()]}


def in_one_line(place: Address) -> str:
    """A place of the book with its site code: "S2 · Plant 2, Hafenstrasse 12, 20457 Hamburg"."""
    town = " ".join(filter(None, (place.postal_code, place.city)))
    parts = (place.name, *place.lines[:1], town, place.country)
    return f"{place.ref} · {listed(filter(None, parts))}"


def _field(field: Field) -> forms.Field:
    attrs = {"autocomplete": f"shipping {field.autocomplete}", "dir": "auto"}
    if field.choices:
        options = [("", _("Please choose")), *field.choices]
        widget = forms.Select(attrs={"autocomplete": attrs["autocomplete"]})
        return forms.ChoiceField(label=field.label, choices=options, required=False, widget=widget)
    several = field.name == "lines"
    box: forms.Widget = forms.Textarea({**attrs, "rows": 2}) if several else forms.TextInput(attrs)
    # Their lengths are judged with the rest of the address, in words; nothing is cut.
    typed = forms.CharField(label=field.label, required=False, strip=False, widget=box)
    typed.optional = not field.required  # type: ignore[attr-defined]  # said beside the label
    return typed
