"""The form for a return place: its address in the members of the wire, checked as customers' are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses import check
from oms_portal.changes.addresses.fields import LENGTHS
from oms_portal.changes.addresses.rules import countries
from oms_portal.returns.kinds import PlaceKind
from oms_portal.returns.rules import ReturnPlace


# Members of the address that have a field; its name is the place's own.
MEMBERS = ("lines", "postal_code", "city", "region", "country", "contact", "phone")
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Place"), ("name", "kind", "ref", "hours", "active")),
    (gettext_lazy("Address"), MEMBERS),
)

if TYPE_CHECKING:
    _PlaceForm = forms.ModelForm[ReturnPlace]
else:
    # Django's own class takes no parameter.
    _PlaceForm = forms.ModelForm


class PlaceForm(_PlaceForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=PlaceKind.choices,
        initial=PlaceKind.WAREHOUSE,
        widget=forms.RadioSelect,
    )
    lines = forms.CharField(
        label=gettext_lazy("Street and number"), widget=forms.Textarea(attrs={"rows": 2})
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postcode"), max_length=LENGTHS["postal_code"], required=False
    )
    city = forms.CharField(label=gettext_lazy("City"), max_length=LENGTHS["city"], required=False)
    region = forms.CharField(
        label=gettext_lazy("State or province"),
        help_text=gettext_lazy("Where addresses of the country need it."),
        max_length=LENGTHS["region"],
        required=False,
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), choices=lambda: [("", "–"), *countries()]
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact person"), max_length=LENGTHS["contact"], required=False
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"), max_length=LENGTHS["phone"], required=False
    )

    class Meta:
        model = ReturnPlace
        fields = ["name", "kind", "ref", "hours", "active"]
        labels = {
            "name": gettext_lazy("Name"),
            "ref": gettext_lazy("Code at the ERP"),
            "hours": gettext_lazy("Opening hours"),
            "active": gettext_lazy("Active"),
        }
        help_texts = {
            "name": gettext_lazy("It stands on labels, above the address."),
            "ref": gettext_lazy(
                "The ERP’s code of this location: what was delivered from there goes back there. "
                "Of a parcel shop, the carrier’s code."
            ),
            "active": gettext_lazy("Nothing is sent to a place that is not active."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = self.instance.address
        for name in MEMBERS:
            self.initial[name] = (
                "\n".join(told.get(name) or []) if name == "lines" else told.get(name, "")
            )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = {name: cleaned.get(name, "") for name in ("name", *MEMBERS)}
        checked = check(typed)
        for name, words in checked.errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)
        self.address = {name: value for name, value in checked.address.items() if value}
        return cleaned

    def clean_ref(self) -> str:
        ref: str = self.cleaned_data["ref"].strip()
        if ReturnPlace.objects.exclude(pk=self.instance.pk).filter(ref=ref).exists():
            raise forms.ValidationError(_("Another place has this code."))
        return ref

    def save(self, commit: bool = True) -> ReturnPlace:
        # What the form has no field for stays.
        kept = {
            name: value
            for name, value in self.instance.address.items()
            if name not in (*MEMBERS, "name")
        }
        self.instance.address = {**kept, **self.address}
        return super().save(commit)
