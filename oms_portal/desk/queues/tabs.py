"""The queues side by side, each with how many wait in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.desk.policies import may
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.kinds import StrayState
from oms_portal.returns.receipts.models import StrayParcel
from oms_portal.returns.receipts.waiting import queues

from .doors import url_of
from .filters import FIGURE, kept


# Where something waits in these, somebody should look.
TONES: Mapping[str, str] = {"overdue": "bad", "refused": "bad", "over": "warn", "unscanned": "warn"}


@dataclass(frozen=True)
class Tab:
    code: str
    label: Any
    url: str
    count: str
    tone: str = ""
    is_current: bool = False


def tabs(request: HttpRequest, current: str, now: datetime) -> list[Tab]:
    """``current`` is the code of the queue that is looked at, "" for none. Other filters stay."""
    index, found = reverse("oms_returns:index"), queues.counts(now)
    gone = dict.fromkeys(("q", "state", "ordering", *FIGURE))
    shown = [
        Tab(
            code=code,
            label=queue.label,
            url=f"{index}?{kept(request.GET, queue=code, **gone)}",
            count=count_words(found[code]),
            tone=TONES.get(code, "") if found[code] else "",
            is_current=code == current,
        )
        for code, queue in queues.QUEUES.items()
    ]
    return [*shown, *_strays(request.user)]


def count_words(count: int) -> str:
    return f"{queues.MOST}+" if count > queues.MOST else f"{count}"


def _strays(user: Any) -> list[Tab]:
    """What came without any return, which lies on a screen of its own."""
    url = url_of("strays")
    if not url or not may(user, "receive", Return):
        return []
    count = StrayParcel.objects.filter(state=StrayState.OPEN).count()
    tone = "warn" if count else ""
    return [Tab("strays", _("Unknown parcels"), url, f"{count}", tone)]
