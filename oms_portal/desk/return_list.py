"""Returns: those that wait for a person first, then all that are under way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.returns.kinds import ASKED, OPEN, PRIVATE, Kind, ReturnState
from oms_portal.returns.models import Return, ReturnLine

from .inspecting import Mirror
from .listings import Moment, Text, Title, Word
from .people import CompanyFilter
from .printing.paths import paths
from .queue import Queue
from .return_forms import FORMS
from .return_page import ReturnInspection
from .return_photos import PhotoView
from .return_verbs import Decide
from .return_words import age, state_tone, state_word


SHOWN_STATES = [pair for pair in ReturnState.choices if pair[0] not in PRIVATE]
_URGENCY = Case(
    When(state=ReturnState.IN_REVIEW, then=Value(0)),
    When(is_over=True, then=Value(1)),
    When(state__in=ASKED, then=Value(2)),
    When(state__in=OPEN, then=Value(3)),
    default=Value(4),
    output_field=IntegerField(),
)
# Older than so many days.
AGES = (("1", gettext_lazy("a day")), ("3", gettext_lazy("3 days")), ("7", gettext_lazy("a week")))


class ReturnFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=SHOWN_STATES,
        empty_label=gettext_lazy("All that are open"),
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, empty_label=gettext_lazy("All")
    )
    company = CompanyFilter(field_name="company")
    older = django_filters.ChoiceFilter(
        label=gettext_lazy("Older than"),
        choices=AGES,
        method="by_age",
        empty_label=gettext_lazy("Any age"),
    )
    over = django_filters.BooleanFilter(
        label=gettext_lazy("More on it than was delivered"), field_name="is_over"
    )

    class Meta:
        model = Return
        fields: list[str] = []

    def by_age(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(submitted_at__lt=timezone.now() - timedelta(days=int(value)))


class ReturnListing(Queue):
    related = ("company",)
    nothing = gettext_lazy("No return is under way at the moment.")
    nothing_like_it = gettext_lazy("No return is like that.")
    said = {"state": state_word}

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("oms_returns:labels")
        return [HeaderButton(_("Print labels"), url=url, icon_name="tag")]

    def get_base_queryset(self) -> QuerySet[Any]:
        found = super().get_base_queryset().exclude(state__in=PRIVATE)
        by_state = self.request.GET.get("state") in dict(SHOWN_STATES)
        if not by_state and not (self.search_query or "").strip():
            found = found.filter(state__in=OPEN)
        over = ReturnLine.objects.filter(rma=OuterRef("pk"), returnable__over_by__gt=0)
        told = found.annotate(is_over=Exists(over), count=Count("lines", distinct=True))
        return told.annotate(urgency=_URGENCY)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Whatever stands on a parcel or a paper: the number of the return, of a parcel, of the
        carrier, of the order or of the credit note."""
        words = self.search_query.strip()
        if not words:
            return queryset
        code = words.upper()
        exact = queryset.filter(
            Q(number=code)
            | Q(parcels__code=code)
            | Q(parcels__tracking_number=words)
            | Q(tracking_number=words)
            | Q(erp_ref=words)
            | Q(lines__returnable__order__number=words)
        )
        return exact.distinct() if exact.exists() else queryset.filter(number__icontains=words)


def items(rma: Return) -> str:
    count = rma.count  # type: ignore[attr-defined]  # annotated
    return ngettext("%(count)s item", "%(count)s items", count) % {"count": count}


def over_word(rma: Return) -> str:
    return _("too much") if rma.is_over else ""  # type: ignore[attr-defined]  # annotated


class Returns(Mirror):
    model = Return
    name = "oms_returns"
    url_prefix = "oms/returns"
    icon = "undo"
    menu_label = gettext_lazy("Returns")
    ordering = ("urgency", F("submitted_at").asc(nulls_last=True), "pk")
    index_view_class = ReturnListing
    inspect_view_class = ReturnInspection
    search_fields = ("number",)
    filterset_class = ReturnFilters
    list_display = [
        Title("number", label=gettext_lazy("Return"), url_name="oms_returns:inspect"),
        Word("state", label=gettext_lazy("State"), accessor=state_word, tone=state_tone),
        Text("age", label=gettext_lazy("Age"), accessor=age),
        Word("over", label=gettext_lazy("Check"), accessor=over_word, tone=lambda rma: "bad"),
        Text("items", label=gettext_lazy("Items"), accessor=items),
        Text("company", label=gettext_lazy("Customer"), accessor="company.name"),
        Text("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        Moment("submitted_at", label=gettext_lazy("Asked for"), sort_key="submitted_at"),
    ]
    list_export = [
        "number",
        "company.name",
        "kind",
        "state",
        "method",
        "submitted_at",
        "approved_at",
        "received_at",
        "closed_at",
        "erp_ref",
    ]
    export_headings = {
        "number": gettext_lazy("Return"),
        "company.name": gettext_lazy("Customer"),
        "erp_ref": gettext_lazy("Number at the ERP"),
    }
    export_filename = "returns"

    def get_urlpatterns(self) -> list[URLPattern]:
        kwargs = self.get_inspect_view_kwargs()
        policy = {"permission_policy": self.permission_policy}
        return [
            *super().get_urlpatterns(),
            path("photo/<int:pk>/<str:key>/", PhotoView.as_view(**policy), name="photo"),
            *paths(self.permission_policy),
            *(
                path(
                    f"{verb}/<int:pk>/",
                    self.construct_view(Decide, **{**kwargs, "verb": verb}),
                    name=verb,
                )
                for verb in FORMS
            ),
        ]
