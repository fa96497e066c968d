"""The screen of the figures, and its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.desk.policies import may
from oms_portal.fragments.download import guarded, streamed
from oms_portal.orders.sheets import TYPES, as_csv
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.figures import Period
from oms_portal.returns.receipts.figures.periods import LENGTHS, newest, read

from .export import heads, rows
from .saying import days
from .shown import shown


class FiguresPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Return
    permission_required = "view"
    template_name = "oms_portal/desk/figures/page.html"
    page_title = gettext_lazy("Returns figures")
    header_icon = "oms-figures"

    @cached_property
    def period(self) -> Period:
        return period_of(self.request)

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("oms_figures:csv", query=self.period.query)
        return [HeaderButton(_("Download as CSV"), url=url, icon_name="download")]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_returns:index"), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_page_subtitle(self) -> str:
        return days(self.period)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "period": self.period,
            "days": days(self.period),
            "lengths": [_length(weeks, self.period) for weeks in LENGTHS],
            "shown": shown(self.period),
        }


class FiguresFile(PermissionCheckedMixin, View):
    model = Return
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        period = period_of(request)
        pieces = streamed(request, as_csv(heads(), rows(period)))
        response = StreamingHttpResponse(pieces, content_type=TYPES["csv"])
        response["Cache-Control"] = "private, no-store"
        name = f"returns-figures-{period.first.isoformat()}-{period.last.isoformat()}.csv"
        return guarded(response, name)


class FiguresItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "view", Return)


class Figures(ViewSet):
    name = "oms_figures"
    url_prefix = "oms/returns-figures"
    icon = "oms-figures"
    menu_label = gettext_lazy("Returns figures")

    @property
    def menu_item_class(self) -> type[Any]:
        return FiguresItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", FiguresPage.as_view(), name="index"),
            path("csv/", FiguresFile.as_view(), name="csv"),
        ]


def period_of(request: HttpRequest) -> Period:
    """In the zone of the person who looks."""
    return read(request.GET, timezone.localdate(), timezone.get_current_timezone())


def _length(length: int, period: Period) -> dict[str, Any]:
    offered = newest(length, timezone.localdate(), timezone.get_current_timezone())
    weeks = length // 7
    return {
        "words": ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": weeks},
        "url": reverse("oms_figures:index", query=offered.query),
        "is_current": offered == period,
    }
