"""What the ERP is told of what the desk found: complete each time."""

from __future__ import annotations

from typing import Any

from oms_portal.returns.holding import Held


def receipt(held: Held) -> dict[str, Any]:
    """The payload of a ``return_receipt``."""
    raise NotImplementedError
