"""What a queue tells of each return, beside what other lists do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Table

from oms_portal.desk.health import span
from oms_portal.desk.listings import Text, Title
from oms_portal.desk.texts import plain
from oms_portal.returns.models import Return
from oms_portal.returns.moving import is_legal
from oms_portal.returns.receipts.waiting.clocks import due_of
from oms_portal.returns.receipts.waiting.presence import Present

from .shown import Seen


class Rows(Table):
    """Each row has a name of its own, by which a page that is looked at finds it again."""

    def get_row_attrs(self, instance: Return) -> dict[str, Any]:
        return {**super().get_row_attrs(instance), "id": f"omsdesk-return-{instance.pk}"}


class Marked(Text):
    """A box to mark a return that can be approved or declined together with others."""

    header_template_name = "oms_portal/desk/cells/mark_all.html"
    cell_template_name = "oms_portal/desk/cells/mark_return.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["offered"] = is_decidable(instance)
        return context


class Number(Title):
    """Its number, whose it is, and what is the matter with it."""

    cell_template_name = "oms_portal/desk/cells/return.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["customer"] = plain(instance.company.name)
        return context


class Due(Text):
    """When it is to have been dealt with."""

    cell_template_name = "oms_portal/desk/cells/due.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        due, now = due_of(instance), timezone.now()
        is_late = due is not None and due < now
        context |= {"due": due, "words": due_words(due, now), "tone": "bad" if is_late else ""}
        return context


class Day(Text):
    """A day of the calendar, short."""

    cell_template_name = "oms_portal/desk/cells/day.html"


def is_decidable(rma: Return) -> bool:
    return is_legal(rma, "approve") or is_legal(rma, "decline")


def due_words(due: datetime | None, now: datetime) -> str:
    if due is None:
        return ""
    seconds = (due - now).total_seconds()
    told = {"time": span(abs(seconds))}
    return _("within %(time)s") % told if seconds >= 0 else _("late by %(time)s") % told


def checks(rma: Return) -> str:
    """What to look at first."""
    seen = _seen(rma)
    told = [
        _("refused by the ERP") if seen.is_refused else "",
        _("too much") if seen.is_over else "",
        _("damaged parcel") if seen.is_damaged else "",
    ]
    return " · ".join(filter(None, told))


def items(rma: Return) -> str:
    count = _seen(rma).items
    return ngettext("%(count)s item", "%(count)s items", count) % {"count": count}


def parcels(rma: Return) -> str:
    """How many of them are in."""
    seen = _seen(rma)
    if not seen.parcels:
        return ""
    return _("%(arrived)s of %(count)s") % {"arrived": seen.arrived, "count": seen.parcels}


def coming(rma: Return) -> Any:
    return _seen(rma).due_on


def at_it(rma: Return) -> str:
    return names(_seen(rma).others)


def names(others: Sequence[Present]) -> str:
    """Kim (dock 2), Sam"""
    return ", ".join(
        plain(f"{one.name} ({one.station})" if one.station else one.name, 60) for one in others
    )


def _seen(rma: Return) -> Seen:
    found: Seen = rma.seen  # type: ignore[attr-defined]  # set by shown.look
    return found
