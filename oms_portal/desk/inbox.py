"""All events as they came, the quarantined ones first; and the button that takes them once more."""

from __future__ import annotations

from collections import Counter
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.erp.models import InboundEvent, Source
from oms_portal.erp.problems import Problem
from oms_portal.erp.records import outdone, stands
from oms_portal.erp.retries import replay
from oms_portal.erp.schemas import TYPES
from oms_portal.orders import typed

from .events import EventInspection, RawEvent, no_use
from .inspecting import Mirror
from .listings import Listing, Moment, Text, Title, Word
from .logs import note


State = InboundEvent.State
TONES = {State.QUARANTINED: "bad", State.PENDING: "warn", State.APPLIED: "ok"}
# So many are replayed by one press; each in a transaction of its own.
AT_ONCE = 100
# A piece of an id is looked for among so many newest events; a whole one among all.
NEWEST = 20_000


class Marked(Text):
    """A box to mark an event for replay; the form around them is the page's own."""

    header_template_name = "oms_portal/desk/cells/mark_all.html"
    cell_template_name = "oms_portal/desk/cells/mark.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "offered": not outdone(instance)}


class EventFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, empty_label=gettext_lazy("All")
    )
    source = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Source"), queryset=Source.objects.order_by("name")
    )
    type = django_filters.ChoiceFilter(
        label=gettext_lazy("Type"),
        choices=[(name, name) for name in TYPES],
        empty_label=gettext_lazy("All"),
    )
    subject = django_filters.CharFilter(label=gettext_lazy("Subject"))
    received_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Received"), widget=DateRangePickerWidget
    )

    class Meta:
        model = InboundEvent
        fields: list[str] = []


class EventListing(Listing):
    related = ("source",)
    deferred = ("body", "problem")
    template_name = "oms_portal/desk/inbox.html"

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = super().get_base_queryset()
        return rows.annotate(is_newest=stands()) if self.user_has_permission("replay") else rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who just comes in is shown the quarantine, if something is in it."""
        plain_visit = not request.GET and not self.results_only
        if plain_visit and InboundEvent.objects.filter(state=State.QUARANTINED).exists():
            return redirect(f"{self.index_url}?state={State.QUARANTINED}")
        return super().get(request, *args, **kwargs)

    @property
    def columns(self) -> list[Any]:
        marks = [Marked("mark", label="")] if self.user_has_permission("replay") else []
        return [*marks, *self.list_display]

    def search_queryset(self, queryset: QuerySet[InboundEvent]) -> QuerySet[InboundEvent]:
        words = self.search_query.strip()
        if not words:
            return queryset
        sources = list(Source.objects.values_list("pk", flat=True))
        whole = Q(subject=words) | Q(source__in=sources, event_id=words)
        if (exact := queryset.filter(whole)).exists():
            return exact
        newest = InboundEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        part = Q(subject__icontains=words) | Q(event_id__icontains=words)
        return queryset.filter(part, pk__gt=newest - NEWEST)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(*args, **kwargs),
            "may_replay": self.user_has_permission("replay"),
            "at_once": AT_ONCE,
        }


class Replay(PermissionCheckedMixin, View):
    """Takes one event once more. Whoever does it twice, or at once with others, changes nothing
    more: what an event says counts once, by its version."""

    model = InboundEvent
    permission_required = "replay"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(InboundEvent.objects.select_related("source"), pk=pk)
        state, words = again(event, request.user)
        tell = messages.success if state in (State.APPLIED, State.SUPERSEDED) else messages.warning
        tell(request, words)
        return redirect("oms_inbox:inspect", pk)


class ReplayMany(PermissionCheckedMixin, View):
    model = InboundEvent
    permission_required = "replay"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = map(typed.key, request.POST.getlist("id")[:AT_ONCE])
        marked = [key for key in keys if key is not None]
        found = InboundEvent.objects.filter(pk__in=marked).select_related("source")
        states = Counter(again(event, request.user)[0] for event in found.order_by("received_at"))
        if not states:
            messages.warning(request, _("No event was marked."))
        for state, count in states.items():
            messages.success(request, _counted(state, count))
        return redirect(_back(request))


def again(event: InboundEvent, user: Any) -> tuple[str, str]:
    """Replay and write it down; the state it ended in ("" where it could not) and words for it."""
    if outdone(event):
        return "", no_use()
    try:
        outcome = replay(event)
    except Problem as problem:
        note(event, "replay", user, state=problem.code)
        return "", problem.detail
    note(event, "replay", user, state=outcome.state)
    words = _("The event was replayed; it is now: %(state)s.")
    return outcome.state, words % {"state": event.get_state_display()}


def _counted(state: str, count: int) -> str:
    words = State(state).label if state else _("not possible")
    said = ngettext(
        "%(count)s event was replayed: %(state)s.",
        "%(count)s events were replayed: %(state)s.",
        count,
    )
    return said % {"count": count, "state": words}


def _back(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()})
    return url if safe else reverse("oms_inbox:index")


class Inbox(Mirror):
    model = InboundEvent
    name = "oms_inbox"
    url_prefix = "oms/inbox"
    icon = "download"
    menu_label = gettext_lazy("Inbox")
    ordering = ("-received_at", "-pk")
    index_view_class = EventListing
    inspect_view_class = EventInspection
    search_fields = ("event_id",)
    filterset_class = EventFilters
    list_display = [
        Title("event_id", label=gettext_lazy("Event"), url_name="oms_inbox:inspect"),
        Text("subject", label=gettext_lazy("Subject")),
        Text("type", label=gettext_lazy("Type")),
        Text("source", label=gettext_lazy("Source"), accessor="source.name"),
        Word(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            tone=lambda event: TONES.get(event.state, ""),
        ),
        Moment("received_at", label=gettext_lazy("Received"), sort_key="received_at"),
    ]
    list_export = ["event_id", "subject", "type", "source", "state", "occurred_at", "received_at"]
    export_filename = "events"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("raw/<int:pk>/", RawEvent.as_view(), name="raw"),
            path("replay/<int:pk>/", Replay.as_view(), name="replay"),
            path("replay/", ReplayMany.as_view(), name="replay_many"),
        ]
