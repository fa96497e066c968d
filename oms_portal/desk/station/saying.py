"""What came of a scan, for somebody with a scanner in one hand: a sentence, a tone, figures, and
the screen to go on at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.desk.texts import plain
from oms_portal.orders.locales import isolated, listed, number
from oms_portal.returns.receipts.kinds import COUNTING, OPENING, ScanKind, ScanResult
from oms_portal.returns.receipts.scanning.answers import Answer


_OK = (ScanResult.ARRIVED, ScanResult.OPENED, ScanResult.COUNTED, ScanResult.UNDONE)
_WARN = (
    ScanResult.AGAIN,
    ScanResult.OVER,
    ScanResult.DAMAGED,
    ScanResult.WRONG,
    ScanResult.UNEXPECTED,
)
# Not counted, and the screen of the return says what to do.
_TO_SEE_TO = (ScanResult.NOT_IN_IT, ScanResult.OVER_ALREADY)
SENTENCES: Mapping[ScanResult, Any] = {
    ScanResult.ARRIVED: gettext_lazy("The parcel is in. It belongs to return %(number)s."),
    ScanResult.AGAIN: gettext_lazy("This parcel of return %(number)s was scanned before."),
    ScanResult.OPENED: gettext_lazy("Return %(number)s is open. Scan what is in it."),
    ScanResult.COUNTED: gettext_lazy("Counted on return %(number)s."),
    ScanResult.OVER: gettext_lazy("Counted on return %(number)s: more than expected."),
    ScanResult.DAMAGED: gettext_lazy("Noted as damaged on return %(number)s."),
    ScanResult.WRONG: gettext_lazy("Noted on return %(number)s: something else came."),
    ScanResult.UNEXPECTED: gettext_lazy("Noted on return %(number)s: nobody announced it."),
    ScanResult.UNDONE: gettext_lazy("Taken back on return %(number)s."),
    ScanResult.NO_RETURN: gettext_lazy(
        "Not counted: no return is open. Scan a parcel or the number of a return first."
    ),
    ScanResult.NOT_IN_IT: gettext_lazy(
        "Not counted: this is not on return %(number)s. If it was in its parcel, write it down."
    ),
    ScanResult.SERIAL_AGAIN: gettext_lazy(
        "Not counted: this serial number was counted before on return %(number)s."
    ),
    ScanResult.OVER_ALREADY: gettext_lazy(
        "Return %(number)s is over, nothing is counted on it. Put the parcel aside."
    ),
    ScanResult.SEVERAL: gettext_lazy("Not counted: several returns fit: %(numbers)s."),
    ScanResult.DIGIT: gettext_lazy(
        "This number can’t be right: a digit is wrong. Please scan it again."
    ),
    ScanResult.FOREIGN: gettext_lazy("This is not one of our codes."),
    ScanResult.UNKNOWN: gettext_lazy("Nobody knows this code. If it is a parcel, write it down."),
    ScanResult.REFUSED: gettext_lazy("This is not possible."),
}
REFUSALS: Mapping[str, Any] = {
    "outward": gettext_lazy("This parcel is on its way back to the customer."),
    "below": gettext_lazy("There are not so many of it."),
    "quantity": gettext_lazy("This is no quantity."),
    "line": gettext_lazy("There is nothing to count this on. Scan the article first."),
    "nothing": gettext_lazy("There is nothing to take back."),
}


def said(answer: Answer, text: str = "") -> dict[str, Any]:
    """``Answer.told()`` with "tone" (ok, warn, bad), "say", "tally" ("3 of 5", or "") and "url"
    (None where nothing is to be done elsewhere); ``text`` is what was scanned."""
    return {
        **answer.told(),
        "item": plain(answer.item, 120),
        "tone": tone(answer.result),
        "say": sentence(answer),
        "tally": _tally(answer),
        "url": _url(answer, text),
    }


def nonsense(key: Any) -> dict[str, Any]:
    """The answer to what is no scan at all: so that its browser lets go of it."""
    return {
        "id": key,
        "result": ScanResult.REFUSED.value,
        "tone": "bad",
        "say": str(SENTENCES[ScanResult.REFUSED]),
        "tally": "",
        "url": None,
    }


def tone(result: ScanResult) -> str:
    return "ok" if result in _OK else "warn" if result in _WARN else "bad"


def sentence(answer: Answer) -> str:
    words = SENTENCES[answer.result]
    if answer.result == ScanResult.REFUSED:
        words = REFUSALS.get(answer.why, words)
    elif answer.result == ScanResult.DAMAGED and answer.kind == ScanKind.PARCEL:
        words = _("The parcel is noted as damaged. It belongs to return %(number)s.")
    numbers = listed(isolated(each) for each in answer.numbers)
    told = str(words) % {"number": isolated(answer.number), "numbers": numbers}
    elsewhere = answer.result == ScanResult.NOT_IN_IT and numbers
    where = _("It belongs to %(numbers)s.") % {"numbers": numbers} if elsewhere else ""
    return " ".join(filter(None, (told, where, _before(answer))))


def _before(answer: Answer) -> str:
    """By whom and when, of what was scanned before."""
    if not answer.when:
        return ""
    moment = timezone.localtime(datetime.fromisoformat(answer.when))
    said = {"who": isolated(plain(answer.by, 80)), "when": date_format(moment, "DATETIME_FORMAT")}
    return _("By %(who)s, %(when)s.") % said if answer.by else _("%(when)s.") % said


def _tally(answer: Answer) -> str:
    if answer.parcel and answer.total_parcels:
        told = {"count": answer.arrived_parcels, "total": answer.total_parcels}
        return _("Parcel %(count)s of %(total)s") % told
    if not answer.counted:
        return ""
    counted = number(Decimal(answer.counted))
    if not answer.expected or not Decimal(answer.expected):
        return counted
    expected = number(Decimal(answer.expected))
    return _("%(counted)s of %(expected)s") % {"counted": counted, "expected": expected}


def _url(answer: Answer, text: str) -> str | None:
    result = answer.result
    if result in (*OPENING, *COUNTING, *_TO_SEE_TO) and answer.rma:
        return reverse("oms_returns:receive", args=[answer.rma])
    elsewhere = _ELSEWHERE.get(result)
    return elsewhere(text) if elsewhere else None


def _find(text: str) -> str:
    return reverse("oms_returns:find", query={"q": text})


def _write_down(text: str) -> str:
    return reverse("oms_returns:stray_new", query={"code": text})


_ELSEWHERE: Mapping[ScanResult, Callable[[str], str]] = {
    ScanResult.NO_RETURN: _find,
    ScanResult.SEVERAL: _find,
    ScanResult.FOREIGN: _write_down,
    ScanResult.UNKNOWN: _write_down,
}
