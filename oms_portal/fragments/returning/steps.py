"""The way of a return as a line with steps, each with its day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import pgettext_lazy

from oms_portal.returns.kinds import FREED, ReturnState
from oms_portal.returns.models import Return, ReturnEvent

from ..formats import NOTHING, day_stamp
from ..shown import Step


S = ReturnState
_WORDS: Mapping[ReturnState, str | Lazy] = {
    S.REQUESTED: pgettext_lazy("step of a return", "Requested"),
    S.APPROVED: pgettext_lazy("step of a return", "Approved"),
    S.IN_TRANSIT: pgettext_lazy("step of a return", "Sent"),
    S.RECEIVED: pgettext_lazy("step of a return", "Received"),
    S.INSPECTED: pgettext_lazy("step of a return", "Checked"),
    S.SETTLED: pgettext_lazy("step of a return", "Settled"),
}
_WHOLE = tuple(_WORDS)
# Nothing comes back: there is nothing to send, receive and check.
_SHORT = (S.REQUESTED, S.APPROVED, S.SETTLED)
# Which step a state belongs to.
_AT: Mapping[str, ReturnState] = {
    **{state: state for state in _WHOLE},
    S.IN_REVIEW: S.REQUESTED,
    S.INFO_NEEDED: S.REQUESTED,
    S.PARTLY_RECEIVED: S.RECEIVED,
}


def steps(
    rma: Return, zone: tzinfo, events: Iterable[ReturnEvent] = (), *, here: str = ""
) -> list[Step]:
    """``events`` tell the days of what no column keeps, the oldest first; ``here`` says that its
    parcels are with us, though the ERP has not heard of it."""
    days = _days(rma, events)
    if rma.state in FREED:
        reached = [S.REQUESTED, *([S.APPROVED] if rma.approved_at else [])]
        done = [_step(str(_WORDS[step]), "done", days.get(step), zone) for step in reached]
        return [*done, _step(str(S(rma.state).label), "stopped", days.get(rma.state), zone)]
    plan = _WHOLE if rma.is_goods_back else _SHORT
    if rma.state in (S.SETTLED, S.CLOSED):
        return [_step(str(_WORDS[step]), "done", days.get(step), zone) for step in plan]
    current = S.RECEIVED if here else _AT[rma.state]
    at = plan.index(current) if current in plan else len(plan) - 1
    found = []
    for index, step in enumerate(plan):
        state = "done" if index < at else "now" if index == at else "todo"
        word = (here or S(rma.state).label) if index == at else _WORDS[step]
        found.append(_step(str(word), state, days.get(step) if index <= at else None, zone))
    return found


def _days(rma: Return, events: Iterable[ReturnEvent]) -> dict[str, datetime | None]:
    """When each step was reached."""
    found: dict[str, datetime | None] = {}
    for event in events:
        found.setdefault(_AT.get(event.state, event.state), event.at)
    columns = {
        S.REQUESTED: rma.submitted_at,
        S.APPROVED: rma.approved_at,
        S.IN_TRANSIT: rma.scanned_at,
        S.RECEIVED: rma.received_at,
    }
    found |= {step: at for step, at in columns.items() if at}
    if rma.closed_at:
        found.setdefault(S.SETTLED, rma.closed_at)
        if rma.state in FREED:
            found[rma.state] = rma.closed_at
    return found


def _step(word: str, state: str, at: datetime | None, zone: tzinfo) -> Step:
    return Step(word, state, day_stamp(at, zone) if at else NOTHING)
