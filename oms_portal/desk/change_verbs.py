"""Decisions about change requests: each moves the request once, whoever else is at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oms_portal.changes.models import ChangeEvent, ChangeRequest
from oms_portal.changes.reasons import words
from oms_portal.changes.refusals import Illegal, Refused, Stale

from .change_forms import FORMS, Decision
from .change_page import RequestInspection
from .change_words import event_words, who_of
from .logs import note
from .texts import plain
from .traces import person


DONE: dict[str, Any] = {
    "approve": gettext_lazy("It was approved and is being passed on to the ERP."),
    "counter": gettext_lazy("Your offer was made; the customer is asked for an answer."),
    "reject": gettext_lazy("It was rejected, and the customer was told why."),
    "retry": gettext_lazy("It is being passed on again."),
}


class Decide(RequestInspection):
    """The request's page as the answer where a form has faults, else back to it."""

    any_permission_required = ["decide"]
    http_method_names = ["post"]
    verb = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked: ChangeRequest = self.object
        form = FORMS[self.verb](request.POST, request=asked, zone=self.zone, verb=self.verb)
        if not form.is_valid():
            return self._again(form)
        data = form.cleaned_data
        if not asked.events.filter(verb=self.verb, key=data["key"]).exists():
            if data["version"] != asked.version:
                return self._outdone()
            try:
                form.carry_out(request.user, timezone.now())
            except (Illegal, Stale):
                return self._outdone()
            except Refused as refused:
                form.add_error(None, refused.words or str(words(refused.code)))
                return self._again(form)
            self._write_down(form)
        messages.success(request, DONE[self.verb])
        return redirect("oms_changes:inspect", asked.pk)

    def _again(self, form: Decision) -> HttpResponse:
        self.filled_in = {self.verb: form}
        return self.render_to_response(self.get_context_data(), status=422)

    def _outdone(self) -> HttpResponse:
        """Nothing was done; who was faster, and with what."""
        steps = ChangeEvent.objects.filter(request=self.object.pk).select_related("actor")
        last = steps.order_by("pk").last()
        said = {"who": plain(who_of(last)), "what": event_words(last)} if last else {}
        messages.warning(
            self.request,
            _("Nothing was done: the request has moved on. %(who)s: %(what)s.") % said
            if said
            else _("Nothing was done: the request has moved on."),
        )
        return redirect("oms_changes:inspect", self.object.pk)

    def _write_down(self, form: Decision) -> None:
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
