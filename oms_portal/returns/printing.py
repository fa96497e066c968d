"""Who was handed which label, when and in which dress; staff say why they print one again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils import timezone

from .papers import Paper
from .parcels import Label, LabelPrint


if TYPE_CHECKING:
    from .receipts.models import PrintJob

PORTAL, LINK, DESK = "portal", "link", "desk"


def note(
    labels: Iterable[Label],
    paper: Paper,
    via: str,
    user: AbstractBaseUser | AnonymousUser | None,
    *,
    copies: int = 1,
    station: str = "",
    reason: str = "",
    job: PrintJob | None = None,
) -> None:
    """Write down that these labels are handed out now, by a print of the desk's as a ``job``.
    ``user`` is who gets them, as far as that is known."""
    now = timezone.now()
    actor = user.pk if user is not None and user.is_authenticated else None
    LabelPrint.objects.bulk_create(
        LabelPrint(
            label=label,
            at=now,
            via=via,
            template=paper.template,
            size=paper.name,
            format=paper.format,
            copies=copies,
            actor_id=actor,
            station=station[:100],
            reason=reason[:250],
            job=job,
        )
        for label in labels
    )


def printed(labels: Collection[Label], template: str) -> frozenset[int]:
    """The keys of those that staff printed before: once more takes a reason."""
    rows = LabelPrint.objects.filter(label__in=[label.pk for label in labels], via=DESK)
    return frozenset(rows.filter(template=template).values_list("label", flat=True))
