"""What our rules say of a draft as it is now, for its pages: what of which item is still to be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from oms_portal.orders.locales import isolated
from oms_portal.returns import judging, reasons
from oms_portal.returns.eligible import Returnable
from oms_portal.returns.holding import Held
from oms_portal.returns.kinds import Method
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.money import Expected
from oms_portal.returns.terms import Terms

from .drafts import lines_of


# The field of a page where a fault is mended; what has none is about the item itself.
_MEMBERS = {
    "reason": "reason",
    "claim": "reason",
    "condition": "condition",
    "outcome": "outcome",
    "exchange": "exchange_sku",
    "text": "text",
    "serials": "serials",
    "lot": "lot",
    "photos": "photos",
}


@dataclass(frozen=True)
class Judged:
    """A line with its terms; ``offer`` is None where it is no longer among what was delivered.
    ``faults`` are sentences by the field where each is mended, ``blocked`` one that is mended by
    leaving the item out."""

    line: ReturnLine
    offer: Returnable | None
    terms: Terms
    faults: Mapping[str, str]
    blocked: str


@dataclass(frozen=True)
class Judgement:
    """``expected`` is our estimate; ``way_faults`` are codes by member of the wish, ``whole`` what
    is wrong with all of it together."""

    rma: Return
    lines: list[Judged]
    methods: tuple[str, ...]
    method: str
    expected: Expected | None
    way_faults: Mapping[str, str]
    whole: str

    @property
    def troubles(self) -> Iterator[tuple[ReturnLine | None, str]]:
        """Why it can't be one return as it is: what is mended by other items."""
        if self.whole:
            yield None, said(self.whole)
        for each in self.lines:
            if each.blocked:
                yield each.line, each.blocked
            elif self.whole == "destinations" and each.terms.destination:
                place = {"place": isolated(str(each.terms.destination.get("name", "")))}
                yield each.line, _("This goes to %(place)s.") % place

    @property
    def step(self) -> str:
        """The first step where something is still to be said; the last one where nothing is."""
        if not self.lines or self.whole or any(each.blocked for each in self.lines):
            return "return_items"
        if any(each.faults for each in self.lines):
            return "return_reasons"
        chosen = self.rma.method or self.method == Method.NOTHING
        return "return_check" if chosen and not self.way_faults else "return_method"


def judge(rma: Return, now: datetime) -> Judgement:
    """As ``submit`` will judge it; nothing is locked here."""
    lines = lines_of(rma)
    orders = {line.returnable.order_id: line.returnable.order for line in lines}
    for line in lines:
        line.rma = rma
    found = judging.judge(Held(rma, orders, lines), now)
    return Judgement(
        rma=rma,
        lines=[_judged(line, found) for line in lines],
        methods=found.methods,
        method=found.method,
        expected=found.expected,
        way_faults=found.fields,
        whole=_whole(rma, found),
    )


def _whole(rma: Return, found: judging.Judged) -> str:
    """What is wrong with all of it together. To a branch anything can be brought, so while that may
    still be chosen goods for different places are no trouble."""
    places = {found.terms[ref].destination.get("ref", "") for ref in found.going()}
    branch = rma.method == Method.BRANCH or (not rma.method and Method.BRANCH in found.methods)
    if len(places) > 1 and not branch:
        return "destinations"
    return "" if found.lines or found.fields else found.code


def _judged(line: ReturnLine, found: judging.Judged) -> Judged:
    faults: dict[str, str] = {}
    blocked = ""
    for code, words in found.faults.get(line.ref, ()):
        # Another reason or condition may be one that our rules allow.
        member = _MEMBERS.get(code, "reason" if line.ref in found.terms else "")
        if member and not _is_in_the_way(line, found, code):
            faults.setdefault(member, said(words))
        else:
            blocked = blocked or said(words)
    terms = found.terms.get(line.ref, Terms(allowed=False))
    return Judged(line, found.offers.get(line.ref), terms, faults, blocked)


def _is_in_the_way(line: ReturnLine, found: judging.Judged, code: str) -> bool:
    """Whether it can't come back whatever is said of it."""
    offer = found.offers.get(line.ref)
    return offer is not None and code == offer.why


def said(why: str) -> str:
    """The words of a code; what is none is words already."""
    return str(reasons.words(why)) if reasons.is_ours(why) else why


def reached(rma: Return) -> str:
    return judge(rma, timezone.now()).step
