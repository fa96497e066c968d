"""What our returns desk found in the parcels and decided about it, in words for the customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.orders.locales import isolated, money, number
from oms_portal.returns.models import ReturnLine
from oms_portal.returns.receipts.kinds import Disposition, Found
from oms_portal.returns.receipts.models import Finding, Verdict

from ..formats import quantity
from . import shown
from .data import Dossier


def of_line(dossier: Dossier, line: ReturnLine) -> list[shown.Said]:
    """How many of it were counted, what came in its place, and what becomes of them."""
    mine = [finding for finding in dossier.findings if finding.line_id == line.pk]
    found = [said for finding in mine for said in _said(dossier, line, finding)]
    if _is_done(dossier) and _expected(dossier, line) and not is_counted(dossier, line):
        return [shown.Said(_("None of these came.")), *found]
    return found


def besides(dossier: Dossier) -> list[shown.Besides]:
    """What lay in the parcels and nobody announced."""
    return [
        shown.Besides(_item(finding), list(_decided(dossier, finding, finding.unit)))
        for finding in dossier.findings
        if finding.found == Found.UNEXPECTED and finding.counted
    ]


def is_counted(dossier: Dossier, line: ReturnLine) -> bool:
    """Whether our desk has some of it in its hands."""
    return any(
        finding.counted and finding.found == Found.EXPECTED
        for finding in dossier.findings
        if finding.line_id == line.pk
    )


def _said(dossier: Dossier, line: ReturnLine, finding: Finding) -> Iterator[shown.Said]:
    if not finding.counted:
        return
    if finding.found == Found.EXPECTED:
        yield shown.Said(_counted(dossier, finding, line))
        yield from _damaged(finding)
    else:
        yield shown.Said(_("In its place came %(item)s.") % {"item": _item(finding)})
    yield from _decided(dossier, finding, finding.unit or line.unit)


def _expected(dossier: Dossier, line: ReturnLine) -> Decimal:
    return line.approved if dossier.rma.approved_at else line.requested


def _is_done(dossier: Dossier) -> bool:
    """Whether they have counted all there is by now."""
    return dossier.receipt is not None and dossier.receipt.counted_at is not None


def _counted(dossier: Dossier, finding: Finding, line: ReturnLine) -> str:
    expected = _expected(dossier, line)
    said = {
        "counted": number(finding.counted),
        "expected": quantity(expected, line.unit),
        "more": quantity(finding.counted - expected, line.unit),
    }
    if not _is_done(dossier):
        return _("We are counting: %(counted)s of %(expected)s so far.") % said
    if finding.counted > expected:
        return _("We counted all %(expected)s, and %(more)s more than announced.") % said
    if finding.counted == expected:
        return _("We counted all %(expected)s.") % said
    return _("We counted %(counted)s of %(expected)s.") % said


def _damaged(finding: Finding) -> Iterator[shown.Said]:
    if finding.damaged:
        words = ngettext(
            "%(n)s of them came damaged.", "%(n)s of them came damaged.", int(finding.damaged)
        )
        yield shown.Said(words % {"n": number(finding.damaged)})


def _item(finding: Finding) -> str:
    """ "Hexagon bolt M8 (2 pieces)"."""
    said = {
        "item": isolated(finding.description or finding.sku),
        "quantity": quantity(finding.counted, finding.unit),
    }
    return _("%(item)s (%(quantity)s)") % said


def _decided(dossier: Dossier, finding: Finding, unit: str) -> Iterator[shown.Said]:
    verdicts = dossier.verdicts.get(finding.pk, ())
    for verdict in verdicts:
        yield shown.Said(_verdict(verdict, finding, unit), verdict.reason)
        if verdict.disposition == Disposition.SEND_BACK:
            back = {"quantity": quantity(verdict.quantity, unit)}
            yield shown.Said(_("We send %(quantity)s back to you.") % back)
    if fee := _fee(verdicts, dossier.rma.currency):
        yield shown.Said(fee)
    if verdicts:
        yield shown.Said(_who(verdicts))


def _verdict(verdict: Verdict, finding: Finding, unit: str) -> str:
    said = {"quantity": quantity(verdict.quantity, unit)}
    if verdict.accepted:
        return _("We accept %(quantity)s.") % said
    if finding.found != Found.EXPECTED and verdict.disposition == Disposition.QUARANTINE:
        return _("We keep it aside for you. Please get in touch with us.")
    return _("We can’t accept %(quantity)s.") % said


def _fee(verdicts: Sequence[Verdict], currency: str) -> str:
    kept = [v.fee for v in verdicts if v.fee and not v.fee_waived]
    if kept:
        return _("We keep a fee of %(fee)s.") % {"fee": money(sum(kept, Decimal(0)), currency)}
    return _("We waive the fee.") if any(v.fee_waived for v in verdicts) else ""


def _who(verdicts: Sequence[Verdict]) -> str:
    if any(verdict.second_id for verdict in verdicts):
        return _("Decided by two people at our returns desk.")
    return _("Decided by our returns desk.")
