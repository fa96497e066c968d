"""What staff did to a row, from Wagtail's log, on the row's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from .inspecting import Section, rows
from .listings import Moment, Text


# So many stand on the page; the site's history report has them all.
SHOWN = 20


def trace(row: Model) -> Section:
    found = ModelLogEntry.objects.for_instance(row).select_related("user").order_by("-timestamp")
    columns = [
        Moment("timestamp", label=_("When")),
        Text("user", label=_("Who"), accessor=_who),
        Text("message", label=_("What")),
    ]
    return Section(
        "trace",
        _("What staff did"),
        table=rows(columns, list(found[:SHOWN])),
        empty=_("Nobody did anything to it here."),
        icon="history",
    )


def person(user: Any) -> str:
    """Somebody of the staff by name; "" for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""


def reached(user: Any) -> str:
    """Name and address, for a call or a mail; "" for nobody."""
    told = (person(user), getattr(user, "email", ""))
    return ", ".join(dict.fromkeys(filter(None, told)))


def _who(entry: Any) -> str:
    return person(entry.user)
