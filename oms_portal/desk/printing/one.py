"""One key on any screen of the desk: what it is about is printed as the station prints."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from oms_portal.desk.station.settings import Station, station_of
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.labels.sizes import SHEETS
from oms_portal.returns.models import Return
from oms_portal.returns.papers import PDF, usual_size
from oms_portal.returns.receipts.models import PrintJob, Verdict

from .batch import LabelBatch, answer_of
from .forms import usual
from .jobs import again


# What is printed of a return; "verdict" is the put-away label of one.
PAPERS = {"label": "return", "slip": "slip", "putaway": "putaway"}
_PAGES = ("a4", "letter")


class PrintOne(LabelBatch):
    """GET shows the form for it, POST prints at once, or shows what is in the way."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind, self.pk = kwargs["kind"], kwargs["pk"]

    @cached_property
    def initial_data(self) -> dict[str, Any]:
        station = station_of(self.request)
        if self.kind == "verdict":
            get_object_or_404(Verdict, pk=self.pk)
            return usual(station) | {"template": "putaway", "verdicts": str(self.pk)}
        if self.kind not in PAPERS:
            raise Http404
        rma = get_object_or_404(Return.objects.exclude(state__in=PRIVATE), pk=self.pk)
        told = usual(station) | {"template": PAPERS[self.kind], "numbers": rma.number}
        return told | (_on_pages(station, rma) if self.kind == "slip" else {})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = self.initial_data | {"key": request.POST.get("key")}
        return answer_of(self, request, told)


class PrintAgain(LabelBatch):
    """The same once more, for the reason that is known already where it did not come out."""

    @cached_property
    def initial_data(self) -> dict[str, Any]:
        job = get_object_or_404(PrintJob, key=self.kwargs["job"])
        return usual(station_of(self.request)) | again(job)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return answer_of(self, request, self.initial_data | {"key": request.POST.get("key")})


def _on_pages(station: Station, rma: Return) -> dict[str, str]:
    """A packing slip goes on the pages that the station has, else on those usual where it is."""
    size = SHEETS[station.size].page.code if station.size in SHEETS else station.size
    address = rma.destination.get("address") or {}
    here = size if size in _PAGES else usual_size("slip", str(address.get("country", "")))
    return {"medium": here, "file": PDF}
