"""How far a return's verdicts are on their way to the ERP, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.desk.texts import plain
from oms_portal.erp.outbox.models import Command
from oms_portal.notifications.troubles import trouble_word
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Receipt
from oms_portal.returns.receipts.telling_decision import DECISION

from .goods import Goods


_C = Command.State
_SAID: dict[str, Any] = {
    _C.QUEUED: gettext_lazy("What was decided is on its way to the ERP."),
    _C.SENT: gettext_lazy("What was decided is on its way to the ERP."),
    _C.RETRYING: gettext_lazy("The ERP does not answer. What was decided is sent again by itself."),
    _C.ACCEPTED: gettext_lazy("The ERP has what was decided, and works on it."),
    _C.APPLIED: gettext_lazy("The ERP has carried out what was decided."),
    _C.DEAD: gettext_lazy("The ERP never answered. Please send it again."),
}


@dataclass(frozen=True)
class Told:
    """``tone`` is "ok", "warn", "bad" or ""; ``can_send``: it may be sent again; ``counts_first``:
    the count has to be finished first."""

    words: str
    tone: str = ""
    detail: str = ""
    can_send: bool = False
    counts_first: bool = False


def told_of(rma: Return, receipt: Receipt | None, goods: Iterable[Goods]) -> Told:
    given = list(goods)
    if receipt is None or not given:
        return Told(_("Nothing of this return is counted yet."), "warn", counts_first=True)
    if receipt.refused and receipt.command is not None:
        return _refused(receipt.command, all(not one.left for one in given))
    if any(one.left for one in given):
        return Told("")
    if any(v.needs_second and v.second_id is None for one in given for v in one.verdicts):
        return Told(_("A second person is to confirm what is marked below."), "warn")
    if receipt.counted_at is None:
        words = _("All is judged. The ERP is told once the counting is finished.")
        return Told(words, "warn", counts_first=True)
    if receipt.decided_at is None or receipt.command is None:
        return Told(_("All is judged, and the ERP was not told yet."), "warn", can_send=True)
    return _sent(receipt.command)


def _refused(command: Command, can_send: bool) -> Told:
    """Its code and words are for staff alone."""
    what = _("what was decided") if command.kind == DECISION else _("what was counted")
    detail = ": ".join(plain(part, 300) for part in (command.code, command.text) if part)
    words = _("The ERP refused %(what)s. Change it, or send it again.") % {"what": what}
    return Told(words, "bad", detail, can_send=can_send)


def _sent(command: Command) -> Told:
    words = str(_SAID.get(command.state, command.get_state_display()))
    if command.state == _C.DEAD:
        return Told(words, "bad", trouble_word(command.trouble), can_send=True)
    tone = {_C.APPLIED: "ok", _C.RETRYING: "warn"}.get(_C(command.state), "")
    return Told(words, tone, trouble_word(command.trouble) if tone == "warn" else "")
