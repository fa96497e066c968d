"""Where a browser is told which station it is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oms_portal.desk.texts import plain
from oms_portal.returns.labels.sizes import SHEETS
from oms_portal.returns.papers import DPIS, ZPL

from .settings import FORMATS, LONGEST, MEDIA, Station, keep, station_of
from .views import Screen


class StationForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of this station"),
        help_text=gettext_lazy("Stands beside each scan and each print that is made here."),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Labels are printed on"), choices=lambda: list(MEDIA.items())
    )
    format = forms.ChoiceField(
        label=gettext_lazy("The printer takes"),
        choices=list(FORMATS.items()),
        help_text=gettext_lazy("ZPL is what label printers speak; PDF prints on any of them."),
    )
    dpi = forms.TypedChoiceField(
        label=gettext_lazy("Dots per inch"),
        choices=[(dpi, str(dpi)) for dpi in DPIS],
        coerce=int,
        help_text=gettext_lazy("Only for ZPL; it stands on the back of the printer."),
    )
    printer = forms.CharField(
        label=gettext_lazy("Name of the printer"),
        help_text=gettext_lazy("For the list of prints."),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    sound = forms.BooleanField(
        label=gettext_lazy("Sound"),
        help_text=gettext_lazy("A short tone for each scan, another one where somebody must look."),
        required=False,
    )

    def clean_name(self) -> str:
        return plain(self.cleaned_data["name"], LONGEST)

    def clean_printer(self) -> str:
        return plain(self.cleaned_data["printer"], LONGEST)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("format") == ZPL and data.get("size") in SHEETS:
            self.add_error("format", _("A sheet of several labels is printed as PDF."))
        return data


class StationPage(Screen):
    permission_required = "view"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/station/station.html"
    header_icon = "cogs"
    page_title = gettext_lazy("This station")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(StationForm(initial=asdict(station_of(request))))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StationForm(request.POST)
        if not form.is_valid():
            return self._shown(form, status=422)
        answer = redirect("oms_returns:station")
        keep(answer, Station(**form.cleaned_data))
        messages.success(request, _("This browser keeps that for a year."))
        return answer

    def _shown(self, form: StationForm, status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)
