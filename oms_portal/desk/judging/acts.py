"""What is done to verdicts beside giving them: taken back, confirmed, sent to the ERP again."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.customers.access import person_of
from oms_portal.desk.logs import note
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.judgement import verdicts
from oms_portal.returns.receipts.models import Verdict
from oms_portal.returns.refusals import Refused

from .words import why


class _Act(PermissionCheckedMixin, View):
    """POST alone; then back to the screen, with a word on what was done; to the returns where it was
    taken back before."""

    model = Return
    permission_required = "inspect"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            rma = self.rma_of(**kwargs)
        except Verdict.DoesNotExist:
            messages.warning(request, why(Refused("gone")))
            return redirect("oms_returns:index")
        try:
            words = self.act(request, rma)
        except Refused as refused:
            messages.error(request, why(refused))
        else:
            messages.success(request, words)
        return redirect("oms_returns:judge", rma.pk)

    def rma_of(self, **kwargs: Any) -> Return:
        rows = Verdict.objects.select_related("finding__receipt__rma", "finding__line")
        self.verdict: Verdict = rows.get(pk=kwargs["verdict"])
        rma: Return = self.verdict.finding.receipt.rma
        return rma

    @abstractmethod
    def act(self, request: HttpRequest, rma: Return) -> str:
        """Do it; the words for it."""

    def log(self, request: HttpRequest, rma: Return, action: str, reason: str = "") -> None:
        finding = self.verdict.finding
        item = finding.sku or finding.description
        user = person_of(request)
        note(rma, action, user, number=rma.number, item=item, reason=reason or "–")


class TakeBack(_Act):
    def act(self, request: HttpRequest, rma: Return) -> str:
        verdicts.take_back(self.verdict, person_of(request), now=timezone.now())
        self.log(request, rma, "unjudge_goods")
        return _("Taken back: these are to be judged again.")


class Second(_Act):
    """``agree`` "yes" or "no", then with a ``reason``."""

    permission_required = "lead"

    def act(self, request: HttpRequest, rma: Return) -> str:
        agree, reason = request.POST.get("agree") == "yes", request.POST.get("reason", "")[:500]
        user, now = person_of(request), timezone.now()
        verdicts.second(self.verdict, user, now=now, agree=agree, reason=reason)
        self.log(request, rma, "second_goods" if agree else "unjudge_goods", reason)
        return _("Confirmed.") if agree else _("Taken back: these are to be judged again.")


class Send(_Act):
    def rma_of(self, **kwargs: Any) -> Return:
        rows = Return.objects.exclude(state__in=PRIVATE)
        rma: Return = get_object_or_404(rows, pk=kwargs["pk"])
        return rma

    def act(self, request: HttpRequest, rma: Return) -> str:
        verdicts.send(rma, person_of(request), now=timezone.now())
        note(rma, "send_decision", person_of(request), number=rma.number)
        return _("It is sent to the ERP.")
