"""What people at the returns desk do: scan, count, say that they are done.

A scan is one transaction and locks no order and no return: rows of its receipt, its finding and its
parcel alone ("let_in", which moves a return, its own first). Whether a person may is the desk's to
ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import DataError, IntegrityError

from oms_portal.erp.inbox import writing

from .finishing import finish
from .kinds import ScanKind, ScanResult
from .scanning import hands, reading
from .scanning.answers import Answer
from .scanning.noting import NotCounted, Noted, keep, stored
from .scanning.wishes import ScanWish


__all__ = ["Answer", "ScanWish", "finish", "scan"]

# What two stations write at one instant each finds the other's at the next.
_TRIES = 4
_TEXTS = ("text", "line", "quantity", "sku", "description", "station", "tab")
_VERBS: Mapping[str, Callable[[ScanWish, datetime], Noted]] = {
    "scan": reading.read,
    "add": hands.count,
    "damaged": hands.count,
    "wrong": hands.count,
    "unexpected": hands.count,
    "undo": hands.undo,
    "parcel_damaged": hands.parcel_damaged,
}


def scan(wish: ScanWish, user: AbstractBaseUser, *, now: datetime) -> Answer:
    """Take a scan, or a count by hand. Whatever was scanned there is an answer; the same scan again
    changes nothing and is answered as before."""
    wish = _storable(wish)
    for left in reversed(range(_TRIES)):
        try:
            return _take(wish, user, now)
        except IntegrityError:
            # The scan is kept last, so that one that came before costs no look: it is rolled back.
            if known := stored(wish.id):
                return known
            if not left:
                raise
    raise AssertionError("the last try returns")


def _storable(wish: ScanWish) -> ScanWish:
    """Without what no database keeps: NUL, and half a pair of what JSON may hold (RFC 8259, 8.2)."""
    told = {name: getattr(wish, name) for name in _TEXTS}
    clean = {
        name: text.replace("\0", "").encode("utf-8", "ignore").decode()
        for name, text in told.items()
    }
    return replace(wish, **clean)


def _take(wish: ScanWish, user: AbstractBaseUser, now: datetime) -> Answer:
    try:
        with writing():
            return keep(wish, _done(wish, user, now), user, now)
    except NotCounted as refused:
        noted = refused.noted
    except DataError:
        told = Answer(wish.id, ScanKind.HAND, ScanResult.REFUSED, why="quantity")
        noted = Noted(told)
    with writing():
        return keep(wish, noted, user, now)


def _done(wish: ScanWish, user: AbstractBaseUser, now: datetime) -> Noted:
    if wish.verb == "let_in":
        return hands.let_in(wish, user, now)
    return _VERBS[wish.verb](wish, now)
