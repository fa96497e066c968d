"""What became of a wish: who did what to it, and its command with the attempts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.troubles import trouble_word

from .attempts import attempts_of
from .change_asked import Side
from .inspecting import Fact, Section, rows
from .listings import Moment, Text
from .traces import person


def history(wish: Any, who: Callable[[Any], str], what: Callable[[Any], str]) -> Section:
    """The events of a change request or a return, the newest first."""
    columns = [
        Moment("at", label=_("When")),
        Text("who", label=_("Who"), accessor=who),
        Text("what", label=_("What"), accessor=what),
        Text("behalf", label=_("On behalf of"), accessor=lambda step: person(step.on_behalf_of)),
        Text("state", label=_("State then"), accessor="get_state_display"),
        Side("reason", label=_("Reason")),
    ]
    found = wish.events.select_related("actor", "on_behalf_of").order_by("-at", "-pk")
    return Section("history", _("History"), table=rows(columns, list(found)), icon="history")


def command(sent: Command | None) -> Section:
    if sent is None:
        words = _("It was not passed on to the ERP.")
        return Section("command", _("Command to the ERP"), empty=words, icon="upload")
    url = _url_of(sent)
    return Section(
        "command",
        _("Command to the ERP"),
        facts=_facts(sent),
        table=attempts_of(sent),
        more=(url, _("The command in full")) if url else None,
        icon="upload",
    )


def _facts(sent: Command) -> list[Fact]:
    return [
        Fact(_("State"), str(sent.get_state_display())),
        Fact(_("ERP"), sent.source.name),
        Fact(_("Attempts"), str(sent.attempts)),
        Fact(_("Next attempt"), sent.next_attempt_at),
        Fact(_("Trouble"), trouble_word(sent.trouble)),
    ]


def _url_of(sent: Command) -> str:
    try:
        return reverse("oms_commands:inspect", args=[sent.pk])
    except NoReverseMatch:  # A host's own group may leave the list out.
        return ""
