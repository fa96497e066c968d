"""Filtered queues under names: somebody's own, and those that they share with all at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.desk.policies import may
from oms_portal.desk.texts import plain
from oms_portal.desk.traces import person
from oms_portal.orders import typed
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import QueueView

from .filters import kept


# So many one person keeps.
MOST = 50
_LONGEST = 60


@dataclass(frozen=True)
class Saved:
    """``owner`` is "" for one's own."""

    pk: int
    name: str
    url: str
    owner: str
    is_shared: bool
    can_drop: bool


def views_of(user: Any) -> list[Saved]:
    index, leads = reverse("oms_returns:index"), may(user, "lead", Return)
    return [
        Saved(
            pk=row.pk,
            name=plain(row.name),
            url=f"{index}?{kept(QueryDict(row.query))}",
            owner="" if row.user_id == user.pk else plain(person(row.user)),
            is_shared=row.shared,
            can_drop=leads or row.user_id == user.pk,
        )
        for row in _visible(user).select_related("user")
    ]


class SavedViews(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """All of them, to be dropped again; POST keeps one, or drops it. What all at the desk see is
    a lead's to keep."""

    model = Return
    permission_required = "view"
    http_method_names = ["get", "head", "post"]
    template_name = "oms_portal/desk/queues/saved.html"
    header_icon = "list-ul"
    page_title = gettext_lazy("Saved views")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_returns:index"), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "saved": views_of(self.request.user)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if pk := typed.key(request.POST.get("drop", "")):
            return self._drop(pk)
        return self._keep()

    def _keep(self) -> HttpResponse:
        asked: QueryDict = self.request.POST
        user: Any = self.request.user
        name = typed.words(asked.get("name", ""), _LONGEST)
        query = kept(QueryDict(asked.get("query", "")))
        shared = "shared" in asked
        if shared and not may(user, "lead", Return):
            raise PermissionDenied
        if not name:
            messages.error(self.request, _("Please give the view a name. Nothing was kept."))
        elif not query:
            messages.error(self.request, _("Please choose a queue or a filter first."))
        elif QueueView.objects.filter(user=user.pk).exclude(name=name).count() >= MOST:
            messages.error(self.request, _("These are too many views. Please drop one first."))
        else:
            told = {"query": query, "shared": shared}
            QueueView.objects.update_or_create(user=user, name=name, defaults=told)
            messages.success(self.request, _("The view was kept."))
        return redirect(f"{reverse('oms_returns:index')}?{query}")

    def _drop(self, pk: int) -> HttpResponse:
        user: Any = self.request.user
        mine = _visible(user) if may(user, "lead", Return) else QueueView.objects.filter(user=user)
        if mine.filter(pk=pk).delete()[0]:
            messages.success(self.request, _("The view was dropped."))
        else:
            messages.warning(self.request, _("Nothing was dropped: it is not there any more."))
        return redirect("oms_returns:views")


def _visible(user: Any) -> QuerySet[QueueView]:
    rows = QueueView.objects.filter(Q(user=user.pk) | Q(shared=True))
    return rows.order_by("name", "pk")
