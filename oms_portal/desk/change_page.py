"""One change request in full: what is asked beside what is so, why it is risky, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.impact import read_all
from oms_portal.changes.models import PRIVATE, ChangeRequest
from oms_portal.changes.moving import STAFF
from oms_portal.changes.reasons import risk, why
from oms_portal.changes.scope import aspects_in, concerned, included
from oms_portal.changes.standing import Part, Standing, standing_of
from oms_portal.fragments.formats import moment
from oms_portal.orders.models import Order, ShipmentStatus
from oms_portal.orders.moments import zone_of

from .change_forms import FORMS, Decision
from .change_values import Compared, cancelled, compare
from .change_words import (
    answer_words,
    aspect_word,
    event_words,
    impact_words,
    left,
    risk_words,
    state_word,
    what,
    who_of,
)
from .companies import url_of as company_url
from .inspecting import Fact, Inspection, Section, rows
from .listings import Moment, Text, Word
from .ordered import url_of as order_url
from .policies import may
from .texts import plain
from .traces import person, trace


# A member's value is shown up to here; forms take no more.
LONGEST = 1_500


class Side(Text):
    """One side of a comparison, its lines as they are; what differs from the ERP's is marked."""

    cell_template_name = "oms_portal/desk/cells/side.html"

    def __init__(self, *args: Any, wanted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def get_value(self, instance: Any) -> Any:
        lines = str(getattr(instance, self.name)).split("\n")
        return [plain(line, LONGEST) for line in lines]

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        differs = self.wanted and instance.differs and bool(getattr(instance, self.name))
        return {**context, "differs": differs}


@dataclass(frozen=True)
class Choice:
    """Something that can be decided: its form behind its heading; open where it has faults."""

    verb: str
    heading: Any
    note: Any
    button: Any
    url: str
    form: Decision
    is_faulty: bool


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
    def part(self) -> Part | None:
        """The delivery, or the first of them, that is asked about; None for the whole order."""
        if self.object.scope == ChangeRequest.Scope.ORDER:
            return None
        return next(iter(concerned(self.standing, self.object)), None)

    @cached_property
    def zone(self) -> tzinfo:
        """Of the place where it goes: days and limits are by its clock."""
        return zone_of((self.part.zone if self.part else "") or self.standing.zone)

    def sections(self) -> Iterable[Section]:
        asked = self.object
        if asked.risks:
            yield self._risks()
        yield self._values()
        yield Section("request", _("Request"), facts=self._facts(), icon="edit")
        yield self._scope()
        told = [Fact(_("Told"), impact_words(one)) for one in read_all(asked.impact)]
        yield Section(
            "impact",
            _("What the customer was told before sending"),
            facts=told,
            empty=_("Nothing but that it is done as asked."),
            icon="info-circle",
        )
        yield self._history()
        yield self._command()
        yield trace(asked)

    def _risks(self) -> Section:
        values = self.part.values if self.part else self.standing.values
        facts = [Fact(_("Risk"), str(risk(code))) for code in self.object.risks]
        facts += [
            Fact(_("Contact until now"), values.get("contact") or _("none told")),
            Fact(_("Their phone"), values.get("phone") or _("none told")),
        ]
        note = _("Call the contact until now before you approve, not the new one.")
        return Section("risks", _("Why somebody should look"), facts, note=note, icon="warning")

    def _values(self) -> Section:
        asked = self.object
        found = list(self._compared())
        columns = [
            Text("label", label=_("What")),
            Side("now", label=_("In the ERP now") if asked.is_open else _("In the ERP before")),
            Side("asked", label=_("Asked for"), wanted=not asked.approved),
        ]
        if asked.counter:
            columns.append(Side("offered", label=_("Offered instead")))
        if asked.approved:
            columns.append(Side("approved", label=_("Approved"), wanted=True))
        note = _("Approved as asked for.") if asked.command_id and not asked.approved else ""
        offer = asked.counter or {}
        return Section(
            "values",
            _("What is asked"),
            facts=[
                Fact(_("Reason"), str(asked.requested.get("reason") or "")),
                Fact(_("Offered, in words"), str(offer.get("text") or "")),
                Fact(_("Offered for a fee"), _fee(offer.get("fee"))),
                Fact(_("Answer"), answer_words(asked)),
            ],
            table=rows(columns, found),
            note=note,
            icon="list-ul",
        )

    def _compared(self) -> Iterator[Compared]:
        asked = self.object
        if lines := asked.requested.get("cancel"):
            names = {
                line.ref: f"{line.number} · {plain(line.description, 80)}"
                for line in asked.order.lines.all()
            }
            yield from cancelled(lines, asked.before.get("cancel") or (), names)
            return
        now = self.part.values if self.part else self.standing.values
        # What is over is compared with what was so when it was asked for.
        before = {**asked.before, **now} if asked.is_open else {**now, **asked.before}
        yield from compare(before, asked.requested, asked.approved, asked.counter, self.zone)

    def _facts(self) -> list[Fact]:
        asked, order = self.object, self.object.order
        visible = may(self.request.user, "view", Order)
        return [
            Fact(_("Order"), order.number, (order_url(order.pk) or "") if visible else ""),
            Fact(_("Customer"), order.company.name, company_url(order.company)),
            Fact(_("State"), state_word(asked)),
            Fact(_("Asked for by"), _who(asked.requested_by)),
            Fact(_("On behalf of"), _who(asked.on_behalf_of)),
            Fact(_("Asked for"), asked.submitted_at),
            Fact(_("Can be changed until"), asked.cutoff_at or _("no hour is known")),
            Fact(_("Time left"), left(asked, self.now)),
            Fact(_("Risks"), risk_words(asked)),
            Fact(_("Closed"), asked.closed_at),
        ]

    def _scope(self) -> Section:
        asked = self.object
        kept = {part.thread for part in included(self.standing, asked)}
        columns = [
            Text(
                "delivery",
                label=_("Delivery"),
                accessor=lambda part: part.number or _("In none yet"),
            ),
            Text("status", label=_("State"), accessor=_status),
            Text("lines", label=_("Lines"), accessor=lambda part: ", ".join(part.lines)),
            Word(
                "kept",
                label=_("With this change"),
                accessor=lambda part: _("changed") if part.thread in kept else _("left out"),
                tone=lambda part: "ok" if part.thread in kept else "warn",
            ),
            Text("limits", label=_("Limits now"), accessor=self._limits),
        ]
        parts = list(concerned(self.standing, asked))
        return Section(
            "scope",
            _("What it is about: %(scope)s") % {"scope": asked.get_scope_display()},
            table=rows(columns, parts),
            empty=_("This delivery no longer exists."),
            icon="site",
        )

    def _limits(self, part: Part) -> str:
        said = []
        zone = zone_of(part.zone or self.standing.zone)
        for aspect in sorted(aspects_in(self.object.requested)):
            limit = part.limits[aspect]
            if not limit.open:
                words = str(why(limit))
            elif limit.until:
                words = _("until %(time)s") % {"time": moment(limit.until, zone)}
            else:
                words = _("until it is picked")
            said.append(f"{aspect_word(aspect)}: {words}")
        return " · ".join(said)

    def _history(self) -> Section:
        columns = [
            Moment("at", label=_("When")),
            Text("who", label=_("Who"), accessor=who_of),
            Text("what", label=_("What"), accessor=event_words),
            Text(
                "behalf", label=_("On behalf of"), accessor=lambda step: person(step.on_behalf_of)
            ),
            Text("state", label=_("State then"), accessor="get_state_display"),
            Side("reason", label=_("Reason")),
        ]
        found = self.object.events.select_related("actor", "on_behalf_of").order_by("-at", "-pk")
        return Section("history", _("History"), table=rows(columns, list(found)), icon="history")

    def _command(self) -> Section:
        command = self.object.command
        if command is None:
            words = _("It was not passed on to the ERP.")
            return Section("command", _("Command to the ERP"), empty=words, icon="upload")
        columns = [
            Text("number", label=_("No.")),
            Moment("started_at", label=_("When")),
            Text("outcome", label=_("Outcome")),
            Text("status", label=_("HTTP status"), accessor=lambda tried: tried.status or ""),
            Text("detail", label=_("Detail")),
        ]
        facts = [
            Fact(_("State"), str(command.get_state_display())),
            Fact(_("ERP"), command.source.name),
            Fact(_("Attempts"), str(command.attempts)),
            Fact(_("Next attempt"), command.next_attempt_at),
            Fact(_("Trouble"), command.trouble),
        ]
        url = self._command_url(command.pk)
        return Section(
            "command",
            _("Command to the ERP"),
            facts=facts,
            table=rows(columns, list(command.tries.order_by("-number"))),
            more=(url, _("The command in full")) if url else None,
            icon="upload",
        )

    def _command_url(self, pk: int) -> str:
        try:
            return reverse("oms_commands:inspect", args=[pk])
        except NoReverseMatch:
            return ""

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
                yield Choice(verb, heading, note, button, url, form, faulty is not None)


def _who(user: AbstractBaseUser | None) -> str:
    """Name and address, for a call or a mail."""
    told = (person(user), getattr(user, "email", ""))
    return ", ".join(dict.fromkeys(filter(None, told)))


def _fee(told: Any) -> str:
    return f"{told['amount']} {told['currency']}" if isinstance(told, Mapping) else ""


def _status(part: Part) -> str:
    return str(ShipmentStatus(part.status).label) if part.thread else ""
