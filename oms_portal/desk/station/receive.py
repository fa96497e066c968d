"""Receiving: what is expected of a return against what is counted, beside those of the same
company; each scan counts one, and "done" tells the ERP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oms_portal.desk.logs import note
from oms_portal.desk.policies import may
from oms_portal.desk.return_refusals import sentence
from oms_portal.returns import evidence
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts import actions, queries
from oms_portal.returns.refusals import Refused

from .counts import shown
from .views import Screen
from .wishes import carry_out


# So many others are laid out beside it; of more there are links.
BESIDE = 3
LONGEST_NOTE = 500


class Receive(Screen):
    """``?part`` is the bench alone, drawn anew while it is looked at. POST is for browsers without
    the script, and for what is no scan: ``verb`` "finish" or "photo"."""

    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/station/receive.html"
    part_name = "oms_portal/desk/station/bench.html"
    page_title = gettext_lazy("Receive")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @cached_property
    def rma(self) -> Return:
        rows = Return.objects.select_related("company", "place", "receipt").exclude(
            state__in=PRIVATE
        )
        found: Return = get_object_or_404(rows, pk=self.pk)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = queries.beside(self.rma)
        return {
            **super().get_context_data(**kwargs),
            "counted": shown(queries.bench(self.rma)),
            "beside": [shown(queries.bench(rma)) for rma in others[:BESIDE]],
            "further": others[BESIDE:],
            "key": str(uuid4()),
            "judges": may(self.request.user, "inspect", Return),
        }

    def get_template_names(self) -> list[str]:
        return [self.part_name if "part" in self.request.GET else self.template_name]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = self.render_to_response(self.get_context_data())
        answer["Cache-Control"] = "private, no-store"
        return answer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        verb = request.POST.get("verb", "")
        done = {"finish": self._finish, "photo": self._photograph}.get(verb)
        if done is None:
            carry_out(request, self.rma.pk)
            return redirect("oms_returns:receive", self.rma.pk)
        try:
            return done(request)
        except Refused as refused:
            messages.error(request, sentence(refused))
            return redirect("oms_returns:receive", self.rma.pk)

    def _finish(self, request: HttpRequest) -> HttpResponse:
        told = request.POST.get("note", "").replace("\0", "").strip()[:LONGEST_NOTE]
        key = request.POST.get("id", "")[:64]
        user: Any = request.user
        now = timezone.now()
        receipt = actions.finish(self.rma, user, now=now, key=key, note=told)
        if receipt.counted_at == now:
            note(self.rma, "count_return", request.user, number=self.rma.number)
            messages.success(request, _("Counted. The ERP is told what came."))
        else:
            messages.success(request, _("Nothing changed since it was counted."))
        if may(request.user, "inspect", Return):
            return redirect("oms_returns:judge", self.rma.pk)
        return redirect("oms_returns:receive", self.rma.pk)

    def _photograph(self, request: HttpRequest) -> HttpResponse:
        line = self.rma.lines.filter(ref=request.POST.get("line", "")).first()
        uploads: list[UploadedFile[bytes]] = request.FILES.getlist("photo")
        for upload in uploads:
            evidence.take(upload, self.rma, line, request.user, at_desk=True)
        if uploads:
            messages.success(request, _("The photo is kept."))
        return redirect("oms_returns:receive", self.rma.pk)
