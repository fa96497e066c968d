"""The topic of all that the returns desk's lists show."""

from __future__ import annotations


DESK = "desk:returns"
