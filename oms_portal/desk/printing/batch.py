"""Many labels at once: numbers in, one PDF out. What can't be printed is listed with the reason
first, takes no place on a sheet and changes no other label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.fragments.download import guarded, streamed
from oms_portal.returns import labels_data, printing
from oms_portal.returns.labels import batch
from oms_portal.returns.labels.sizes import SHEETS, SIZES
from oms_portal.returns.models import Return
from oms_portal.returns.papers import Paper

from .numbers import Picked, drawn_from, pick, typed


# Each is read back before it is printed for the first time, which takes its while.
MOST = 500
MOST_COPIES = 20
TEMPLATES = {
    "return": gettext_lazy("Return label"),
    "putaway": gettext_lazy("Put-away label"),
    "sscc": gettext_lazy("SSCC label"),
}
_SIZES = ("4x6", "100x150", "a6", "a4", "letter")


def _media() -> list[tuple[str, Any]]:
    return [
        *((code, SIZES[code].name) for code in _SIZES),
        *((code, sheet.name) for code, sheet in SHEETS.items()),
    ]


class BatchForm(forms.Form):
    numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        help_text=gettext_lazy(
            "Of returns or parcels, typed or scanned, one after the other. A return stands for all "
            "its parcels."
        ),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    template = forms.ChoiceField(label=gettext_lazy("Paper"), choices=list(TEMPLATES.items()))
    medium = forms.ChoiceField(label=gettext_lazy("Size"), choices=_media)
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
        numbers = typed(self.cleaned_data["numbers"])
        if len(numbers) > MOST:
            words = _("These are %(count)s numbers. Please print %(most)s at a time.")
            raise forms.ValidationError(words % {"count": len(numbers), "most": MOST})
        return numbers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        medium, start = data.get("medium", ""), data.get("start") or 1
        spots = SHEETS[medium].spots if medium in SHEETS else 1
        if "medium" in data and start > spots:
            words = ngettext("This has one place only.", "This sheet has %(count)s places.", spots)
            self.add_error("start", words % {"count": spots})
        return data

    @property
    def paper(self) -> Paper:
        """One label, as it is proven: on a sheet it is as large as a cell."""
        data = self.cleaned_data
        medium = data["medium"]
        size = SHEETS[medium].cell.code if medium in SHEETS else medium
        return Paper(data["template"], size=size)


if TYPE_CHECKING:
    _BatchView = FormView[BatchForm]
else:
    # Django's own class takes no parameter.
    _BatchView = FormView


class LabelBatch(PermissionCheckedMixin, WagtailAdminTemplateMixin, _BatchView):
    """POST prints where nothing is skipped; else it says what is, and "others" prints the rest."""

    model = Return
    permission_required = "view"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/printing/batch.html"
    form_class = BatchForm
    header_icon = "tag"
    page_title = gettext_lazy("Print labels")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_returns:index"), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict[str, Any]:
        return {
            **super().get_initial(),
            "numbers": "\n".join(typed(self.request.GET.get("numbers", ""))),
        }

    def form_valid(self, form: BatchForm) -> HttpResponse:
        picked = pick(form.cleaned_data["numbers"], form.paper, form.cleaned_data["reason"])
        others = "others" in self.request.POST
        if picked.labels and (others or not picked.skipped):
            return _printed(self.request, picked, form)  # type: ignore[return-value]  # it streams
        told = {"form": form, "picked": picked, "count": len(picked.labels)}
        return self.render_to_response(self.get_context_data(**told), status=422)

    def form_invalid(self, form: BatchForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _printed(request: HttpRequest, picked: Picked, form: BatchForm) -> HttpResponseBase:
    data: Mapping[str, Any] = form.cleaned_data
    paper, medium = form.paper, data["medium"]
    sheet = medium if medium in SHEETS else ""
    _first, dress = labels_data.read(picked.labels[0])
    pieces = batch.stream(
        drawn_from(picked.labels, paper.template),
        paper.size,
        dress,
        sheet=sheet,
        start=data["start"] if sheet else 1,
        copies=data["copies"],
    )
    noted = Paper(paper.template, size=paper.size, sheet=sheet, start=data["start"])
    handed = {"copies": data["copies"], "station": data["station"], "reason": data["reason"]}
    printing.note(picked.labels, noted, printing.DESK, request.user, **handed)
    response = StreamingHttpResponse(streamed(request, pieces), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    name = f"{paper.template}-{timezone.localdate().isoformat()}-{len(picked.labels)}.pdf"
    return guarded(response, name)
