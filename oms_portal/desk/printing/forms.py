"""What is to be printed on what: numbers or goods, paper, size, where on the sheet, how often."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.desk.station.settings import MEDIA, Station
from oms_portal.returns.labels.sizes import SHEETS
from oms_portal.returns.papers import DPIS, FORMATS, PDF, ZPL, Paper
from oms_portal.returns.receipts.printing.prints import Order
from oms_portal.returns.receipts.printing.words import TEMPLATES

from .numbers import Picked, typed


# Numbers, or goods, of one print.
MOST = 1_000
MOST_COPIES = 20
FILES: list[tuple[str, Any]] = [
    (PDF, "PDF"),
    *((f"{ZPL}-{dpi}", f"ZPL, {dpi} dpi") for dpi in DPIS),
]


def media() -> list[tuple[str, Any]]:
    return list(MEDIA.items())


def file_of(station: Station) -> str:
    """What a station prints, as FILES name it."""
    return PDF if station.format == PDF else f"{station.format}-{station.dpi}"


class BatchForm(forms.Form):
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    verdicts = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        help_text=gettext_lazy(
            "Of returns or parcels, typed or scanned, one after the other. A return stands for all "
            "its parcels."
        ),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    template = forms.ChoiceField(label=gettext_lazy("Paper"), choices=list(TEMPLATES.items()))
    medium = forms.ChoiceField(label=gettext_lazy("Size"), choices=media)
    file = forms.ChoiceField(
        label=gettext_lazy("File for the printer"), choices=FILES, required=False, initial=PDF
    )
    start = forms.IntegerField(
        label=gettext_lazy("First free place on the sheet"),
        help_text=gettext_lazy("Counted from the upper left. 1 for a whole sheet."),
        min_value=1,
        max_value=4,
        initial=1,
    )
    copies = forms.IntegerField(
        label=gettext_lazy("Copies of each"), min_value=1, max_value=MOST_COPIES, initial=1
    )
    station = forms.CharField(label=gettext_lazy("Printer"), max_length=100, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why again"),
        help_text=gettext_lazy("Only for labels that were printed here before."),
        max_length=250,
        required=False,
    )

    def clean_numbers(self) -> list[str]:
        return _few(typed(self.cleaned_data["numbers"]))

    def clean_verdicts(self) -> list[int]:
        told = typed(self.cleaned_data["verdicts"])
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in told):
            raise forms.ValidationError(_("These goods can’t be found."))
        return [int(one) for one in _few(told)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data["numbers"] or data["verdicts"]):
            self.add_error("numbers", _("Please give a number at least."))
        if "medium" in data and "template" in data:
            self._check_sheet(data)
            self._check_file(data)
        return data

    def _check_sheet(self, data: dict[str, Any]) -> None:
        spots = SHEETS[data["medium"]].spots if data["medium"] in SHEETS else 1
        if (data.get("start") or 1) > spots:
            words = ngettext("This has one place only.", "This sheet has %(count)s places.", spots)
            self.add_error("start", words % {"count": spots})
        if spots > 1 and data["template"] == "slip":
            self.add_error("medium", _("A packing slip takes whole pages."))

    def _check_file(self, data: dict[str, Any]) -> None:
        is_printers = data.get("file", PDF).startswith(ZPL)
        if is_printers and (data["medium"] in SHEETS or data["template"] == "slip"):
            self.add_error("file", _("Sheets and packing slips are printed as PDF."))

    @property
    def paper(self) -> Paper:
        data = self.cleaned_data
        medium, start = data["medium"], data["start"]
        format, _dash, dpi = (data.get("file") or PDF).partition("-")
        sheet = medium if medium in SHEETS else ""
        return Paper(
            data["template"],
            format=format,
            size=SHEETS[sheet].cell.code if sheet else medium,
            dpi=int(dpi or DPIS[0]),
            sheet=sheet,
            start=start if sheet else 1,
        )

    def order(self, picked: Picked, station: Station) -> Order:
        data, paper = self.cleaned_data, self.paper
        if carried := picked.carried:
            paper = Paper("return", format=FORMATS[carried.media_type], size=paper.size)
        return Order(
            paper=paper,
            labels=picked.labels,
            verdicts=picked.verdicts,
            copies=data["copies"],
            station=station.name or data["station"],
            printer=data["station"],
            reason=data["reason"],
        )


def usual(station: Station) -> dict[str, Any]:
    """What a form has in it where nothing else was asked."""
    return {
        "key": uuid4(),
        "template": "return",
        "medium": station.size,
        "file": file_of(station),
        "start": 1,
        "copies": 1,
        "station": station.printer,
    }


def _few(told: list[str]) -> list[str]:
    if len(told) > MOST:
        words = _("These are %(count)s numbers. Please print %(most)s at a time.")
        raise forms.ValidationError(words % {"count": len(told), "most": MOST})
    return told
