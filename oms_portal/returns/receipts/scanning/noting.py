"""A scan is kept with its answer, once, in the transaction of what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from ..models import DeskScan
from .answers import Answer
from .wishes import ScanWish


ZERO = Decimal(0)


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Noted:
    """What came of a wish. ``tell`` grows the topics of what it changed, when all is written."""

    answer: Answer
    finding: int | None = None
    delta: Decimal = ZERO
    damaged: Decimal = ZERO
    tell: Callable[[], None] = _nothing


class NotCounted(Exception):
    """What was written is to be rolled back; ``noted`` says why."""

    def __init__(self, noted: Noted) -> None:
        super().__init__(noted.answer.why or noted.answer.result)
        self.noted = noted


def stored(key: UUID) -> Answer | None:
    """What this scan was answered, where it came before."""
    told = DeskScan.objects.filter(pk=key).values_list("answer", flat=True).first()
    return Answer.read(told) if told is not None else None


def keep(wish: ScanWish, noted: Noted, user: AbstractBaseUser, now: datetime) -> Answer:
    """IntegrityError where the same scan came before, at this instant or long ago: what was written
    with it goes back, and what it was answered then holds."""
    answer = noted.answer
    row = DeskScan(
        id=wish.id,
        text=_cut(DeskScan, "text", wish.text),
        kind=answer.kind,
        result=answer.result,
        rma_id=answer.rma,
        parcel=answer.parcel,
        finding_id=noted.finding,
        delta=noted.delta,
        damaged=noted.damaged,
        actor_id=user.pk,
        station=_cut(DeskScan, "station", wish.station),
        tab=_cut(DeskScan, "tab", wish.tab),
        sequence=wish.sequence,
        scanned_at=wish.at if timezone.is_aware(wish.at) else now,
        at=now,
        answer=answer.told(),
    )
    row.save(force_insert=True)
    noted.tell()
    return answer


def _cut(model: Any, name: str, text: str) -> str:
    """As much of it as its column takes."""
    return text[: model._meta.get_field(name).max_length]
