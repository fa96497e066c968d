"""What a draft would come to, who pays what, and what to mind: in plain words, before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.fragments.shown import Term
from oms_portal.orders.locales import day, isolated, money
from oms_portal.orders.moments import day_of, zone_of
from oms_portal.returns.kinds import Method, Outcome
from oms_portal.returns.rules import ReturnPolicy

from .judging import Judgement


_Pays = ReturnPolicy.Pays
_OURSELVES = (Method.BRANCH, Method.OWN_CARRIER)


def sums(judgement: Judgement) -> list[Term]:
    """The last of them is what it comes to; none where there is no credit to expect."""
    expected = judgement.expected
    if expected is None or not any(_is_credited(each.line.outcome) for each in judgement.lines):
        return []
    currency = expected.currency
    found = [Term(_("Value of the goods"), money(expected.credit, currency))]
    if expected.fee:
        found.append(Term(_("Fee"), money(-expected.fee, currency)))
    if expected.shipping:
        found.append(Term(_("Way back"), money(-expected.shipping, currency)))
    return [*found, Term(_("Estimated credit"), money(expected.total, currency))]


def _is_credited(outcome: str) -> bool:
    return outcome in ("", Outcome.CREDIT, Outcome.KEEP)


def hints(judgement: Judgement) -> Iterator[str]:
    """Who pays the way back, who decides, until when to hand it over, how to pack it."""
    yield from _paying(judgement)
    if judgement.expected and judgement.expected.is_open:
        yield _("For some of it we don’t know the amount yet.")
    yield _deciding(judgement)
    going = [each for each in judgement.lines if each.terms.goods_back]
    if judgement.method in (Method.PARCEL_SHOP, Method.QR, Method.BRANCH, Method.OWN_CARRIER):
        days = min((each.terms.hand_over_days for each in going), default=0)
        yield _handing_over(judgement, days)
    notes = dict.fromkeys(note for each in going for note in each.terms.notes)
    yield from notes


def _paying(judgement: Judgement) -> Iterator[str]:
    expected = judgement.expected
    if judgement.method == Method.NOTHING:
        yield _("You need not send anything back.")
    elif judgement.method in _OURSELVES:
        yield _("You bring or send the goods yourself, at your own cost.")
    elif expected and expected.shipping:
        said = {"amount": money(expected.shipping, expected.currency)}
        yield _("You pay the way back: %(amount)s. We take it off the credit.") % said
    else:
        yield _("We pay the way back.")
    fees = sum((each.terms.fee or Decimal(0) for each in judgement.lines), Decimal(0))
    if expected and not fees:
        yield _("There is no fee.")


def _deciding(judgement: Judgement) -> str:
    approvals = {each.terms.approval for each in judgement.lines}
    if approvals == {"auto"}:
        if judgement.method in (Method.NOTHING, Method.BRANCH, Method.OWN_CARRIER):
            return _("It is approved as soon as you send it.")
        return _("It is approved as soon as you send it, and you get the label at once.")
    if "agent" in approvals:
        return _("One of us looks at it first. Please send nothing before we have approved it.")
    return _("Our order system checks it first. Please send nothing before it is approved.")


def _handing_over(judgement: Judgement, days: int) -> str:
    zone = zone_of(judgement.rma.company.time_zone)
    approvals = {each.terms.approval for each in judgement.lines}
    if approvals == {"auto"}:
        last = day_of(timezone.now(), zone) + timedelta(days=days)
        return _("Please hand the goods over by %(date)s.") % {"date": isolated(day(last, zone))}
    words = ngettext(
        "Once it is approved, please hand the goods over within %(n)s day.",
        "Once it is approved, please hand the goods over within %(n)s days.",
        days,
    )
    return words % {"n": days}
