"""One print: how far it is, what was left out and why, and whether it came out of the printer."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.desk.inspecting import Fact
from oms_portal.desk.policies import may_print
from oms_portal.desk.texts import plain
from oms_portal.desk.traces import person
from oms_portal.returns.labels.sizes import SHEETS, SIZES
from oms_portal.returns.models import Return
from oms_portal.returns.papers import PDF
from oms_portal.returns.parcels import Label
from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob
from oms_portal.returns.receipts.printing import prints
from oms_portal.returns.receipts.printing.words import outcome, standing, what


def paper_words(job: PrintJob) -> str:
    """ "A4, four labels, from place 3", "4 × 6 in, ZPL, 203 dpi"."""
    if job.medium in SHEETS:
        told = {"sheet": SHEETS[job.medium].name, "start": job.start}
        return str(told["sheet"] if job.start == 1 else _("%(sheet)s, from place %(start)s") % told)
    paper = prints.paper_of(job)
    size = str(SIZES[paper.size].name) if paper.size in SIZES else job.medium
    return size if job.format == PDF else f"{size}, {job.format.upper()}, {paper.dpi} dpi"


def again(job: PrintJob) -> dict[str, Any]:
    """The form for printing it once more, as far as it differs from the station's usual one."""
    codes = dict(Label.objects.filter(key__in=job.labels).values_list("key", "parcel__code"))
    paper = prints.paper_of(job)
    return {
        "numbers": "\n".join(codes[key] for key in job.labels if key in codes),
        "verdicts": ",".join(map(str, job.verdicts)),
        "template": job.template,
        "medium": paper.sheet or paper.size,
        "file": PDF if job.format == PDF else f"{job.format}-{paper.dpi}",
        "copies": job.copies,
        "reason": job.reason if job.printed else _("It did not print."),
    }


class Prints(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    model = Return
    permission_required = "view"
    header_icon = "tag"

    @cached_property
    def job(self) -> PrintJob:
        rows = PrintJob.objects.select_related("actor")
        found: PrintJob = get_object_or_404(rows, key=self.kwargs["job"])
        return found


class PrintPage(Prints, TemplateView):
    """POST with ``printed`` "yes" or "no" says whether it came out of the printer."""

    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/printing/job.html"
    page_title = gettext_lazy("Print")

    def get_page_subtitle(self) -> str:
        return what(self.job)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oms_returns:index"), "label": _("Returns")},
            {"url": reverse("oms_returns:prints"), "label": _("Prints")},
            {"url": "", "label": what(self.job)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.job
        return {
            **super().get_context_data(**kwargs),
            "job": job,
            "facts": facts(job),
            "standing": standing(job),
            "is_making": job.state == JobState.MAKING,
            "asks": prints.is_asked(job) and may_print(self.request.user),
            "skipped": [(plain(name, 80), plain(why)) for name, why in job.skipped],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_print(request.user):
            raise PermissionDenied
        if (said := request.POST.get("printed")) in ("yes", "no"):
            prints.say(self.job, said == "yes", now=timezone.now())
        return redirect("oms_returns:print_job", self.job.key)


class PrintState(Prints, TemplateView):
    """The same for a script: {"state", "made", "total", "say", "asks", "printed"}."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.job
        told = {
            "state": job.state,
            "made": job.made,
            "total": job.total,
            "say": f"{what(job)}: {standing(job)}",
            "asks": prints.is_asked(job),
            "printed": job.printed,
        }
        response = JsonResponse(told)
        response["Cache-Control"] = "private, no-store"
        return response


def facts(job: PrintJob) -> list[Fact]:
    """All that is known of it."""
    return [
        Fact(_("What"), what(job)),
        Fact(_("Printed by"), person(job.actor)),
        Fact(_("When"), job.at),
        Fact(_("Size"), paper_words(job)),
        Fact(_("Copies of each"), str(job.copies)),
        Fact(_("Station"), job.station),
        Fact(_("Printer"), job.printer),
        Fact(_("Why again"), job.reason),
        Fact(_("Came out of the printer"), outcome(job)),
        Fact(_("Said"), job.said_at),
    ]
