"""Returns as people see them: one of them, the list, what could be sent back, an order's own."""

from . import listing, starting, tracker


__all__ = ["listing", "starting", "tracker"]
