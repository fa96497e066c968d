"""Requests of customers to change their orders: what waits for a person first, then the others."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from oms_portal.changes.models import OPEN, PRIVATE, Aspect, ChangeRequest, RequestState
from oms_portal.changes.reasons import RISKS
from oms_portal.changes.scope import MEMBERS
from oms_portal.fragments.changing_states import aspect_word, what

from .change_forms import FORMS
from .change_page import RequestInspection
from .change_verbs import Decide
from .change_words import left, risk_words, state_tone, state_word
from .inspecting import Mirror
from .listings import Moment, Text, Title, Word
from .people import CompanyFilter
from .queue import Queue


SHOWN_STATES = [pair for pair in RequestState.choices if pair[0] not in PRIVATE]
_RANK = Case(
    When(state=RequestState.IN_REVIEW, then=Value(0)),
    When(state=RequestState.FAILED, then=Value(1)),
    When(state__in=OPEN, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


class Cutoff(Text):
    """Until when it can be decided, and how long that is."""

    cell_template_name = "oms_portal/desk/cells/cutoff.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        now = timezone.now()
        late = instance.is_open and instance.cutoff_at is not None and instance.cutoff_at <= now
        return {**context, "left": left(instance, now), "overdue": late}


class RequestFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=SHOWN_STATES,
        empty_label=gettext_lazy("All that are open"),
    )
    company = CompanyFilter(field_name="order__company")
    risk = django_filters.ChoiceFilter(
        label=gettext_lazy("Risk"),
        choices=list(RISKS.items()),
        method="by_risk",
        empty_label=gettext_lazy("All"),
    )
    aspect = django_filters.ChoiceFilter(
        label=gettext_lazy("What"),
        choices=lambda: [(aspect.value, aspect_word(aspect)) for aspect in Aspect],
        method="by_aspect",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = ChangeRequest
        fields: list[str] = []

    def by_risk(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        # Containment of JSON is not known to SQLite; a code has no quotes in it.
        told = found.annotate(risk_text=Cast("risks", TextField()))
        return told.filter(risk_text__contains=f'"{value}"')

    def by_aspect(self, found: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return found.filter(requested__has_any_keys=list(MEMBERS[Aspect(value)]))


class RequestListing(Queue):
    related = ("order__company", "requested_by")
    nothing = gettext_lazy("Nobody asks for a change at the moment.")
    nothing_like_it = gettext_lazy("No request is like that.")
    said = {"state": state_word, "what": what, "risks": risk_words}

    def get_base_queryset(self) -> QuerySet[Any]:
        found = super().get_base_queryset().exclude(state__in=PRIVATE)
        by_state = self.request.GET.get("state") in dict(SHOWN_STATES)
        if not by_state and not (self.search_query or "").strip():
            found = found.filter(state__in=OPEN)
        return found.annotate(rank=_RANK)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A number of the order, ours or theirs: to the letter, else whatever holds it."""
        words = self.search_query.strip()
        if not words:
            return queryset
        exact = queryset.filter(
            Q(order__number=words) | Q(order__customer_reference=words) | Q(order__ref=words)
        )
        if exact.exists():
            return exact
        return queryset.filter(
            Q(order__number__icontains=words) | Q(order__customer_reference__icontains=words)
        )


class ChangeRequests(Mirror):
    model = ChangeRequest
    name = "oms_changes"
    url_prefix = "oms/changes"
    icon = "edit"
    menu_label = gettext_lazy("Change requests")
    ordering = ("rank", F("cutoff_at").asc(nulls_last=True), "submitted_at", "pk")
    index_view_class = RequestListing
    inspect_view_class = RequestInspection
    search_fields = ("order__number",)
    filterset_class = RequestFilters
    list_display = [
        Title(
            "order",
            label=gettext_lazy("Order"),
            accessor="order.number",
            url_name="oms_changes:inspect",
        ),
        # What decides comes first: on a phone the others are reached by scrolling.
        Text("what", label=gettext_lazy("What is asked"), accessor=what),
        Cutoff("cutoff_at", label=gettext_lazy("Until"), sort_key="cutoff_at"),
        Word("state", label=gettext_lazy("State"), accessor=state_word, tone=state_tone),
        Text("risks", label=gettext_lazy("Risks"), accessor=risk_words),
        Text("company", label=gettext_lazy("Customer"), accessor="order.company.name"),
        Moment("submitted_at", label=pgettext_lazy("when", "Asked for"), sort_key="submitted_at"),
    ]
    list_export = [
        "order.number",
        "order.customer_reference",
        "order.company.name",
        "what",
        "state",
        "submitted_at",
        "cutoff_at",
        "closed_at",
        "risks",
    ]
    export_headings = {
        "order.number": gettext_lazy("Order"),
        "order.customer_reference": gettext_lazy("Their reference"),
        "order.company.name": gettext_lazy("Customer"),
        "what": gettext_lazy("What is asked"),
        "risks": gettext_lazy("Risks"),
    }
    export_filename = "change-requests"

    def get_urlpatterns(self) -> list[URLPattern]:
        kwargs = self.get_inspect_view_kwargs()
        return [
            *super().get_urlpatterns(),
            *(
                path(
                    f"{verb}/<int:pk>/",
                    self.construct_view(Decide, **{**kwargs, "verb": verb}),
                    name=verb,
                )
                for verb in FORMS
            ),
        ]
