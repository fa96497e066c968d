"""How the feeds are doing, drawn, and drawn anew every few seconds while somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from oms_portal.erp.measures import Figures, figures
from oms_portal.erp.models import Source

from .charts import Chart, chart
from .policies import may
from .sources import TONES, feed_word
from .texts import plain


SECONDS = 5


@dataclass(frozen=True)
class Figure:
    """A number with its label; ``url`` leads to what it counts, ``tone`` says it is trouble."""

    label: str
    value: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Feed:
    pk: int
    name: str
    word: str
    tone: str
    as_of: datetime | None
    figures: Sequence[Figure]
    charts: Sequence[Chart]


class HealthPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Source
    permission_required = "view"
    template_name = "oms_portal/desk/health.html"
    page_title = gettext_lazy("Feed health")
    header_icon = "history"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_shown(), "seconds": SECONDS}


class HealthFigures(PermissionCheckedMixin, View):
    """The part of the page that moves."""

    model = Source
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = render(request, "oms_portal/desk/figures.html", _shown())
        answer["Cache-Control"] = "private, no-store"
        return answer


class Health(ViewSet):
    name = "oms_health"
    url_prefix = "oms/health"
    icon = "history"
    menu_label = gettext_lazy("Feed health")

    @property
    def menu_item_class(self) -> type[Any]:
        return HealthItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", HealthPage.as_view(), name="index"),
            path("figures/", HealthFigures.as_view(), name="figures"),
        ]


class HealthItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "view", Source)


def _shown() -> dict[str, Any]:
    now = timezone.now()
    return {"feeds": [_feed(each, now) for each in figures(now)], "now": now}


def _feed(found: Figures, now: datetime) -> Feed:
    name = plain(found.source.name)
    return Feed(
        pk=found.source.pk,
        name=name,
        word=feed_word(found.source),
        tone=TONES.get(found.state, ""),
        as_of=found.as_of,
        figures=_numbers(found),
        charts=_charts(found, name, now),
    )


def _numbers(found: Figures) -> list[Figure]:
    def held(state: str) -> str:
        return reverse("oms_inbox:index", query={"state": state, "source": found.source.pk})

    waits, lies = found.oldest_pending, found.oldest_quarantined
    return [
        Figure(_("Lag (median)"), span(found.lag_median)),
        Figure(_("Lag (95 of 100 are faster)"), span(found.lag_p95)),
        Figure(_("Waiting"), f"{found.pending}", held("pending") if found.pending else ""),
        Figure(_("Oldest that waits"), span(waits), tone="warn" if waits else ""),
        Figure(
            _("In quarantine"),
            f"{found.quarantined}",
            held("quarantined") if found.quarantined else "",
            "bad" if found.quarantined else "",
        ),
        Figure(_("Oldest in quarantine"), span(lies)),
        Figure(
            _("Unknown codes"),
            f"{found.unknown_codes}",
            reverse("oms_unknown_codes:index", query={"source": found.source.pk}),
            "warn" if found.unknown_codes else "",
        ),
    ]


def _charts(found: Figures, name: str, now: datetime) -> list[Chart]:
    minute = now.replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    said = {
        "name": name,
        "hour": _events(sum(found.per_minute)),
        "day": _events(sum(found.per_hour)),
    }
    return [
        chart(
            f"minutes-{found.source.pk}",
            _("Events per minute, last hour"),
            _("%(name)s sent %(hour)s in the last hour.") % said,
            found.per_minute,
            minute,
            timedelta(minutes=1),
        ),
        chart(
            f"hours-{found.source.pk}",
            _("Events per hour, last day"),
            _("%(name)s sent %(day)s in the last day.") % said,
            found.per_hour,
            hour,
            timedelta(hours=1),
        ),
    ]


def _events(count: int) -> str:
    return ngettext("%(count)s event", "%(count)s events", count) % {"count": count}


def span(seconds: float | None) -> str:
    """A length of time in its largest unit: "0.4 s", "12 min", "3 h", "5 d"; a dash for none."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("%(n)s s") % {"n": f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"}
    if seconds < 3600:
        return _("%(n)s min") % {"n": f"{seconds / 60:.0f}"}
    if seconds < 2 * 86400:
        return _("%(n)s h") % {"n": f"{seconds / 3600:.0f}"}
    return _("%(n)s d") % {"n": f"{seconds / 86400:.0f}"}
