"""What the first label will look like, where it will lie on its sheet: a picture, which is noted
nowhere."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.desk.policies import PRINTING
from oms_portal.fragments.download import guarded
from oms_portal.returns import dress, labels_data, papers
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.labels.data import Dress, LabelData
from oms_portal.returns.labels.raster import rasters
from oms_portal.returns.labels.sizes import SHEETS
from oms_portal.returns.labels.templates import Unprintable
from oms_portal.returns.models import Return
from oms_portal.returns.papers import PDF, Paper
from oms_portal.returns.parcels import Label
from oms_portal.returns.receipts.printing import putaway

from .numbers import Picked


DPI = 72


def preview_of(picked: Picked, paper: Paper) -> str:
    """Where its picture is; "" of a carrier's own label."""
    if picked.carried:
        return ""
    first = picked.labels[0] if picked.labels else picked.verdicts[0]
    kind = "label" if picked.labels else "verdict"
    asked = {"template": paper.template, "medium": paper.sheet or paper.size}
    asked |= {"start": str(paper.start)}
    return reverse(f"oms_returns:preview_{kind}", args=[first.pk], query=asked)


class _Preview(PermissionCheckedMixin, View):
    model = Return
    any_permission_required = PRINTING

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        data, told = self.drawn_from(**kwargs)
        paper = _paper(request, data.template)
        try:
            content, _codes = papers.draw(paper, data, told)
        except Unprintable as why:
            return HttpResponse(str(why), content_type="text/plain; charset=utf-8", status=422)
        out = BytesIO()
        next(iter(rasters(content, DPI, colour=True))).save(out, "PNG")
        response = HttpResponse(out.getvalue(), content_type="image/png")
        response["Cache-Control"] = "private, no-store"
        return guarded(response, f"{_('preview')}.png", inline=True)

    def drawn_from(self, **kwargs: Any) -> tuple[LabelData, Dress]:
        raise Http404


def _paper(request: HttpRequest, usual: str) -> Paper:
    """Of ``?template=``, ``?medium=`` (a size or a sheet) and ``?start=``."""
    asked = request.GET
    medium, start = asked.get("medium", ""), asked.get("start", "")
    where = {"sheet": medium, "start": start} if medium in SHEETS else {"size": medium}
    paper = papers.read(asked.get("template") or usual, PDF, where, "")
    if paper is None:
        raise Http404
    return paper


class LabelPreview(_Preview):
    def drawn_from(self, **kwargs: Any) -> tuple[LabelData, Dress]:
        rows = Label.objects.exclude(parcel__rma__state__in=PRIVATE)
        return labels_data.read(get_object_or_404(rows, pk=kwargs["label"]))


class VerdictPreview(_Preview):
    def drawn_from(self, **kwargs: Any) -> tuple[LabelData, Dress]:
        verdict = get_object_or_404(putaway.whole(), pk=kwargs["verdict"])
        return putaway.verdict_label(verdict), dress.dress_of(verdict.finding.receipt.rma)
