"""Many returns approved or declined with one press: each on its own, and of each what came of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.desk.deciding import LONGEST_REASON
from oms_portal.desk.return_refusals import outdone, why, write_down
from oms_portal.orders import typed
from oms_portal.returns import actions
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.refusals import Illegal, Refused, Stale


log = logging.getLogger(__name__)

# As many as a page has.
AT_ONCE = 50
VERBS = {"approve": gettext_lazy("Approve"), "decline": gettext_lazy("Decline")}


@dataclass(frozen=True)
class Marked:
    """A return as it was when it was marked; ``version`` is that on the page."""

    rma: Return
    version: int

    @property
    def value(self) -> str:
        return f"{self.rma.pk}.{self.version}"


@dataclass(frozen=True)
class Result:
    """What came of one; ``words`` are sentences."""

    rma: Return
    is_done: bool
    words: str


class DecideMany(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The results as the answer; the form again where it lacks something."""

    model = Return
    permission_required = "decide"
    http_method_names = ["post"]
    template_name = "oms_portal/desk/queues/bulk.html"
    header_icon = "oms-returns"
    page_title = gettext_lazy("Several returns")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": back(self.request), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verb, marked = request.POST.get("verb", ""), list(_marked(request.POST.getlist("id")))
        reason = typed.words(request.POST.get("reason", ""), LONGEST_REASON)
        told: dict[str, Any] = {"verb": verb, "marked": marked, "reason": reason}
        if fault := _fault(verb, marked, reason):
            return self._answer(422, fault=fault, **told)
        results = [_decide(one, verb, reason, request.user) for one in marked]
        return self._answer(200, results=results, **told)

    def _answer(self, status: int, **told: Any) -> HttpResponse:
        results: list[Result] = told.get("results", [])
        context = self.get_context_data(
            **told, back=back(self.request), done=sum(one.is_done for one in results)
        )
        return self.render_to_response(context, status=status)


def back(request: HttpRequest) -> str:
    """The list as it was."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if safe else reverse("oms_returns:index")


def _fault(verb: str, marked: list[Marked], reason: str) -> str:
    if not marked:
        return _("No return is marked.")
    if verb not in VERBS:
        return _("Please press one of the buttons.")
    if verb == "decline" and not reason:
        return _("Please say why it is not possible: the customers read it, word for word.")
    return ""


def _marked(values: Iterable[str]) -> Iterator[Marked]:
    """What is no key, or of no return that anybody sees here, is left out."""
    asked: dict[int, int] = {}
    for value in list(values)[:AT_ONCE]:
        pk, _dot, version = value.partition(".")
        if (key := typed.key(pk)) is not None:
            asked[key] = typed.key(version) or 0
    rows = Return.objects.exclude(state__in=PRIVATE).select_related("company").in_bulk(asked)
    return (Marked(rows[pk], version) for pk, version in asked.items() if pk in rows)


def _decide(one: Marked, verb: str, reason: str, user: Any) -> Result:
    rma = one.rma
    lines = list(rma.lines.order_by("pk"))
    if rma.version != one.version:
        return Result(rma, False, outdone(rma))
    if verb == "approve" and any(not line.terms.get("allowed", True) for line in lines):
        return Result(rma, False, _("The rules are against it: please open it and see."))
    try:
        _carry_out(rma, verb, reason, user)
    except (Illegal, Stale):
        return Result(rma, False, outdone(rma))
    except Refused as refused:
        return Result(rma, False, " ".join(why(lines, refused)))
    except (DatabaseError, InterfaceError):
        log.exception("return %s can't be decided", rma.pk)
        return Result(rma, False, _("The database was busy: please try this one again."))
    write_down(rma, verb, user, reason)
    return Result(rma, True, _DONE[verb])


_DONE: dict[str, Any] = {
    "approve": gettext_lazy("Approved, and the customer was told."),
    "decline": gettext_lazy("Declined, and the customer was told why."),
}


def _carry_out(rma: Return, verb: str, reason: str, user: Any) -> None:
    now = timezone.now()
    if verb == "approve":
        actions.approve(rma, user, now=now, reason=reason)
    else:
        actions.decline(rma, user, reason, now=now)
