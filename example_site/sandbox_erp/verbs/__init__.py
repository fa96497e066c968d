"""What can happen to an order: each verb changes the record in place and says what it did.

A verb that makes no sense for an order raises Impossible.
"""

from . import carrying, correcting, leaving, ordering
from .registry import GROUPS, VERBS, possible


__all__ = ["GROUPS", "VERBS", "carrying", "correcting", "leaving", "ordering", "possible"]
