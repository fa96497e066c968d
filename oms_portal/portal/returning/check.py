"""The last step: all that is asked for, what it comes to and what to mind; then it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.customers.access import person_of
from oms_portal.fragments.formats import quantity
from oms_portal.fragments.shown_changes import Wanted
from oms_portal.orders.locales import money
from oms_portal.returns import actions
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.refusals import KeyReused, Refused, Short, Stale

from ..changing_kept import keep
from ..changing_page import SeeOther, fresh_key, key_of
from ..changing_scope import Trouble
from ..rights import needs
from . import summary
from .drafts import found, on_draft
from .expected import hints, sums
from .judging import Judgement, judge, said
from .page import FORM, TWICE, draw_step, moved, too_many
from .steps import url_of


_SALT = "oms_portal.returns.terms"


@needs("return", Return, methods=FORM, anywhere=True, signed_out=keep)
@on_draft
def return_check(request: HttpRequest, rma: Return) -> HttpResponse:
    """POST sends it: 303 to its page; 412 where it moved or our terms did, 422 with what is
    missing."""
    judgement = judge(rma, timezone.now())
    if request.method != "POST":
        if judgement.step != "return_check":
            return SeeOther(url_of(rma, judgement.step))
        return _draw(request, judgement, fresh_key())
    key = key_of(request.POST)
    if too_many(request):
        return _draw(request, judgement, key, status=429)
    rows = moved(request, rma)
    if rows is None and (rows := _other_terms(request, judgement)) == []:
        return _send(request, judgement, key)
    return _draw(request, judgement, fresh_key(), status=412, conflict=rows)


def _send(request: HttpRequest, judgement: Judgement, key: str) -> HttpResponse:
    rma = judgement.rma
    try:
        sent = actions.submit(
            rma,
            person_of(request),
            now=timezone.now(),
            key=key,
            version=rma.version,
        )
    except Stale as stale:
        rows = moved(request, stale.rma) or []
        again = judge(stale.rma, timezone.now())
        return _draw(request, again, fresh_key(), status=412, conflict=rows)
    except KeyReused:
        return _refused(request, rma, [Trouble("", "", str(TWICE))])
    except Short as short:
        return _refused(request, rma, list(_short(judgement, short)))
    except Refused as refused:
        return _refused(request, rma, [Trouble("", "", said(refused.code))])
    return SeeOther(reverse("oms_portal:return", args=[sent.number]))


def _refused(request: HttpRequest, rma: Return, troubles: list[Trouble]) -> HttpResponse:
    """What stands in the way; where that is seen in the draft itself, it is said there."""
    judgement = judge(found(request, rma.number), timezone.now())
    said_there = [] if judgement.step != "return_check" else troubles
    return _draw(request, judgement, fresh_key(), status=422, troubles=said_there)


def _lacking(judgement: Judgement) -> Iterator[Trouble]:
    """Each item is named before what is wrong with it."""
    for line, text in judgement.troubles:
        yield Trouble("oms-back-items" if line else "", _title(line), text)
    for each in judgement.lines:
        for text in each.faults.values():
            yield Trouble("oms-back-items", _title(each.line), text)
    for why in judgement.way_faults.values():
        yield Trouble("oms-back-way", _("Way back"), said(why))


def _title(line: ReturnLine | None) -> str:
    return (line.description or line.sku) if line else ""


def _short(judgement: Judgement, short: Short) -> Iterator[Trouble]:
    """Somebody else was faster: how many are left of which item."""
    for each in judgement.lines:
        left = short.available.get(each.line.ref)
        if left is not None:
            yield Trouble("oms-back-items", _title(each.line), _left(left, each.line.unit))


def _left(left: Decimal, unit: str) -> str:
    if left <= 0:
        return _("Meanwhile all of it is on other returns.")
    return _("Meanwhile only %(quantity)s can come back.") % {"quantity": quantity(left, unit)}


def _terms(judgement: Judgement) -> dict[str, str]:
    """What somebody agrees to when they send it."""
    expected = judgement.expected
    told = {_("Our estimate"): money(expected.total, expected.currency)} if expected else {}
    for each in judgement.lines:
        name = each.line.description or each.line.sku
        if each.terms.fee:
            fee = money(each.terms.fee, judgement.rma.currency)
            told[_("Fee for %(item)s") % {"item": name}] = fee
    return told


def _other_terms(request: HttpRequest, judgement: Judgement) -> list[Wanted]:
    """What of our terms has become another since the page was drawn."""
    now = _terms(judgement)
    try:
        then = dict(signing.loads(request.POST.get("terms", ""), salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return []
    return [
        Wanted(label, [then[label]] if label in then else [], [now[label]] if label in now else [])
        for label in dict.fromkeys([*then, *now])
        if then.get(label) != now.get(label)
    ]


def _draw(
    request: HttpRequest, judgement: Judgement, key: str, status: int = 200, **context: Any
) -> HttpResponse:
    rma = judgement.rma
    context |= {
        "items": summary.items(rma),
        "way": [term for term in summary.way(rma) if term.value],
        "places": summary.places(rma),
        "sums": sums(judgement),
        "hints": list(hints(judgement)),
        "ready": judgement.step == "return_check",
        "terms": signing.dumps(_terms(judgement), salt=_SALT, compress=True),
        "steps": {name: url_of(rma, f"return_{name}") for name in ("items", "reasons", "method")},
        "troubles": [*context.get("troubles", ()), *_lacking(judgement)],
    }
    return draw_step(request, "check", rma, key, status=status, here="return_check", **context)
