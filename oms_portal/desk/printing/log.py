"""What was printed at the desk: by whom, on what, why again, and whether it came out."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.desk.listings import Listing, Moment, Text, Title, Word
from oms_portal.desk.policies import may_print
from oms_portal.desk.traces import person
from oms_portal.returns.receipts.kinds import JobState
from oms_portal.returns.receipts.models import PrintJob
from oms_portal.returns.receipts.printing.words import TEMPLATES, outcome, tone, what

from .jobs import paper_words
from .searching import by_person, find


class PrintFilters(WagtailFilterSet):
    template = django_filters.ChoiceFilter(
        label=gettext_lazy("Paper"),
        choices=list(TEMPLATES.items()),
        empty_label=gettext_lazy("All"),
    )
    printed = django_filters.ChoiceFilter(
        label=gettext_lazy("Came out of the printer"),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
            ("unsaid", gettext_lazy("Nobody said")),
        ],
        method="by_outcome",
        empty_label=gettext_lazy("All"),
    )
    again = django_filters.BooleanFilter(label=gettext_lazy("Printed again"), method="by_reason")
    broken = django_filters.BooleanFilter(label=gettext_lazy("Broken off"), method="by_state")
    skipped = django_filters.BooleanFilter(
        label=gettext_lazy("Something was left out"), method="by_skipped"
    )
    who = django_filters.CharFilter(label=gettext_lazy("Printed by"), method="by_person")
    at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("When"), widget=DateRangePickerWidget
    )

    class Meta:
        model = PrintJob
        fields: list[str] = []

    def by_outcome(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "unsaid":
            return found.filter(printed=None, made__gt=0)
        return found.filter(printed=value == "yes")

    def by_reason(self, found: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return found.exclude(reason="") if value else found.filter(reason="")

    def by_state(self, found: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        broken = Q(state=JobState.BROKEN)
        return found.filter(broken if value else ~broken)

    def by_skipped(self, found: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return found.exclude(skipped=[]) if value else found.filter(skipped=[])

    def by_person(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(pk__in=by_person(value.strip()).values("pk"))


def made(job: PrintJob) -> str:
    """ "12", "11 of 12" where some are missing."""
    if job.made == job.total:
        return str(job.total)
    return _("%(made)s of %(total)s") % {"made": job.made, "total": job.total}


class PrintLog(Listing):
    """Found by the number of a return or of a parcel, by an article and by a person."""

    model = PrintJob
    related = ("actor",)
    deferred = ("labels", "verdicts", "skipped")
    header_icon = "tag"
    page_title = gettext_lazy("Prints")
    template_name = "oms_portal/desk/station/index.html"
    index_url_name = "oms_returns:prints"
    index_results_url_name = "oms_returns:prints_results"
    default_ordering = ("-at", "-pk")
    is_searchable = True
    filterset_class = PrintFilters
    paginate_by = 50
    columns: list[Column] = [
        Title(
            "what",
            label=gettext_lazy("What"),
            accessor=what,
            get_url=lambda job: reverse("oms_returns:print_job", args=[job.key]),
        ),
        Moment("at", label=gettext_lazy("When"), sort_key="at"),
        Text("made", label=gettext_lazy("Labels"), accessor=made),
        Word("outcome", label=gettext_lazy("Printed"), accessor=outcome, tone=tone),
        Text("reason", label=gettext_lazy("Why again")),
        Text("size", label=gettext_lazy("Size"), accessor=paper_words),
        Text("who", label=gettext_lazy("Who"), accessor=lambda job: person(job.actor)),
        Text("station", label=gettext_lazy("Station")),
        Text("printer", label=gettext_lazy("Printer")),
    ]
    list_export = [
        "at",
        "template",
        "total",
        "made",
        "state",
        "printed",
        "reason",
        "medium",
        "format",
        "copies",
        "actor",
        "station",
        "printer",
    ]
    export_filename = "prints"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_returns:index"), "label": _("Returns")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    @property
    def header_buttons(self) -> list[Any]:
        if not may_print(self.request.user):
            return []
        url = reverse("oms_returns:labels")
        return [HeaderButton(_("Print labels"), url=url, icon_name="tag")]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = (self.search_query or "").strip()
        return find(queryset, words) if words else queryset
