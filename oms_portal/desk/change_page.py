"""One change request in full: what is asked beside what is so, why it is risky, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oms_portal.changes.models import PRIVATE, ChangeRequest
from oms_portal.changes.moving import STAFF
from oms_portal.changes.scope import zone_for
from oms_portal.changes.standing import Standing, standing_of
from oms_portal.customers.models import Company
from oms_portal.fragments.changing_states import what
from oms_portal.orders.models import Order

from . import change_asked, change_past, steps
from .change_forms import FORMS
from .change_words import event_words, left, risk_words, state_word, who_of
from .command_words import overtaken
from .companies import url_of as company_url
from .deciding import Choice, Decision
from .inspecting import Fact, Inspection, Section
from .ordered import url_of as order_url
from .policies import may
from .texts import plain
from .traces import reached, trace


# Heading, note and button of each.
_CHOICES: Mapping[str, tuple[Any, Any, Any]] = {
    "approve": (
        gettext_lazy("Approve"),
        gettext_lazy("It goes to the ERP as asked for, or with the values that you put here."),
        gettext_lazy("Approve and pass on"),
    ),
    "counter": (
        gettext_lazy("Offer something else"),
        gettext_lazy("Nothing goes to the ERP until the customer accepts."),
        gettext_lazy("Make this offer"),
    ),
    "reject": (
        gettext_lazy("Reject"),
        gettext_lazy("The order stays as it is."),
        gettext_lazy("Reject the request"),
    ),
    "retry": (
        gettext_lazy("Try again"),
        gettext_lazy("It is passed on once more. What the ERP has already takes no second effect."),
        gettext_lazy("Pass on again"),
    ),
}


class RequestInspection(Inspection):
    related = ("order__company", "requested_by", "on_behalf_of", "command__source")
    template_name = "oms_portal/desk/change_request.html"
    # Forms as they were filled in, by verb, where they had faults.
    filled_in: Mapping[str, Decision] = {}

    def get_object(self, queryset: Any = None) -> ChangeRequest:
        """Not what its author did not send yet."""
        asked = self.model._default_manager.select_related(*self.related)
        found: ChangeRequest = get_object_or_404(asked.exclude(state__in=PRIVATE), pk=self.pk)
        return found

    def get_page_title(self) -> str:
        return f"{plain(self.object.order)}: {what(self.object)}"

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.object.order, self.now)

    @cached_property
    def zone(self) -> tzinfo:
        """Of the place where it goes: days and limits are by its clock."""
        return zone_for(self.standing, self.object)

    def sections(self) -> Iterable[Section]:
        asked, standing = self.object, self.standing
        if asked.risks:
            yield change_asked.risks(asked, standing)
        yield change_asked.values(asked, standing, self.zone)
        yield Section("request", _("Request"), facts=self._facts(), icon="edit")
        yield change_asked.deliveries(asked, standing)
        yield change_past.told(asked)
        yield steps.history(asked, who_of, event_words)
        yield steps.command(asked.command)
        yield trace(asked)

    def _facts(self) -> list[Fact]:
        asked, order = self.object, self.object.order
        visible = may(self.request.user, "view", Order)
        known = may(self.request.user, "view", Company)
        return [
            Fact(_("Order"), order.number, (order_url(order.pk) or "") if visible else ""),
            Fact(_("Customer"), order.company.name, company_url(order.company) if known else ""),
            Fact(_("State"), state_word(asked)),
            Fact(_("Asked for by"), reached(asked.requested_by)),
            Fact(_("On behalf of"), reached(asked.on_behalf_of)),
            Fact(pgettext("when", "Asked for"), asked.submitted_at),
            Fact(_("Can be changed until"), asked.cutoff_at or _("no hour is known")),
            Fact(_("Time left"), left(asked, self.now)),
            Fact(_("Risks"), risk_words(asked)),
            Fact(_("Closed"), asked.closed_at),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked: ChangeRequest = self.object
        late = asked.cutoff_at is not None and asked.cutoff_at <= self.now
        return {
            **super().get_context_data(**kwargs),
            "choices": list(self._choices()),
            "overdue": late and asked.is_open,
        }

    def _choices(self) -> Iterator[Choice]:
        if not may(self.request.user, "decide", ChangeRequest):
            return
        for verb, (heading, note, button) in _CHOICES.items():
            faulty = self.filled_in.get(verb)
            if faulty or self.object.state in STAFF[verb]:
                form = faulty or FORMS[verb](request=self.object, zone=self.zone, verb=verb)
                url = reverse(f"oms_changes:{verb}", args=[self.object.pk])
                notes = [*self._warnings(verb), note]
                yield Choice(verb, heading, notes, button, url, form, faulty is not None)

    def _warnings(self, verb: str) -> Iterator[str]:
        asked: ChangeRequest = self.object
        if verb == "approve" and asked.risks:
            if call := change_asked.contact_now(asked, self.standing):
                yield _("Call first: %(contact)s.") % {"contact": call}
        elif verb == "retry" and (warning := overtaken(asked.command)):
            yield warning
