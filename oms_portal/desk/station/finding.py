"""Finding anything by what stands on a parcel or a paper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from oms_portal.desk.policies import may
from oms_portal.desk.return_words import age, state_tone, state_word
from oms_portal.returns.models import Return
from oms_portal.returns.receipts import queries

from .views import Screen
from .wishes import carry_out


LONGEST = 250


class Find(Screen):
    """GET looks for ?q=. POST takes it as a scan, for browsers without the script."""

    permission_required = "view"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/station/find.html"
    header_icon = "search"
    page_title = gettext_lazy("Find")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        hits = queries.find(text) if text else queries.Hits()
        return {
            **super().get_context_data(**kwargs),
            "text": text,
            "hits": hits,
            "returns": [(rma, state_word(rma), state_tone(rma), age(rma)) for rma in hits.returns],
            "nothing": text and not (hits.returns or hits.orders or hits.strays),
            "key": str(uuid4()),
            "receives": may(self.request.user, "receive", Return),
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may(request.user, "receive", Return):
            return redirect("oms_returns:find")
        answer = carry_out(request, None)
        return redirect(answer["url"] or "oms_returns:find")
