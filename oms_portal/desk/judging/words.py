"""Why something is not decided, short and plain for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms_portal.desk.texts import plain
from oms_portal.orders.locales import money, number
from oms_portal.returns import reasons
from oms_portal.returns.receipts.judgement.suggesting import Suggestion
from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.models import Verdict
from oms_portal.returns.refusals import Refused


_REFUSED: Mapping[str, Any] = {
    "quantity": gettext_lazy("Please say how many: more than none."),
    "grade": gettext_lazy("Please choose a grade."),
    "disposition": gettext_lazy("Please choose what becomes of it."),
    "kept": gettext_lazy("What goes back to the customer is not accepted. Please choose one."),
    "verdict_reason": gettext_lazy(
        "The rules would accept it. Please tell the customer why you do not."
    ),
    "verdict_note": gettext_lazy("The rules would not accept it. Please say why you do."),
    "waiver_reason": gettext_lazy("Please say why no fee is charged."),
    "serials": gettext_lazy("Please mark the serial numbers of just these, no more than so many."),
    "lead": gettext_lazy("Only who leads the desk may do that."),
    "own": gettext_lazy("You decided this yourself. Somebody else must confirm it."),
    "seconded": gettext_lazy("Nothing was done: nobody is waited for any more."),
    "second_reason": gettext_lazy("Please say why you do not agree."),
    "told": gettext_lazy("The ERP was told of it already: it can’t be taken back."),
    "undecided": gettext_lazy("Nothing was sent: not all that came is counted and judged yet."),
    "gone": gettext_lazy("Nothing was done: somebody took it back meanwhile."),
}


def why(refused: Refused) -> str:
    """The sentence for what was not done."""
    if refused.code == "judged":
        return _judged(refused.data.get("left"))
    own = refused.fields.get(next(iter(refused.fields), ""), "")
    if refused.code == "invalid" and own:
        return plain(own)
    return str(_REFUSED.get(refused.code) or reasons.words(refused.code))


def _judged(left: Any) -> str:
    if not left:
        return _("Somebody has judged all of these meanwhile.")
    words = ngettext(
        "Only %(count)s is left to be judged.", "Only %(count)s are left to be judged.", ceil(left)
    )
    return words % {"count": number(left)}


def yes_or_no(accepted: bool) -> str:
    return _("Accept") if accepted else _("Do not accept")


def suggested(told: Suggestion, fee: Decimal | None, currency: str) -> str:
    """ "Accept · Back to stock · fee €12.50" """
    parts = [yes_or_no(told.accepted), str(Disposition(told.disposition).label)]
    if fee is None:
        parts.append(_("the ERP works out the fee"))
    elif fee:
        parts.append(_("fee %(amount)s") % {"amount": money(fee, currency)})
    return " · ".join(parts)


def fee_of(verdict: Verdict, currency: str) -> str:
    """What is charged of the fee, or that none is."""
    if verdict.fee_waived:
        return _("No fee: %(reason)s") % {"reason": plain(verdict.waiver_reason)}
    if not verdict.fee:
        return ""
    return _("Fee %(amount)s") % {"amount": money(verdict.fee, currency)}
