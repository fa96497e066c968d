"""One event in full: envelope, problem, attempts, what it changes, and the JSON as it came."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.erp.models import InboundEvent
from oms_portal.erp.records import outdone, payload_of, told_before
from oms_portal.orders.models import Order

from .differences import MOST, Difference, differences
from .inspecting import Fact, Inspection, Section, rows
from .listings import Text, Word
from .policies import may
from .texts import plain, unhidden


# A page shows so much of the JSON; the rest is in the file.
SHOWN = 60_000
# Problems of so many fields stand on the page.
PROBLEMS = 50
_TONES = {"added": "ok", "removed": "bad", "changed": "warn"}


class EventInspection(Inspection):
    related = ("source",)
    template_name = "oms_portal/desk/event.html"

    def sections(self) -> Iterable[Section]:
        event = self.object
        payload = payload_of(event)
        if event.problem:
            yield _problem(event.problem)
        yield Section("envelope", _("Envelope"), facts=self._envelope(), icon="mail")
        yield Section("fate", _("What became of it"), facts=_fate(event), icon="history")
        if payload is not None:
            yield _difference(event, payload)
        yield _raw(event)

    def _envelope(self) -> list[Fact]:
        event = self.object
        order = Order.objects.filter(ref=event.subject).first() if event.subject else None
        visible = order is not None and may(self.request.user, "view", Order)
        url = reverse("oms_orders:inspect", args=[order.pk]) if order and visible else ""
        return [
            Fact(_("ID"), event.event_id),
            Fact(_("Source"), f"{event.source.name} ({event.source.uri})"),
            Fact(_("Type"), event.type),
            Fact(_("Subject"), event.subject, url),
            Fact(_("Time (the sender’s clock)"), event.occurred_at),
            Fact(_("Received"), event.received_at),
            Fact(_("Request"), event.request_id),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        alike = {"subject": event.subject, "type": event.type}
        may_replay = may(self.request.user, "replay", InboundEvent) and event.body is not None
        useless = outdone(event)
        return {
            **super().get_context_data(**kwargs),
            "may_replay": may_replay and not useless,
            "no_use": no_use() if may_replay and useless else "",
            "kept": event.body is not None,
            "alike": reverse("oms_inbox:index", query=alike) if event.subject else "",
        }


class RawEvent(PermissionCheckedMixin, View):
    """The bytes as they came, to be kept, never to be shown by a browser."""

    model = InboundEvent
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(InboundEvent, pk=pk)
        if event.body is None:
            raise Http404
        answer = HttpResponse(bytes(event.body), content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="event-{event.pk}.json"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "private, no-store"
        return answer


def no_use() -> str:
    """Why an event is not offered to be replayed."""
    return _("Replaying it would change nothing: what it says, or something newer, counts already.")


def _problem(told: dict[str, Any]) -> Section:
    facts = [Fact(_("What is wrong"), told.get("detail", "")), Fact(_("Code"), _code(told))]
    errors = told.get("errors")
    found = (
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    )
    columns = [
        Text("pointer", label=_("Where"), accessor=lambda error: error.get("pointer") or "/"),
        Text("detail", label=_("What is wrong"), accessor=lambda error: error.get("detail", "")),
        Text("code", label=_("Code"), accessor=lambda error: error.get("code", "")),
    ]
    table = rows(columns, found[:PROBLEMS])
    return Section("problem", _("Problem"), facts=facts, table=table, icon="warning")


def _code(told: dict[str, Any]) -> str:
    return str(told.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _fate(event: InboundEvent) -> list[Fact]:
    return [
        Fact(_("State"), event.get_state_display()),
        Fact(_("Applied"), event.applied_at),
        Fact(_("Failed attempts"), str(event.attempts)),
        Fact(_("Next attempt"), event.next_attempt_at),
        Fact(_("Held by a worker until"), event.lease_until),
    ]


def _difference(event: InboundEvent, payload: Any) -> Section:
    """Against what stood before it; the envelope's own id and time always differ and say nothing."""
    found = told_before(event, payload)
    if found is None:
        words = _("Nothing was told of this record before it.")
        return Section("difference", _("Difference"), empty=words, icon="rotate")
    earlier, told = found
    differing, more = differences(told.get("data"), payload.get("data"))
    columns = [
        Text("path", label=_("Field"), classname="omsdesk-path"),
        Word("kind", label=_("Change"), accessor=_kind, tone=lambda row: _TONES[row.kind]),
        Text("before", label=_("Before"), classname="omsdesk-code"),
        Text("after", label=_("After"), classname="omsdesk-code"),
    ]
    applied = event.state == InboundEvent.State.APPLIED
    words = (
        _("What it changed, compared with event %(id)s.")
        if applied
        else _("What it would change, compared with event %(id)s, which counts now.")
    )
    note = words % {"id": plain(earlier.event_id, 60)}
    if more:
        note = _("%(note)s Only the first %(count)s fields are shown.") % {
            "note": note,
            "count": MOST,
        }
    url = reverse("oms_inbox:inspect", args=[earlier.pk])
    return Section(
        "difference",
        _("Difference"),
        note=note,
        table=rows(columns, differing),
        empty=_("It says the same as the one before."),
        more=(url, _("The event it is compared with")),
        icon="rotate",
    )


def _kind(row: Difference) -> str:
    words = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
    return words[row.kind]


def _raw(event: InboundEvent) -> Section:
    if event.body is None:
        words = _("The body is no longer kept: only the newest of each record is, after a while.")
        return Section("raw", _("JSON"), empty=words, icon="code")
    payload = payload_of(event)
    text = (
        bytes(event.body).decode("utf-8", "replace")
        if payload is None
        else json.dumps(payload, ensure_ascii=False, indent=2)
    )
    cut = len(text) > SHOWN
    return Section(
        "raw",
        _("JSON"),
        code=unhidden(text[:SHOWN]),
        note=_("Only the beginning is shown; the file has it all.") if cut else "",
        more=(reverse("oms_inbox:raw", args=[event.pk]), _("Download as a file")),
        icon="code",
    )
