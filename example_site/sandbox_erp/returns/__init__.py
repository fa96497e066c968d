"""Returns at the ERP: they come as commands; what became of them goes out as events.

The moves register themselves as they are imported.
"""

from . import arriving, deciding, settling


__all__ = ["arriving", "deciding", "settling"]
