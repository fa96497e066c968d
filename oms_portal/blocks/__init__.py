"""What marketers place. Every name here is public for ever: host migrations hold it."""

from __future__ import annotations

from .activity import ArrivingTodayBlock, DashboardBlock, DeliveryUpdatesBlock
from .base import PortalBlock
from .changing import ChangeDeliveryBlock
from .documents import DocumentsBlock
from .lists import OrderListBlock
from .one_order import OrderDetailBlock, OrderTrackerBlock
from .returns import ReturnTrackerBlock, ReturnWizardBlock


__all__ = [
    "DocumentsBlock",
    "ArrivingTodayBlock",
    "ChangeDeliveryBlock",
    "DashboardBlock",
    "DeliveryUpdatesBlock",
    "OrderDetailBlock",
    "OrderListBlock",
    "OrderTrackerBlock",
    "PortalBlock",
    "ReturnTrackerBlock",
    "ReturnWizardBlock",
    "portal_blocks",
]


def portal_blocks() -> list[tuple[str, PortalBlock]]:
    """All blocks, for the end of a host's list: ``StreamField([*mine, *portal_blocks()])``."""
    return [
        ("order_list", OrderListBlock()),
        ("order_detail", OrderDetailBlock()),
        ("order_tracker", OrderTrackerBlock()),
        ("documents", DocumentsBlock()),
        ("dashboard", DashboardBlock()),
        ("delivery_updates", DeliveryUpdatesBlock()),
        ("arriving_today", ArrivingTodayBlock()),
        ("change_delivery", ChangeDeliveryBlock()),
        ("return_wizard", ReturnWizardBlock()),
        ("return_tracker", ReturnTrackerBlock()),
    ]
