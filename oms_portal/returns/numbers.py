"""The numbers of returns and their parcels: random digits, so that nobody guesses another's."""

from __future__ import annotations

from secrets import randbelow

from django.db import IntegrityError, transaction

from oms_portal import conf

from .labels import digits
from .models import Return
from .parcels import ReturnParcel


# Of a billion numbers hardly one is taken.
_TRIES = 8


def insert(rma: Return) -> None:
    """Save a new return under a number that nobody has. The database decides; an IntegrityError
    of anything else is raised."""
    for left in reversed(range(_TRIES)):
        rma.number = digits.rma_number(f"{randbelow(10**9):09d}")
        try:
            with transaction.atomic():
                rma.save(force_insert=True)
            return
        except IntegrityError:
            if not left or not Return.objects.filter(number=rma.number).exists():
                raise


def parcel_code(rma: Return, sequence: int) -> str:
    """What is scanned of the return's parcel, ``sequence`` from 1."""
    return digits.parcel_code(rma.number[1:10], sequence)


def sscc(parcel: ReturnParcel) -> str:
    """The parcel's SSCC behind our GS1 prefix, "" without one. It counts with the parcels, which
    no database numbers twice, and begins anew when the digits are used up (GS1 General
    Specifications, 2.2.1: not within a year)."""
    prefix = conf.settings().GS1_PREFIX
    return digits.sscc(prefix, parcel.pk % 10 ** (17 - len(prefix))) if prefix else ""
