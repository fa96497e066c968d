"""Wishes on their way to an ERP: what is asked, each attempt, and what staff can do about it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from oms_portal.customers.models import Company
from oms_portal.erp.models import Source
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.troubles import trouble_word
from oms_portal.orders.models import Order

from .attempts import attempts_of
from .command_verbs import AT_ONCE, GiveUp, SendAgain, SendAgainMany, can_be_given_up
from .command_words import KINDS, facts_of, kind_word, overtaken
from .companies import url_of
from .inspecting import Fact, Inspection, Mirror, Section
from .listings import Listing, Moment, Text, Title, Word
from .ordered import OrderTitle, fact_of, with_order
from .policies import may
from .texts import plain, unhidden
from .traces import trace


State = Command.State
TONES = {State.DEAD: "bad", State.RETRYING: "warn", State.REJECTED: "warn", State.APPLIED: "ok"}
# So much of the JSON stands on the page.
SHOWN = 20_000


class Marked(Text):
    """A box to mark a command that was given up; the form around them is the page's own."""

    header_template_name = "oms_portal/desk/cells/mark_all.html"
    cell_template_name = "oms_portal/desk/cells/mark_command.html"


class CommandFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, empty_label=gettext_lazy("All")
    )
    source = django_filters.ModelChoiceFilter(
        label=gettext_lazy("ERP"), queryset=Source.objects.order_by("name")
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Wish"), choices=list(KINDS.items()), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Command
        fields: list[str] = []


class CommandListing(Listing):
    related = ("source",)
    deferred = ("payload", "counter", "text")
    template_name = "oms_portal/desk/commands.html"
    said = {"kind": kind_word, "state": lambda command: str(command.get_state_display())}

    def get_base_queryset(self) -> QuerySet[Any]:
        return with_order(super().get_base_queryset(), self.request.user)

    @property
    def columns(self) -> list[Any]:
        marks = (
            [Marked("mark", label="", accessor="order_ref")]
            if self.user_has_permission("replay")
            else []
        )
        return [*marks, *self.list_display]

    def search_queryset(self, queryset: QuerySet[Command]) -> QuerySet[Command]:
        """An order by ref or number, or a command by its key; else what holds the words."""
        words = self.search_query.strip()
        if not words:
            return queryset
        refs = Order.objects.filter(number=words).values("ref")
        whole = Q(order_ref=words) | Q(order_ref__in=refs)
        with suppress(ValueError):
            whole |= Q(key=UUID(words))
        exact = queryset.filter(whole)
        return exact if exact.exists() else queryset.filter(order_ref__icontains=words)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(*args, **kwargs),
            "may_replay": self.user_has_permission("replay"),
            "at_once": AT_ONCE,
        }


class CommandInspection(Inspection):
    related = ("source",)
    template_name = "oms_portal/desk/command.html"

    def get_page_title(self) -> str:
        return f"{kind_word(self.object)}: {plain(self.object.order_ref)}"

    def sections(self) -> Iterable[Section]:
        command = self.object
        yield Section("command", _("Command"), facts=_facts(command, self.request), icon="upload")
        yield Section(
            "wish",
            _("What is asked"),
            facts=list(facts_of(command.payload)),
            empty=_("Nothing but the kind of the wish."),
            icon="list-ul",
        )
        yield Section(
            "attempts",
            _("Attempts"),
            table=attempts_of(command),
            empty=_("It was not sent yet."),
            icon="history",
        )
        yield _answer(command)
        yield trace(command)
        yield _raw(command)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        command = self.object
        trusted = may(self.request.user, "replay", Command)
        may_send = trusted and command.state == State.DEAD
        return {
            **super().get_context_data(**kwargs),
            "may_send": may_send,
            "overtaken": overtaken(command) if may_send else "",
            "may_give_up": trusted and can_be_given_up(command, timezone.now()),
        }


def _facts(command: Command, request: HttpRequest) -> list[Fact]:
    order = Order.objects.filter(ref=command.order_ref).first()
    company = Company.objects.filter(ref=command.customer_ref).first()
    visible = company is not None and may(request.user, "view", Company)
    return [
        fact_of(command.order_ref, order, request.user),
        Fact(
            _("Customer"),
            company.name if company else command.customer_ref,
            url_of(company) if company and visible else "",
        ),
        Fact(_("State"), str(command.get_state_display())),
        Fact(_("Trouble"), trouble_word(command.trouble)),
        Fact(_("Requested by"), command.requested_by),
        Fact(_("On behalf of"), command.on_behalf_of),
        Fact(_("Queued"), command.queued_at),
        Fact(_("Sent first"), command.first_sent_at),
        Fact(_("Taken by the ERP"), command.accepted_at),
        Fact(_("Settled"), command.settled_at),
        Fact(_("Attempts"), str(command.attempts)),
        Fact(_("Next attempt"), command.next_attempt_at),
        Fact(_("No longer worth sending after"), command.deadline),
        Fact(_("Held by a worker until"), command.lease_until),
        Fact(_("The ERP may have it without our knowing"), _("yes") if command.uncertain else ""),
        Fact(_("ERP"), command.source.name),
        Fact(_("Key"), str(command.key)),
    ]


def _answer(command: Command) -> Section:
    told = [
        Fact(_("Code"), command.code),
        Fact(_("Text"), command.text),
        Fact(_("Its number for it"), command.reference),
        *facts_of(command.counter),
    ]
    return Section(
        "answer",
        _("What the ERP answered"),
        facts=[fact for fact in told if fact.shown],
        empty=_("Nothing yet."),
        icon="comment",
    )


def _raw(command: Command) -> Section:
    told = {"payload": command.payload, "counter": command.counter}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return Section("raw", _("JSON"), code=unhidden(text[:SHOWN]), icon="code")


class Commands(Mirror):
    model = Command
    name = "oms_commands"
    url_prefix = "oms/commands"
    icon = "upload"
    menu_label = gettext_lazy("Commands")
    ordering = ("-queued_at", "-pk")
    index_view_class = CommandListing
    inspect_view_class = CommandInspection
    search_fields = ("order_ref",)
    filterset_class = CommandFilters
    list_display = [
        Title(
            "kind",
            label=gettext_lazy("Wish"),
            accessor=kind_word,
            url_name="oms_commands:inspect",
        ),
        OrderTitle(),
        Word(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            tone=lambda command: TONES.get(command.state, ""),
        ),
        Moment("queued_at", label=gettext_lazy("Queued"), sort_key="queued_at"),
        Text("attempts", label=gettext_lazy("Attempts"), sort_key="attempts"),
        Text(
            "trouble",
            label=gettext_lazy("Trouble"),
            accessor=lambda command: trouble_word(command.trouble),
        ),
        Text("source", label=gettext_lazy("ERP"), accessor="source.name"),
    ]
    list_export = [
        "key",
        "order_ref",
        "kind",
        "source",
        "state",
        "queued_at",
        "attempts",
        "trouble",
    ]
    export_filename = "commands"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("again/<int:pk>/", SendAgain.as_view(), name="send_again"),
            path("again/", SendAgainMany.as_view(), name="send_again_many"),
            path("give-up/<int:pk>/", GiveUp.as_view(), name="give_up"),
        ]
