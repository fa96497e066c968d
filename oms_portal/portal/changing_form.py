"""What a customer types to change an order: fields for what is open, and the wish they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses import check_phone, clean_line, clean_text
from oms_portal.changes.models import Aspect, PickupPlace
from oms_portal.changes.standing import Standing
from oms_portal.changes.wishes import Scope, Wish
from oms_portal.customers.models import Address
from oms_portal.fragments.changing_values import Names, lines_of
from oms_portal.fragments.routes import part_title
from oms_portal.orders.locales import listed
from oms_portal.orders.moments import day_of, zone_of

from .changing_address import AddressFields, in_one_line
from .changing_scope import DELIVERY, ScopeForm


# The choice of an address that is in no book.
NEW = "new"
# Longest line, and longest text, that an ERP is asked to take.
LINE, TEXT = 100, 500
# How far ahead a day may be wished for.
AHEAD = timedelta(days=730)
# All but cancelling, which has a form of its own.
ASPECTS = tuple(aspect for aspect in Aspect if aspect != Aspect.CANCEL)
# What of the order's values says how it is now, and the fields that change it.
_MEMBERS: Mapping[Aspect, tuple[str, ...]] = {
    Aspect.ADDRESS: ("address",),
    Aspect.CONTACT: ("contact", "phone"),
    Aspect.INSTRUCTIONS: ("instructions",),
    Aspect.DATE: ("requested",),
    Aspect.METHOD: ("method",),
}
_FIELDS: Mapping[Aspect, tuple[str, ...]] = {
    **_MEMBERS,
    Aspect.ADDRESS: ("place",),
    Aspect.DATE: ("day", "day_to", "time_from", "time_to"),
    Aspect.METHOD: ("method", "pickup_ref"),
}
_WAYS: Mapping[str, str | Lazy] = {
    "parcel": gettext_lazy("By parcel"),
    "freight": gettext_lazy("By freight, with an appointment"),
    "pickup": gettext_lazy("You collect it at a branch"),
}


@dataclass(frozen=True)
class Section:
    """Fields of one aspect under a heading; ``now`` are the ERP's values, ``note`` says for which
    deliveries it is not."""

    aspect: str
    title: str | Lazy
    now: Sequence[str]
    note: str
    fields: Sequence[forms.BoundField]


@dataclass(frozen=True)
class Choices:
    """What can be chosen: the places of the book, whether another address is allowed, branches."""

    book: Sequence[Address] = ()
    may_add: bool = False
    branches: Sequence[PickupPlace] = ()


class ChangeForm(ScopeForm):
    """Empty is unchanged. ``asked`` are the aspects that can be changed for a part at least."""

    def __init__(
        self,
        typed: QueryDict,
        *,
        judged: bool,
        standing: Standing,
        choices: Choices,
        first: str = "",
    ) -> None:
        scopes = _scopes(standing)
        super().__init__(typed, judged=judged, standing=standing, scopes=scopes, first=first)
        self.choices, self.book = choices, choices.book
        self.address: AddressFields | None = None
        # What closed a moment ago stays, with what was typed into it.
        self.asked = [each for each in ASPECTS if standing.changeable(each) or self._typed(each)]
        for aspect in self.asked:
            getattr(self, f"_ask_{aspect.value}")()

    def _typed(self, aspect: Aspect) -> bool:
        return any(self.typed.get(name) for name in _FIELDS[aspect])

    def _ask_address(self) -> None:
        options = [("", _("No change"))]
        options += [(place.ref, in_one_line(place)) for place in self.choices.book]
        if self.choices.may_add:
            options.append((NEW, _("Another address …")))
        self.fields["place"] = forms.ChoiceField(
            label=_("Deliver to"), choices=options, required=False, error_messages=_gone()
        )
        if self.choices.may_add:
            self.address = AddressFields(self.typed, self._country())
            self.fields.update(self.address.fields)

    def _ask_contact(self) -> None:
        self.fields["contact"] = _line(_("Contact person"), autocomplete="shipping name")
        self.fields["phone"] = _line(_("Phone"), autocomplete="shipping tel", type="tel")

    def _ask_instructions(self) -> None:
        self.fields["instructions"] = forms.CharField(
            label=_("What should the driver know?"),
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        )

    def _ask_date(self) -> None:
        today = self._today().isoformat()
        self.fields["day"] = _day(_("Wished day"), today)
        self.fields["day_to"] = _day(_("Or any day until"), today)
        self.fields["time_from"] = _time(_("Not before"))
        self.fields["time_to"] = _time(_("Not after"))

    def _ask_method(self) -> None:
        present = self.values().get("method")
        options = [("", _("No change"))]
        options += [(name, str(label)) for name, label in _WAYS.items() if name != present]
        if not self.choices.branches:
            options = [option for option in options if option[0] != "pickup"]
        self.fields["method"] = forms.ChoiceField(
            label=_("How should it come?"),
            choices=options,
            required=False,
            widget=forms.RadioSelect,
            error_messages=_gone(),
        )
        self.initial.setdefault("method", "")
        if any(name == "pickup" for name, _label in options):
            places = [("", _("Please choose")), *((p.ref, str(p)) for p in self.choices.branches)]
            self.fields["pickup_ref"] = forms.ChoiceField(
                label=_("Branch"), choices=places, required=False, error_messages=_gone()
            )

    def clean_contact(self) -> str:
        return _cleaned(clean_line, self.cleaned_data["contact"], LINE)

    def clean_phone(self) -> str:
        """A number without a country code is one of the country that it goes to."""
        other = self.address and self.cleaned_data.get("place") == NEW
        country = self.address.country if self.address and other else self._country()
        number, error = check_phone(self.cleaned_data["phone"], country)
        if error:
            raise forms.ValidationError(error)
        return number

    def clean_instructions(self) -> str:
        return _cleaned(clean_text, self.cleaned_data["instructions"], TEXT)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place") == NEW and self.address:
            for name, error in self.address.faults(data):
                self.add_error(name, error)
        if Aspect.DATE in self.asked:
            self._clean_window(data)
        if data.get("method") == "pickup" and data.get("pickup_ref") == "":
            self.add_error("pickup_ref", _("Please choose where you will pick it up."))
        if data.get("scope") == Scope.LINES and not self.picked:
            self.add_error("scope", _("Please mark the items that it is for."))
        if not self.errors and not self._requested(data):
            self.add_error(None, _("Nothing would change yet. Please fill in what should change."))
        return data

    def _clean_window(self, data: Mapping[str, Any]) -> None:
        first, last = data.get("day"), data.get("day_to")
        times = [data.get(name) for name in ("time_from", "time_to")]
        for name, chosen in (("day", first), ("day_to", last)):
            if chosen and not self._today() <= chosen <= self._today() + AHEAD:
                self.add_error(name, _("Please choose a day within the next two years."))
        if not first and (last or any(times)) and "day" not in self.errors:
            self.add_error("day", _("Please say which day, too."))
        if first and last and last < first:
            self.add_error("day_to", _("Please choose a day that is not before the first one."))
        if all(times) and not (last and last != first) and times[1] <= times[0]:  # type: ignore[operator]  # both are there
            self.add_error("time_to", _("Please choose a time that is after the first one."))

    def _today(self) -> date:
        return day_of(self.standing.now, zone_of(self.standing.zone))

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(requested=self._requested(data), **self.scope_of(data))

    def _requested(self, data: Mapping[str, Any]) -> dict[str, Any]:
        typed = ("contact", "phone", "instructions", "method")
        wanted: dict[str, Any] = {name: data[name] for name in typed if data.get(name)}
        if data.get("place") == NEW and self.address:
            wanted["address"] = self.address.told(data)
        elif data.get("place"):
            wanted["ship_to_ref"] = data["place"]
        if data.get("method") == "pickup":
            wanted["pickup_ref"] = data["pickup_ref"]
        if window := self._window(data):
            wanted["requested"] = window
        return wanted

    def _window(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Days stay days; with a time of day they are instants, by the clocks of the place."""
        first, begins, ends = data.get("day"), data.get("time_from"), data.get("time_to")
        if not first:
            return {}
        last = data.get("day_to") or first
        if begins or ends:
            window = {"from": self._instant(first, begins or time(0))}
            return window | ({"to": self._instant(last, ends)} if ends else {})
        return {"from": first.isoformat()} | ({} if last == first else {"to": last.isoformat()})

    def _instant(self, day: date, at: time) -> str:
        zone = zone_of(self.standing.zone)
        return datetime.combine(day, at, zone).astimezone(UTC).isoformat()

    def sections(self) -> list[Section]:
        return [
            Section(
                aspect.value,
                aspect.label,
                self._now(aspect),
                self._note(aspect),
                [self[name] for name in _FIELDS[aspect] if name in self.fields],
            )
            for aspect in self.asked
        ]

    def values(self) -> Mapping[str, Any]:
        """The ERP's values of what is chosen: of the delivery, else of the order."""
        told = {DELIVERY + part.thread: part.values for part in self.standing.parts}
        return told.get(self.initial["scope"], self.standing.values)

    def _country(self) -> str:
        return str(self.values()["address"].get("country") or "")

    def new_address(self) -> list[forms.BoundField]:
        return [self[name] for name in self.address.fields] if self.address else []

    def _now(self, aspect: Aspect) -> list[str]:
        zone, values = zone_of(self.standing.zone), self.values()
        # The address is told with whom to ask for; that has a section of its own here.
        place = {**values.get("address", {}), "contact": "", "phone": "", "instructions": ""}
        told = {**values, "address": place}
        return [line for m in _MEMBERS[aspect] for line in lines_of(told, m, Names(), zone)]

    def _note(self, aspect: Aspect) -> str:
        """For which deliveries it can't be changed any more; "" where it can for all."""
        if not self.standing.changeable(aspect):
            return _("This can no longer be changed.")
        shut = [part_title(part) for part in self.standing.parts if not part.allows(aspect)]
        if not shut:
            return ""
        if len(shut) > 4:
            return _("Not for all deliveries: see above.")
        return _("No longer for: %(deliveries)s.") % {"deliveries": listed(shut)}


