"""Decisions about returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from oms_portal.returns.refusals import Illegal, Refused, Stale

from .deciding import Deciding, Decision
from .return_forms import FORMS
from .return_page import ReturnInspection
from .return_refusals import outdone, why, write_down


class Decide(Deciding, ReturnInspection):
    any_permission_required = ["decide", "lead"]
    page = "oms_returns:inspect"
    outdone_by = (Illegal, Stale)
    refused_by = (Refused,)
    done = {
        "approve": gettext_lazy("It was approved, and the customer was told."),
        "vouch": gettext_lazy("It was written down. Somebody else must confirm it."),
        "override": gettext_lazy("It was allowed, and the customer was told."),
        "decline": gettext_lazy("It was declined, and the customer was told why."),
        "ask": gettext_lazy("Your question was sent; the customer is asked for an answer."),
        "close": gettext_lazy("It was closed."),
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_do(self.verb):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_of(self, data: Any) -> Decision:
        return FORMS[self.verb](data, rma=self.object, lines=self.lines, verb=self.verb)

    def why(self, refused: Refused) -> Iterable[str]:
        return why(self.lines, refused)

    def outdone_words(self) -> str:
        return outdone(self.object)

    def write_down(self, form: Decision) -> None:
        data = form.cleaned_data
        reason = data.get("reason") or data.get("text") or ""
        write_down(self.object, self.verb, self.request.user, reason)
