"""What marketers place. Every name here is public for ever: host migrations hold it."""

from __future__ import annotations

from .base import PortalBlock
from .orders import OrderDetailBlock, OrderListBlock, OrderTrackerBlock


__all__ = [
    "OrderDetailBlock",
    "OrderListBlock",
    "OrderTrackerBlock",
    "PortalBlock",
    "portal_blocks",
]


def portal_blocks() -> list[tuple[str, PortalBlock]]:
    """All blocks, for the end of a host's list: ``StreamField([*mine, *portal_blocks()])``."""
    return [
        ("order_list", OrderListBlock()),
        ("order_detail", OrderDetailBlock()),
        ("order_tracker", OrderTrackerBlock()),
    ]
