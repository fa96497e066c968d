"""Where one goes from a return: to receive it, to judge it, to print for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from oms_portal.desk.policies import may
from oms_portal.returns.kinds import MOVING, OPEN, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Receipt


S = ReturnState
_RECEIVED = (*MOVING, S.RECEIVED)


@dataclass(frozen=True)
class Door:
    """``hotkey`` presses it; the main step of the screen is F4. ``prints``: what is printed at once
    behind it (a kind of the template tag ``print_button``)."""

    label: str
    url: str
    hotkey: str = ""
    prints: str = ""

    @property
    def is_main(self) -> bool:
        return self.hotkey == "F4"


def doors(rma: Return, user: Any) -> list[Door]:
    """Those that are open to this person, the main step first."""
    receipt = Receipt.objects.filter(rma=rma.pk).first()
    steps = [*_receiving(rma, user), *_judging(rma, receipt, user)]
    if receipt is not None and receipt.counted_at and not receipt.decided_at:
        steps.reverse()
    keyed = [
        Door(label, url, "" if place else "F4") for place, (label, url) in enumerate(steps) if url
    ]
    return [*keyed, *_printing(rma, user)]


def _receiving(rma: Return, user: Any) -> Iterator[tuple[str, str]]:
    if rma.state in OPEN and may(user, "receive", Return):
        yield _("Receive"), url_of("receive", rma.pk)


def _judging(rma: Return, receipt: Receipt | None, user: Any) -> Iterator[tuple[str, str]]:
    if may(user, "inspect", Return) and (receipt is not None or rma.state in _RECEIVED):
        yield _("Inspect and decide"), url_of("judge", rma.pk)


def _printing(rma: Return, user: Any) -> Iterator[Door]:
    if not may(user, "receive", Return) or not rma.is_goods_back:
        return
    for kind, label, hotkey in (
        ("label", _("Print the label"), "F9"),
        ("slip", _("Packing slip"), ""),
        ("putaway", _("Put-away label"), ""),
    ):
        if url := url_of("print", kind, rma.pk):
            yield Door(label, url, hotkey, kind)


def url_of(name: str, *args: Any) -> str:
    """ "" where a host has left that screen out."""
    try:
        return reverse(f"oms_returns:{name}", args=args)
    except NoReverseMatch:
        return ""
