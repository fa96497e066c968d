"""What people at the returns desk do: scan, count, say that they are done."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from oms_portal.returns.models import Return

from .answers import Answer
from .models import Receipt
from .wishes import ScanWish


__all__ = ["Answer", "ScanWish", "finish", "scan"]


def scan(wish: ScanWish, user: AbstractBaseUser, *, now: datetime) -> Answer:
    """Take a scan, or a count by hand. Whatever was scanned, there is an answer."""
    raise NotImplementedError


def finish(
    rma: Return, user: AbstractBaseUser, *, now: datetime, key: str, note: str = ""
) -> Receipt:
    """Say that what came is counted: the ERP is told all of it. Refused where nothing came."""
    raise NotImplementedError
