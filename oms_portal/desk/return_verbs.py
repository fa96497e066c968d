"""Decisions about returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import number
from oms_portal.returns.models import Return
from oms_portal.returns.reasons import is_ours, words
from oms_portal.returns.refusals import Illegal, Refused, Short, Stale

from .deciding import Deciding, Decision, moved_on
from .logs import note
from .return_forms import FORMS
from .return_page import ReturnInspection
from .return_words import event_words, who_of


class Decide(Deciding, ReturnInspection):
    any_permission_required = ["decide", "lead"]
    page = "oms_returns:inspect"
    outdone_by = (Illegal, Stale)
    refused_by = (Refused,)
    done = {
        "approve": gettext_lazy("It was approved, and the customer was told."),
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
        """One sentence for each line that is in the way, else one for all."""
        yield from self._lines(refused) if refused.lines else [str(words(refused.code))]

    def outdone_words(self) -> str:
        last = self.object.events.select_related("actor").order_by("pk").last()
        return moved_on(who_of(last), event_words(last)) if last else moved_on("", "")

    def write_down(self, form: Decision) -> None:
        rma: Return = self.object
        data = form.cleaned_data
        note(
            rma,
            f"{self.verb}_return",
            self.request.user,
            number=rma.number,
            customer=rma.company.name,
            reason=data.get("reason") or data.get("text") or "–",
        )

    def _lines(self, refused: Refused) -> Iterator[str]:
        items = {line.ref: line.sku or line.description for line in self.lines}
        left = refused.available if isinstance(refused, Short) else {}
        for ref, code in refused.lines.items():
            if ref in left:
                said = {"item": items.get(ref, ref), "count": number(left[ref])}
                yield _("%(item)s: only %(count)s can still come back.") % said
            else:
                sentence = str(words(code)) if is_ours(code) else code
                yield f"{items.get(ref, ref)}: {sentence}"
