"""What the clock does: requests whose hour is over, drafts nobody came back to, open pages."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from oms_portal.conf import settings
from oms_portal.erp.inbox import TRANSIENT, writing
from oms_portal.erp.outbox import actions as outbox
from oms_portal.erp.outbox.moves import WAITING
from oms_portal.erp.worker import every

from . import mails
from .models import PRIVATE, ChangeRequest, RequestState
from .moving import By, again, move
from .refusals import Refused


log = logging.getLogger(__name__)

S = RequestState
CLOCK = By("clock")
# What the ERP surely has no part in yet. Of what was sent, its command's end decides.
_HERE = Q(state__in=[S.IN_REVIEW, S.COUNTERED]) | Q(
    state=S.SUBMITTED, command__state__in=WAITING, command__uncertain=False
)


@every(5, "changes too late")
def run() -> None:
    expire(timezone.now())


@every(3600, "drafts of changes")
def forget() -> None:
    forget_drafts(timezone.now())


def expire(now: datetime) -> int:
    """End the requests whose cut-off is over, each in a transaction of its own; how many."""
    late = ChangeRequest.objects.filter(cutoff_at__lte=now)
    pks = [
        *late.filter(_HERE).values_list("pk", flat=True),
        *late.filter(state=S.AWAITING_CUSTOMER).values_list("pk", flat=True),
    ]
    return sum(_expire(pk, now) for pk in pks)


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
            queued = request.state == S.SUBMITTED
            move(request, "expire", S.EXPIRED, CLOCK, now, answer_code="expired")
            # Its follower finds the request expired already.
            if queued and not (request.command_id and outbox.supersede(request.command_id)):
                raise Refused("too_late_to_withdraw")
            mails.tell(request)
    except (Refused, ChangeRequest.DoesNotExist):
        return False
    except TRANSIENT:
        raise
    except Exception:
        log.exception("request %s can't be ended", pk)
        return False
    return True
