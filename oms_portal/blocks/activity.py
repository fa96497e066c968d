"""The blocks of what goes on: the dashboard, delivery updates, and what arrives today."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import arriving, dashboard, samples, sections, updates
from oms_portal.orders.feed import Kinds, kinds_of

from .base import PortalBlock


class DashboardBlock(PortalBlock):
    """The visitor's orders at a glance: what needs them, what is late, what comes today."""

    fragment = "dashboard"
    page = "home"

    sections = blocks.ListBlock(
        blocks.ChoiceBlock(required=False, choices=sections.choices, label=_("Part")),
        required=False,
        default=[],
        label=_("Parts"),
        help_text=_("In this order. Leave it empty to show all."),
    )
    rows = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=dashboard.MOST_ROWS,
        default=dashboard.ROWS,
        label=_("Orders in each part"),
    )

    class Meta:
        icon = "oms-dashboard"
        label = _("Dashboard")
        description = _("What needs attention, what is late, what arrives today, latest orders.")
        form_layout = blocks.BlockGroup(
            children=["heading", "sections"], settings=["rows", *PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your orders at a glance")}

    def params(self, value: Any) -> dict[str, str]:
        rows = value.get("rows") or dashboard.ROWS
        return {
            "sections": ",".join(_chosen(value)),
            "rows": "" if rows == dashboard.ROWS else str(rows),
        }

    def sample(self, value: Any) -> str:
        return samples.activity.dashboard(_chosen(value), value.get("rows") or dashboard.ROWS)


class DeliveryUpdatesBlock(PortalBlock):
    """What moved across the visitor's orders, live, with what is new to them marked."""

    fragment = "updates"
    page = "updates"

    kinds = blocks.ChoiceBlock(
        required=False,
        choices=[(each.value, each.label) for each in Kinds if each.value],
        label=_("Show only"),
    )
    filters = blocks.BooleanBlock(
        required=False, default=True, label=_("Visitors may choose what they see")
    )
    rows = blocks.IntegerBlock(
        required=False,
        min_value=updates.SMALLEST,
        max_value=updates.LARGEST,
        default=10,
        label=_("Updates per page"),
    )

    class Meta:
        icon = "oms-updates"
        label = _("Delivery updates")
        description = _("What moved across the customer’s orders, the newest first, live.")
        form_layout = blocks.BlockGroup(
            children=["heading", "kinds"], settings=["rows", "filters", *PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("What moved"), "filters": True}

    def params(self, value: Any) -> dict[str, str]:
        return {
            "kinds": value.get("kinds") or "",
            "size": str(value.get("rows") or 10),
            "tools": "" if value.get("filters", True) else "0",
        }

    def sample(self, value: Any) -> str:
        return samples.activity.updates(
            value.get("rows") or 10,
            kinds_of(value.get("kinds") or ""),
            tools=bool(value.get("filters", True)),
        )


class ArrivingTodayBlock(PortalBlock):
    """The deliveries that come today, or soon, and those that came."""

    fragment = "arriving"
    page = "home"

    days = blocks.ChoiceBlock(
        required=False,
        choices=[
            ("today", _("Today")),
            ("tomorrow", _("Today and tomorrow")),
            ("week", _("The next seven days")),
        ],
        default="today",
        label=_("Days"),
    )
    arrived = blocks.BooleanBlock(
        required=False, default=True, label=_("Also show what arrived today")
    )

    class Meta:
        icon = "oms-arriving"
        label = _("Arriving today")
        description = _("The deliveries of the day: when they come, where they are, what came.")
        form_layout = blocks.BlockGroup(
            children=["heading"], settings=["days", "arrived", *PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {
            "heading": _("Arriving today"),
            "days": "today",
            "arrived": True,
        }

    def params(self, value: Any) -> dict[str, str]:
        days = _range(value)
        return {
            "days": "" if days == "today" else days,
            "arrived": "" if value.get("arrived", True) else "0",
        }

    def sample(self, value: Any) -> str:
        return samples.activity.arriving(_range(value), arrived=bool(value.get("arrived", True)))


def _chosen(value: Any) -> list[str]:
    return [name for name in value.get("sections") or () if name]


def _range(value: Any) -> str:
    days = value.get("days") or ""
    return days if days in arriving.RANGES else "today"
