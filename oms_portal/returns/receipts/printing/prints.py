"""The life of a print: begun by somebody at the desk, made while it is sent, said to have come out
of the printer or not, and kept with the reason where it is not the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.utils import timezone

from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every
from oms_portal.returns.labels.sizes import SHEETS
from oms_portal.returns.papers import DPIS, ZPL, Paper
from oms_portal.returns.parcels import Label

from ..kinds import JobState
from ..models import PrintJob, Verdict
from .putaway import verdict_label


__all__ = ["Order", "asked", "begin", "forget", "is_asked", "paper_of", "say", "verdict_label"]

# A print is asked about for so long; one that is still being made after that broke off unseen.
ASKED_FOR = timedelta(hours=4)
LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Order:
    """What is to be printed: ``labels`` first, then ``verdicts``, each ``copies`` times."""

    paper: Paper
    labels: Sequence[Label] = ()
    verdicts: Sequence[Verdict] = ()
    copies: int = 1
    station: str = ""
    printer: str = ""
    reason: str = ""


def begin(
    order: Order, user: AbstractBaseUser, *, key: UUID, now: datetime
) -> tuple[PrintJob, bool]:
    """The print under this key, and whether it is new: the same key prints once."""
    paper = order.paper
    row = PrintJob(
        key=key,
        template=paper.template,
        medium=paper.sheet or paper.name,
        format=paper.format,
        start=paper.start,
        copies=order.copies,
        labels=[label.key for label in order.labels],
        verdicts=[verdict.pk for verdict in order.verdicts],
        total=len(order.labels) + len(order.verdicts),
        station=order.station[:100],
        printer=order.printer[:100],
        reason=order.reason[:250],
        actor_id=user.pk,
        at=now,
    )
    try:
        with writing():
            row.save(force_insert=True)
    except IntegrityError:
        return PrintJob.objects.get(key=key), False
    return row, True


def paper_of(job: PrintJob) -> Paper:
    """As ``begin`` was told."""
    told = Paper(job.template, job.format)
    if job.medium in SHEETS:
        cell = SHEETS[job.medium].cell.code
        return replace(told, size=cell, sheet=job.medium, start=job.start)
    if job.format != ZPL:
        return replace(told, size=job.medium)
    size, _dash, dpi = job.medium.rpartition("-")
    return replace(told, size=size, dpi=int(dpi) if dpi.isdigit() else DPIS[0])


def asked(user: AbstractBaseUser, now: datetime) -> PrintJob | None:
    """The newest print of this person's, where it is still being made or nobody has said yet
    whether it came out."""
    mine = PrintJob.objects.filter(actor=user.pk, at__gt=now - ASKED_FOR)
    newest = mine.order_by("-at", "-pk").first()
    if newest is None or newest.state == JobState.MAKING or is_asked(newest):
        return newest
    return None


def is_asked(job: PrintJob) -> bool:
    """Whether somebody is to say that it came out; of nothing there is nothing to say."""
    return job.printed is None and job.made > 0 and job.state != JobState.MAKING


def say(job: PrintJob, printed: bool, *, now: datetime) -> bool:
    """Whether it came out of the printer, once; False where that was said before, or while it is
    made. Goods whose label did not come out are as if it had not been printed."""
    with writing():
        made = PrintJob.objects.exclude(state=JobState.MAKING)
        unsaid = made.filter(pk=job.pk, printed=None)
        if not unsaid.update(printed=printed, said_at=now):
            return False
        if not printed:
            Verdict.objects.filter(pk__in=job.verdicts, printed_at=job.at).update(printed_at=None)
    return True


@every(60, "prints broken off")
def run() -> None:
    forget(timezone.now())


def forget(now: datetime) -> int:
    """Whatever made these is gone: a server that was ended, a browser that never came."""
    late = PrintJob.objects.filter(state=JobState.MAKING, at__lt=now - LONGEST)
    return late.update(state=JobState.BROKEN, ended_at=now)
