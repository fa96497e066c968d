"""What was tried to bring a command to its ERP, and what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Table

from oms_portal.erp.outbox.models import Attempt, Command

from .health import span
from .inspecting import rows
from .listings import Moment, Text


OUTCOMES: dict[str, Any] = {
    "accepted": gettext_lazy("taken"),
    "applied": gettext_lazy("carried out"),
    "rejected": gettext_lazy("refused"),
    "needs_confirmation": gettext_lazy("another offer"),
    "retry": gettext_lazy("not now"),
}


def attempts_of(command: Command) -> Table | None:
    """The newest first; None where nothing was tried yet."""
    columns = [
        Text("number", label=_("No.")),
        Moment("started_at", label=_("When")),
        Text("lasted", label=_("How long"), accessor=_length),
        Text("outcome", label=_("Outcome"), accessor=_outcome),
        Text("status", label=_("HTTP status"), accessor=lambda tried: tried.status or ""),
        Text("detail", label=_("Detail")),
        Text("worker", label=_("Worker")),
    ]
    return rows(columns, list(command.tries.order_by("-number")))


def _length(tried: Attempt) -> str:
    return span((tried.ended_at - tried.started_at).total_seconds()) if tried.ended_at else ""


def _outcome(tried: Attempt) -> str:
    if tried.ended_at is None:
        return _("under way, or its worker was killed")
    return str(OUTCOMES.get(tried.outcome, tried.outcome))
