"""What the clock does: requests whose hour is over, drafts nobody came back to, open pages."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.inbox import TRANSIENT, writing
from oms_portal.erp.worker import every

from . import mails
from .models import PRIVATE, ChangeRequest, RequestState
from .moving import By, again, move
from .refusals import Refused


log = logging.getLogger(__name__)

S = RequestState
CLOCK = By("clock")
# What the ERP has no part in. Of what is on its way there, its command's deadline is the cut-off.
_HERE = (S.AWAITING_CUSTOMER, S.IN_REVIEW, S.COUNTERED)


@every(5, "changes too late")
def run() -> None:
    expire(timezone.now())


@every(3600, "drafts of changes")
def forget() -> None:
    forget_drafts(timezone.now())


def expire(now: datetime) -> int:
    """End the requests whose cut-off is over, each in a transaction of its own; how many."""
    late = ChangeRequest.objects.filter(state__in=_HERE, cutoff_at__lte=now)
    return sum(_expire(pk, now) for pk in late.values_list("pk", flat=True))


def forget_drafts(now: datetime) -> int:
    """Delete what was begun and never sent, some days on; how many requests."""
    before = now - timedelta(days=settings().DRAFT_DAYS)
    never = ChangeRequest.objects.filter(submitted_at=None, created_at__lt=before)
    states = [*PRIVATE, S.EXPIRED, S.WITHDRAWN]
    return never.filter(state__in=states).delete()[1].get("oms_portal.ChangeRequest", 0)


def _expire(pk: int, now: datetime) -> bool:
    try:
        with writing():
            request = again(ChangeRequest.objects.get(pk=pk))
            if request.state not in _HERE or request.cutoff_at is None or request.cutoff_at > now:
                return False
            move(request, "expire", S.EXPIRED, CLOCK, now, answer_code="expired")
            mails.tell(request)
    except (Refused, ChangeRequest.DoesNotExist):
        return False
    except TRANSIENT:
        raise
    except Exception:
        log.exception("request %s can't be ended", pk)
        return False
    return True
