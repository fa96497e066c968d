"""What is written about a parcel nobody knows: what it is, whose it turned out to be, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.kinds import ScanKind
from oms_portal.returns.receipts.scanning import codes


class Photos(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files, as a list; what they hold is looked at where they are kept."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(each, initial) for each in files if each]


def photos(label: Any) -> PhotosField:
    widget = Photos({"accept": "image/jpeg,image/png,image/webp", "capture": "environment"})
    return PhotosField(label=label, required=False, widget=widget)


class StrayForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Number on it"),
        help_text=gettext_lazy(
            "Whatever is printed on it, scanned or typed; none if there is none."
        ),
        max_length=250,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=100, required=False)
    sender = forms.CharField(
        label=gettext_lazy("Sender"),
        help_text=gettext_lazy("Name and address, as they stand on it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    contents = forms.CharField(
        label=gettext_lazy("What is in it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    damaged = forms.BooleanField(label=gettext_lazy("The parcel is damaged"), required=False)
    photo = photos(gettext_lazy("Photos"))
    key = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("code", "sender", "contents", "photo")):
            raise forms.ValidationError(
                _("Please say anything of it: a number, a sender, what is in it, or a photo.")
            )
        return data


class MatchForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Return"),
        help_text=gettext_lazy("Its number, or that of one of its parcels: scan or type it."),
        max_length=250,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "dir": "ltr", "data-oms-takes": "return"}
        ),
    )

    def clean_number(self) -> Return:
        for reading in codes.readings(self.cleaned_data["number"]):
            if found := _named(reading):
                return found
        raise forms.ValidationError(_("There is no return with this number."))


class CloseForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("What became of it"),
        help_text=gettext_lazy("For example: taken back by the carrier."),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )


def _named(reading: codes.Reading) -> Return | None:
    sent = Return.objects.exclude(state__in=PRIVATE)
    if reading.why:
        return None
    if reading.kind == ScanKind.PARCEL:
        return sent.filter(parcels__code=reading.value).first()
    return sent.filter(number=reading.value).first() if reading.kind == ScanKind.RETURN else None
