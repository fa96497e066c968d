"""What staff fill in to decide about a request; each form knows what it was drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes import actions, offers
from oms_portal.changes.addresses import check, fields_for
from oms_portal.changes.models import ChangeRequest, PickupPlace
from oms_portal.changes.wording import METHODS
from oms_portal.orders.moments import day_of, read

from .deciding import LONGEST_TEXT, Decision, box, note_box, refusal_box


# Members of a request that staff may put other values to.
OFFERED = ("address", "requested", "method")
_ADDRESS = "address_"
_LEFT_OUT = ("instructions",)


class ChangeDecision(Decision):
    def __init__(
        self, data: Any = None, *, request: ChangeRequest, zone: tzinfo, verb: str
    ) -> None:
        super().__init__(data, row=request, verb=verb)
        self.request, self.zone = request, zone


class RetryForm(ChangeDecision):
    def carry_out(self, user: Any, now: datetime) -> None:
        actions.retry(self.request, user, now=now, key=self.cleaned_data["key"])


class RejectForm(ChangeDecision):
    reason = refusal_box()

    def carry_out(self, user: Any, now: datetime) -> None:
        data = self.cleaned_data
        actions.reject(self.request, user, now=now, reason=data["reason"], key=data["key"])


class ValuesForm(ChangeDecision):
    """Other values for the members that were asked for; ``values`` are those that were changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self.members()
        if "requested" in wanted:
            self._add_window()
        if "method" in wanted:
            self._add_method()
        if "address" in wanted:
            self._add_address()

    def members(self) -> Iterable[str]:
        return [name for name in OFFERED if name in self.request.requested]

    @property
    def values(self) -> dict[str, Any]:
        """Shaped as ``ChangeRequest.requested``; only what differs from what was asked for."""
        found = {
            "requested": self._window(),
            "address": self._address(),
            **self._method(),
        }
        return {name: value for name, value in found.items() if value}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if self._address():
            for name, words in check(self._typed_address()).errors.items():
                self.add_error(_ADDRESS + name, words)
        if not self.errors and self.values and offers.clean(self.values, "staff") is None:
            self.add_error(None, _("These values can’t be offered. Please check them."))
        return data

    def _add_window(self) -> None:
        for end, label in (("from", _("Delivery from")), ("to", _("Delivery until"))):
            box = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[f"date_{end}"] = forms.DateField(label=label, required=False, widget=box)
            self.initial[f"date_{end}"] = self._day(end)

    def _day(self, end: str) -> Any:
        told = (self.request.requested.get("requested") or {}).get(end)
        return day_of(read(told), self.zone) if told else None

    def _window(self) -> dict[str, str]:
        ends = {end: self.cleaned_data.get(f"date_{end}") for end in ("from", "to")}
        if not ends["from"] or all(ends[end] == self._day(end) for end in ends):
            return {}
        return {end: day.isoformat() for end, day in ends.items() if day}

    def _add_method(self) -> None:
        places = PickupPlace.objects.filter(active=True).values_list("ref", "name")
        for name, label, choices in (
            ("method", _("Way of delivery"), list(METHODS.items())),
            ("pickup_ref", _("Pick-up place"), [("", _("none")), *places]),
        ):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.initial[name] = self.request.requested.get(name, "")

    def _method(self) -> dict[str, str]:
        told = {name: self.cleaned_data.get(name) or "" for name in ("method", "pickup_ref")}
        asked = {name: self.request.requested.get(name) or "" for name in told}
        return {} if told == asked or not told["method"] else told

    def _add_address(self) -> None:
        asked = self._asked_address()
        country = self.data.get(self.add_prefix(f"{_ADDRESS}country")) or asked["country"]
        for field in fields_for(country, asked["region"]):
            if field.name in _LEFT_OUT:
                continue
            name = _ADDRESS + field.name
            self.fields[name] = _box(field.label, field.choices, field.name == "lines")
            self.initial[name] = asked[field.name]

    def _asked_address(self) -> dict[str, str]:
        place: Mapping[str, Any] = self.request.requested.get("address") or {}
        names = ("name", "city", "region", "postal_code", "country", "contact", "phone")
        told = {name: str(place.get(name) or "") for name in names}
        return {**told, "lines": "\n".join(place.get("lines") or ())}

    def _typed_address(self) -> dict[str, Any]:
        place = dict(self.request.requested.get("address") or {})
        return place | {
            name.removeprefix(_ADDRESS): value
            for name, value in self.cleaned_data.items()
            if name.startswith(_ADDRESS)
        }

    def _address(self) -> dict[str, Any]:
        typed = {
            name.removeprefix(_ADDRESS): "\n".join(str(value).split("\r\n")).strip()
            for name, value in self.cleaned_data.items()
            if name.startswith(_ADDRESS)
        }
        asked = self._asked_address()
        if all(asked[name] == value for name, value in typed.items()):
            return {}
        return dict(check(self._typed_address()).address)


class ApproveForm(ValuesForm):
    reason = note_box()
    field_order = ("version", "key", "reason")

    def carry_out(self, user: Any, now: datetime) -> None:
        data, values = self.cleaned_data, self.values or None
        actions.approve(
            self.request, user, now=now, values=values, reason=data["reason"], key=data["key"]
        )


class CounterForm(ValuesForm):
    text = box(
        gettext_lazy("What do you offer, and why?"),
        gettext_lazy("The customer reads this beside your offer, and accepts or declines."),
        longest=LONGEST_TEXT,
        rows=3,
        required=False,
    )
    fee = forms.DecimalField(
        label=gettext_lazy("Fee"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    currency = forms.RegexField(
        "[A-Z]{3}", label=gettext_lazy("Currency"), required=False, max_length=3
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["currency"] = self.request.order.currency

    def members(self) -> Iterable[str]:
        if "cancel" in self.request.requested:
            return ()
        return {*super().members(), "requested"}

    def carry_out(self, user: Any, now: datetime) -> None:
        data = self.cleaned_data
        actions.counter_by_staff(
            self.request, user, now=now, counter=self.counter, reason=data["text"], key=data["key"]
        )

    def clean_text(self) -> str:
        return self.cleaned("text", LONGEST_TEXT)

    @property
    def counter(self) -> dict[str, Any]:
        offer = {**self.values, "text": self.cleaned_data.get("text", "")}
        if self.cleaned_data.get("fee"):
            currency = self.cleaned_data.get("currency") or self.request.order.currency
            offer["fee"] = {"amount": str(self.cleaned_data["fee"]), "currency": currency}
        return offer

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and offers.clean(self.counter, "staff") is None:
            words = _("Please offer something: another date, address or way of delivery, or a fee.")
            self.add_error(None, words)
        return data


FORMS: Mapping[str, type[ChangeDecision]] = {
    "approve": ApproveForm,
    "counter": CounterForm,
    "reject": RejectForm,
    "retry": RetryForm,
}


def _box(label: str, choices: Iterable[tuple[str, str]], several: bool) -> forms.Field:
    if choices:
        return forms.ChoiceField(label=label, choices=[("", ""), *choices], required=False)
    box: forms.Widget = forms.Textarea({"rows": 2}) if several else forms.TextInput()
    # Lengths and characters are judged with the rest of the address, in words.
    return forms.CharField(label=label, required=False, strip=False, widget=box)
