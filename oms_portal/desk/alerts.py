"""What staff must see to: open ones first, with whose it is, by when, and what to tell whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.erp.inbox import writing
from oms_portal.notifications import alerts
from oms_portal.notifications.models import Alert
from oms_portal.notifications.troubles import trouble_word
from oms_portal.orders import typed

from .alerted import contacts, subject_of
from .inspecting import Fact, Inspection, Mirror, Section
from .listings import Listing, Moment, Text, Title, Word
from .logs import note
from .ordered import OrderTitle, with_order
from .policies import may
from .texts import plain, unhidden
from .traces import person, trace


LONGEST_NOTE = 2000
TONES = {"overdue": "bad", "open": "warn", "passed": "ok", "finished": "ok"}
WORDS: dict[str, Any] = {
    "overdue": gettext_lazy("overdue"),
    "open": gettext_lazy("open"),
    "taken": gettext_lazy("taken up"),
    "passed": gettext_lazy("passed by itself"),
    "finished": gettext_lazy("finished"),
}


def state_of(alert: Alert, now: datetime) -> str:
    if alert.done_at is not None:
        return "finished" if alert.done_by_id else "passed"
    if alert.owner_id is not None:
        return "taken"
    return "overdue" if alert.due_at < now else "open"


def state_word(alert: Alert) -> str:
    return str(WORDS[state_of(alert, timezone.now())])


def title_of(alert: Alert) -> str:
    return plain(alerts.kind_of(alert).title)


class AlertFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("open", gettext_lazy("Open")),
            ("overdue", gettext_lazy("Overdue")),
            ("mine", gettext_lazy("Taken up by me")),
            ("done", gettext_lazy("Finished")),
        ],
        empty_label=gettext_lazy("All"),
        method="by_state",
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"),
        choices=[(name, kind.title) for name, kind in alerts.KINDS.items()],
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def by_state(self, found: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        if value == "done":
            return found.filter(done_at__isnull=False)
        still = found.filter(done_at=None)
        if value == "mine":
            return still.filter(owner=self.request.user)
        late = Q(owner=None, due_at__lt=timezone.now())
        return still.filter(late) if value == "overdue" else still


class AlertListing(Listing):
    related = ("owner", "done_by")
    search_fields = ("order_ref", "about")
    said = {"kind": title_of}

    def get_base_queryset(self) -> QuerySet[Any]:
        done = ExpressionWrapper(Q(done_at__isnull=False), output_field=BooleanField())
        waits = Case(When(done_at=None, then=F("due_at")))
        found = super().get_base_queryset().annotate(is_done=done, waits=waits)
        return with_order(found, self.request.user)


class AlertInspection(Inspection):
    related = ("owner", "done_by")
    template_name = "oms_portal/desk/alert.html"

    def get_page_title(self) -> str:
        return title_of(self.object)

    def sections(self) -> Iterable[Section]:
        alert = self.object
        kind = alerts.kind_of(alert)
        yield Section(
            "alert",
            _("What is to be done"),
            note=str(kind.todo),
            facts=self._facts(),
            icon="warning",
        )
        if kind.script:
            order, told = contacts(alert, self.request.user)
            yield Section(
                "script",
                _("What to tell the customer"),
                note=str(kind.script) % {"order": order},
                facts=told,
                icon="comment",
            )
        if alert.note:
            yield Section("note", _("What was done"), note=unhidden(alert.note), icon="edit")
        yield trace(alert)

    def _facts(self) -> list[Fact]:
        alert, data = self.object, self.object.data
        return [
            Fact(_("State"), state_word(alert)),
            *subject_of(alert, self.request.user),
            Fact(_("ERP"), data.get("source", "")),
            Fact(_("Trouble"), trouble_word(str(data.get("trouble", "")))),
            Fact(_("Mail to"), data.get("to", "")),
            Fact(_("Subject of the mail"), data.get("subject", "")),
            Fact(_("Raised"), alert.raised_at),
            Fact(_("To be taken up by"), alert.due_at),
            Fact(_("Taken up by"), person(alert.owner)),
            Fact(_("Finished"), alert.done_at),
            Fact(_("Finished by"), person(alert.done_by)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alert = self.object
        mine = may(self.request.user, "change", Alert) and alert.done_at is None
        return {
            **super().get_context_data(**kwargs),
            "may_finish": mine,
            "may_take": mine and alert.owner_id != self.request.user.pk,
            "owner": person(alert.owner),
        }


class _Verb(PermissionCheckedMixin, View):
    model = Alert
    permission_required = "change"
    http_method_names = ["post"]

    def changed(self, request: HttpRequest) -> None:
        messages.warning(
            request, _("Nothing was done: somebody took it up or finished it before you.")
        )


class Take(_Verb):
    """For who takes it over, ``from`` says whose it was on the page they saw."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        alert = get_object_or_404(Alert.objects.select_related("owner"), pk=pk)
        before = typed.key(request.POST.get("from", ""))
        with writing():
            taken = alerts.take(alert, request.user, instead_of=before)
            if taken and before is None:
                note(alert, "take_alert", request.user)
            elif taken:
                note(alert, "take_over_alert", request.user, owner=person(alert.owner))
        if taken:
            messages.success(request, _("It is yours now."))
        elif Alert.objects.get(pk=pk).owner_id != request.user.pk:
            self.changed(request)
        return redirect("oms_alerts:inspect", pk)


class Finish(_Verb):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        alert = get_object_or_404(Alert, pk=pk)
        said = request.POST.get("note", "").strip()[:LONGEST_NOTE]
        if not said:
            messages.error(request, _("Please note what was done. Nothing was changed."))
            return redirect("oms_alerts:inspect", pk)
        with writing():
            if done := alerts.finish(alert, request.user, said):
                note(alert, "finish_alert", request.user, note=said)
        if done:
            messages.success(request, _("It is finished."))
            return redirect(reverse("oms_alerts:index"))
        self.changed(request)
        return redirect("oms_alerts:inspect", pk)


class Alerts(Mirror):
    model = Alert
    name = "oms_alerts"
    url_prefix = "oms/alerts"
    icon = "warning"
    menu_label = gettext_lazy("Alerts")
    ordering = ("is_done", "waits", "-done_at", "-pk")
    index_view_class = AlertListing
    inspect_view_class = AlertInspection
    search_fields = AlertListing.search_fields
    filterset_class = AlertFilters
    list_display = [
        Title(
            "kind", label=gettext_lazy("Alert"), accessor=title_of, url_name="oms_alerts:inspect"
        ),
        OrderTitle(),
        Word(
            "state",
            label=gettext_lazy("State"),
            accessor=state_word,
            tone=lambda alert: TONES.get(state_of(alert, timezone.now()), ""),
        ),
        Moment("due_at", label=gettext_lazy("To be taken up by"), sort_key="due_at"),
        Text("owner", label=gettext_lazy("Taken up by"), accessor=lambda row: person(row.owner)),
        Moment("raised_at", label=gettext_lazy("Raised"), sort_key="raised_at"),
    ]
    list_export = [
        "kind",
        "order_ref",
        "raised_at",
        "due_at",
        "owner",
        "done_at",
        "done_by",
        "note",
    ]
    export_filename = "alerts"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("take/<int:pk>/", Take.as_view(), name="take"),
            path("finish/<int:pk>/", Finish.as_view(), name="finish"),
        ]
