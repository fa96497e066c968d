"""Invented orders for previews: what an editor sees is never anybody's own.

They are drawn by the same code as the real ones, at a fixed moment, in the active language.
"""

from . import activity, changes, returns
from .drawn import documents, freshness, order, orders, tracker


__all__ = ["activity", "changes", "documents", "freshness", "order", "orders", "returns", "tracker"]