def _scopes(standing: Standing) -> list[tuple[str, str]]:
    """The whole order; each delivery of which something can be changed; some items."""
    parts = [part for part in standing.parts if any(part.allows(each) for each in ASPECTS)]
    told = [(DELIVERY + part.thread, part_title(part)) for part in parts if part.thread]
    whole = (Scope.ORDER.value, _("The whole order, as far as it can still be changed"))
    return [whole, *told, (Scope.LINES.value, _("Some items only"))]


def _gone() -> dict[str, str]:
    return {"invalid_choice": _("This can no longer be chosen. Please choose again.")}


def _line(label: str, *, autocomplete: str, type: str = "text") -> forms.CharField:
    # No maxlength: browsers cut what is pasted without a word.
    attrs = {"autocomplete": autocomplete, "type": type, "dir": "auto"}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs))


def _day(label: str, today: str) -> forms.DateField:
    attrs = {"type": "date", "min": today, "autocomplete": "off"}
    widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
    formats = ["%Y-%m-%d", *get_format("DATE_INPUT_FORMATS")]
    return forms.DateField(label=label, required=False, widget=widget, input_formats=formats)


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"})
    return forms.TimeField(
        label=label, required=False, widget=widget, input_formats=["%H:%M", "%H:%M:%S"]
    )


def _cleaned(clean: Any, text: str, longest: int) -> str:
    try:
        return str(clean(text, longest))
    except ValueError as problem:
        raise forms.ValidationError(str(problem)) from problem
