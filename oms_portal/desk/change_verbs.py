"""Decisions about change requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from oms_portal.changes.models import ChangeEvent, ChangeRequest
from oms_portal.changes.reasons import words
from oms_portal.changes.refusals import Illegal, Refused, Stale

from .change_forms import FORMS
from .change_page import RequestInspection
from .change_words import event_words, who_of
from .deciding import Deciding, Decision, moved_on
from .logs import note
from .traces import person


class Decide(Deciding, RequestInspection):
    page = "oms_changes:inspect"
    outdone_by = (Illegal, Stale)
    refused_by = (Refused,)
    done = {
        "approve": gettext_lazy("It was approved and is being passed on to the ERP."),
        "counter": gettext_lazy("Your offer was made; the customer is asked for an answer."),
        "reject": gettext_lazy("It was rejected, and the customer was told why."),
        "retry": gettext_lazy("It is being passed on again."),
    }

    def form_of(self, data: Any) -> Decision:
        return FORMS[self.verb](data, request=self.object, zone=self.zone, verb=self.verb)

    def why(self, refused: Refused) -> Iterable[str]:
        yield refused.words or str(words(refused.code))

    def outdone_words(self) -> str:
        steps = ChangeEvent.objects.filter(request=self.object.pk).select_related("actor")
        last = steps.order_by("pk").last()
        return moved_on(who_of(last), event_words(last)) if last else moved_on("", "")

    def write_down(self, form: Decision) -> None:
        asked: ChangeRequest = self.object
        data = form.cleaned_data
        note(
            asked,
            f"{self.verb}_change",
            self.request.user,
            order=asked.order.number,
            customer=person(asked.requested_by) or asked.order.company.name,
            reason=data.get("reason") or data.get("text") or "–",
        )
