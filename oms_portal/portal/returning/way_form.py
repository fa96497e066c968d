"""How the goods come back: the way, and what is asked for on that way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses import check_phone, clean_line
from oms_portal.returns.kinds import Method
from oms_portal.returns.models import Return
from oms_portal.returns.refusals import Refused
from oms_portal.returns.rules import ReturnPlace
from oms_portal.returns.wishes import Wish

from ..changing_scope import Trouble
from .judging import said


LINE, MOST_PARCELS = 100, 99
# What each way means, below its name.
HINTS: Mapping[str, str | Lazy] = {
    Method.PARCEL_SHOP: gettext_lazy("You get a label to print and put on the parcel."),
    Method.QR: gettext_lazy("You get a code to show on your phone; the shop prints the label."),
    Method.PICKUP: gettext_lazy("A driver comes to you. You get a label to print."),
    Method.BRANCH: gettext_lazy("Hand the goods over at the counter."),
    Method.OWN_CARRIER: gettext_lazy("You send it yourself and tell us the tracking number."),
    Method.FREIGHT: gettext_lazy("For pallets and bulky goods: we arrange a collection with you."),
    Method.NOTHING: gettext_lazy("You need not send anything; we settle it without the goods."),
}
SHOPS = (Method.PARCEL_SHOP.value, Method.QR.value)
FETCHED = (Method.PICKUP.value, Method.FREIGHT.value)


@dataclass(frozen=True)
class Asked:
    """Fields, and the ways for which they are asked."""

    ways: tuple[str, ...]
    fields: tuple[str, ...]


PARTS: Mapping[str, Asked] = {
    "shops": Asked(SHOPS, ("shop",)),
    "pickup": Asked(FETCHED, ("day", "time_from", "time_to", "contact", "phone")),
    "branch": Asked((Method.BRANCH.value,), ("branch",)),
    "own": Asked((Method.OWN_CARRIER.value,), ("carrier", "tracking_number")),
    "parcels": Asked((*SHOPS, *FETCHED, Method.OWN_CARRIER.value), ("parcels",)),
}
# Where a member of the wish is typed.
_TYPED_AT = {
    "pickup.on": "day",
    "pickup.from": "time_from",
    "pickup.to": "time_to",
    "pickup.contact": "contact",
    "pickup.phone": "phone",
    "pickup": "day",
}


class WayForm(forms.Form):
    """``ways`` are those that all the goods may go."""

    method = forms.ChoiceField(
        label=gettext_lazy("How do you send it back?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose how you send it back."),
            "invalid_choice": gettext_lazy("This way is not possible. Please choose another."),
        },
    )
    shop = forms.CharField(required=False)
    branch = forms.ChoiceField(label=gettext_lazy("Branch"), required=False)
    day = forms.DateField(label=gettext_lazy("On which day?"), required=False)
    time_from = forms.TimeField(
        label=gettext_lazy("Not before"), required=False, input_formats=["%H:%M", "%H:%M:%S"]
    )
    time_to = forms.TimeField(
        label=gettext_lazy("Not after"), required=False, input_formats=["%H:%M", "%H:%M:%S"]
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact person"), required=False, strip=False, max_length=None
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, strip=False)
    carrier = forms.CharField(label=gettext_lazy("Carrier"), required=False, strip=False)
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number, if you know it already"), required=False, strip=False
    )
    parcels = forms.IntegerField(
        label=gettext_lazy("How many parcels?"),
        min_value=1,
        max_value=MOST_PARCELS,
        error_messages={"required": gettext_lazy("Please say how many parcels.")},
    )

    def __init__(
        self,
        rma: Return,
        ways: Sequence[str],
        branches: Sequence[ReturnPlace],
        today: date,
        typed: QueryDict | None,
    ) -> None:
        self.rma = rma
        super().__init__(
            typed, initial=_initial(rma, ways), auto_id="oms-%s", use_required_attribute=False
        )
        choices: Any = [(way, Method(way).label) for way in ways]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]  # stubs see a plain Field
        places: Any = [("", _("Please choose")), *((place.ref, str(place)) for place in branches)]
        self.fields["branch"].choices = places  # type: ignore[attr-defined]  # stubs see a plain Field
        self._dress(today)

    def _dress(self, today: date) -> None:
        """Widgets as phones like them."""
        day: Any = self.fields["day"]
        day.widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": today.isoformat()}
        )
        day.input_formats = ["%Y-%m-%d", *get_format("DATE_INPUT_FORMATS")]
        for name in ("time_from", "time_to"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        for name, attrs in (
            ("contact", {"autocomplete": "name"}),
            ("phone", {"autocomplete": "tel", "type": "tel"}),
            ("carrier", {"autocomplete": "off"}),
            ("tracking_number", {"autocomplete": "off", "autocapitalize": "characters"}),
        ):
            self.fields[name].widget.attrs |= {"dir": "auto", **attrs}
        self.fields["parcels"].widget.attrs |= {"inputmode": "numeric"}

    @property
    def chosen(self) -> str:
        return str(self.data.get("method", "") if self.is_bound else self.initial["method"])

    @property
    def shop_now(self) -> str:
        return str(self.data.get("shop", "") if self.is_bound else self.initial["shop"])

    def _clean_line(self, name: str) -> str:
        try:
            return str(clean_line(self.cleaned_data[name], LINE))
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_contact(self) -> str:
        return self._clean_line("contact")

    def clean_carrier(self) -> str:
        return self._clean_line("carrier")

    def clean_tracking_number(self) -> str:
        return self._clean_line("tracking_number")

    def clean_phone(self) -> str:
        """A number without a country code is one of the country that it is sent from."""
        country = str(self.rma.sender.get("country") or "")
        number, error = check_phone(self.cleaned_data["phone"], country)
        if error:
            raise forms.ValidationError(error)
        return str(number)

    def full_clean(self) -> None:
        """What was typed for a way that is not taken is not in its way either."""
        super().full_clean()
        for part in PARTS.values():
            if self.chosen not in part.ways:
                for name in part.fields:
                    self.errors.pop(name, None)

    def wish(self, drafted: Wish) -> Wish:
        """The draft with this way back; what another way would ask for is left out."""
        data = self.cleaned_data
        method = data.get("method") or drafted.method
        pickup = {
            "on": data["day"].isoformat() if data.get("day") else "",
            "from": f"{data['time_from']:%H:%M}" if data.get("time_from") else "",
            "to": f"{data['time_to']:%H:%M}" if data.get("time_to") else "",
            "contact": data.get("contact", ""),
            "phone": data.get("phone", ""),
        }
        places = {Method.BRANCH.value: data.get("branch", "")}
        places |= dict.fromkeys(SHOPS, data.get("shop", ""))
        own = method == Method.OWN_CARRIER
        return replace(
            drafted,
            method=method,
            place_ref=places.get(method, ""),
            pickup={k: v for k, v in pickup.items() if v} if method in FETCHED else {},
            carrier=data.get("carrier", "") if own else "",
            tracking_number=data.get("tracking_number", "") if own else "",
            parcels=data.get("parcels") or 1 if method in PARTS["parcels"].ways else 1,
        )

    def refuse(self, refused: Refused) -> None:
        for member, why in refused.fields.items():
            self.demand(member, why)
        if not refused.fields:
            self.add_error(None, said(refused.code))

    def demand(self, member: str, why: str) -> None:
        """Say at its field what is wrong or missing."""
        name = _TYPED_AT.get(member, member)
        if name == "place_ref":
            name = "branch" if self.chosen == Method.BRANCH else "shop"
        self.add_error(name if name in self.fields else None, said(why))

    def troubles(self) -> list[Trouble]:
        found = [Trouble("", "", str(error)) for error in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            several = name in ("method", "shop")
            place = f"{bound.auto_id}_0" if several else str(bound.auto_id)
            label = _("Parcel shop") if name == "shop" else str(bound.label)
            found += [Trouble(place, label, str(error)) for error in bound.errors]
        return found


def _initial(rma: Return, ways: Sequence[str]) -> dict[str, Any]:
    pickup, place = rma.pickup, rma.place.ref if rma.place else ""
    return {
        "method": rma.method or (ways[0] if len(ways) == 1 else ""),
        "shop": place if rma.method in SHOPS else "",
        "branch": place if rma.method == Method.BRANCH else "",
        "day": pickup.get("on", ""),
        "time_from": pickup.get("from", ""),
        "time_to": pickup.get("to", ""),
        "contact": pickup.get("contact") or rma.sender.get("contact") or "",
        "phone": pickup.get("phone") or rma.sender.get("phone") or "",
        "carrier": rma.carrier,
        "tracking_number": rma.tracking_number,
        "parcels": rma.parcel_count,
    }
