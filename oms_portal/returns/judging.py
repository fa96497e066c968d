"""What the policies say of a return as it stands, line by line, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import barriers, quantities
from .destinations import told
from .eligible import Returnable, offer, policies_now
from .holding import Held
from .kinds import Kind, Method, Outcome
from .models import Evidence, Return, ReturnLine
from .money import Expected, Share, estimate, goes_back
from .policy import terms_of
from .reading import PLACES
from .refusals import Refused
from .rules import ReturnPlace, ReturnPolicy
from .terms import Terms


@dataclass
class Judged:
    """``terms`` by ReturnLine.ref, and ``outcomes`` as they will be; ``method`` "" while nobody chose.
    ``code`` is the first thing that stands in the way, "" for nothing; ``lines`` and ``fields`` are
    all of them, as of ``Refused``. ``methods`` are those that all goods may go by. For pages that
    say everything at once: each line's ``offers``, and all of its ``faults`` as code and words."""

    terms: dict[str, Terms] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    offers: dict[str, Returnable] = field(default_factory=dict)
    faults: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    method: str = ""
    destination: Mapping[str, Any] = field(default_factory=dict)
    expected: Expected | None = None
    code: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def going(self) -> list[str]:
        """The refs of the lines whose goods travel."""
        return [ref for ref in self.terms if goes_back(self.terms[ref], self.outcomes[ref])]

    @property
    def approval(self) -> str:
        """The strictest of all lines'."""
        said = {terms.approval for terms in self.terms.values()}
        return next((one for one in ("agent", "erp") if one in said), "auto")

    def line(self, ref: str, code: str, words: str = "") -> None:
        self.lines.setdefault(ref, words or code)
        self.faults.setdefault(ref, []).append((code, words or code))
        self.code = self.code or code

    def fault(self, name: str, code: str) -> None:
        self.fields.setdefault(name, code)
        self.code = self.code or code

    def check(self) -> None:
        if self.code:
            raise Refused(self.code, lines=self.lines, fields=self.fields)


def judge(held: Held, now: datetime) -> Judged:
    """All that the policies and the form say of it; nothing is written."""
    policies = policies_now()
    offers = offer(held.orders.values(), held.rma.kind, now, policies=policies)
    known = {returnable.key: returnable for returnable in offers}
    photos = _photos(held.rma)
    judged = Judged()
    for line in held.lines:
        place = line.returnable
        returnable = known.get((place.order_id, place.line_ref, place.thread))
        if returnable is None:
            judged.line(line.ref, "unknown_line")
            continue
        terms = _terms(line, returnable, policies, now)
        judged.terms[line.ref], judged.offers[line.ref] = terms, returnable
        judged.outcomes[line.ref] = line.outcome or _only(terms.outcomes)
        _refusal(judged, line.ref, returnable, terms)
        _answers(judged, held.rma, line, terms, photos)
        outcome = judged.outcomes[line.ref]
        price, currency = returnable.unit_price, held.rma.currency
        judged.shares[line.ref] = Share(terms, line.requested, price, currency, outcome)
    _way(judged, held.rma)
    judged.expected = estimate(judged.shares.values(), judged.method)
    return judged


def _terms(
    line: ReturnLine, returnable: Returnable, policies: Sequence[ReturnPolicy], now: datetime
) -> Terms:
    return terms_of(
        returnable.facts,
        line.reason,
        line.condition,
        line.requested,
        policies,
        now,
        claim=line.claim,
    )


def _refusal(judged: Judged, ref: str, returnable: Returnable, terms: Terms) -> None:
    """How many are left is the ledger's to say."""
    blocked = returnable.why not in ("", barriers.NONE_LEFT, *barriers.OF_POLICY)
    if blocked:
        judged.line(ref, returnable.why, returnable.words)
    elif not terms.allowed:
        judged.line(ref, terms.why, barriers.say(terms.why, terms.until, terms.words))


def _answers(
    judged: Judged, rma: Return, line: ReturnLine, terms: Terms, photos: Mapping[str, int]
) -> None:
    """What the form must say of a line, and does not."""
    outcome = judged.outcomes[line.ref]
    serials = quantities.is_whole(line.unit, line.requested) and line.requested or 1
    missing = {
        "reason": line.reason is None,
        "claim": rma.kind == Kind.CLAIM and not line.claim,
        "condition": rma.kind != Kind.CLAIM and not line.condition,
        "outcome": terms.allowed and outcome not in terms.outcomes,
        "exchange": outcome == Outcome.EXCHANGE and not line.exchange_sku,
        "text": terms.asks_text and not line.text,
        "serials": terms.asks_serial and len(line.serials) != serials,
        "lot": terms.asks_lot and not line.lot,
        "photos": photos.get(line.ref, 0) + photos.get("", 0) < terms.photos,
    }
    for code, lacks in missing.items():
        if lacks:
            judged.line(line.ref, code)


def _way(judged: Judged, rma: Return) -> None:
    """How the goods go, and where to. What is kept, or never came, goes no way."""
    going = [judged.terms[ref] for ref in judged.going()]
    if not going:
        judged.methods = (Method.NOTHING.value,)
        judged.method = Method.NOTHING.value
        return
    first, *others = (terms.methods for terms in going)
    shared = [one for one in first if all(one in other for other in others)]
    judged.methods = tuple(one for one in shared if one != Method.BRANCH or _has_branch())
    judged.method = rma.method or _only(judged.methods)
    if judged.method not in judged.methods:
        judged.method = rma.method
        if all(terms.allowed for terms in going):
            judged.fault("method", "method")
    _destination(judged, rma, going)
    if judged.method in (Method.PICKUP, Method.FREIGHT) and "on" not in rma.pickup:
        judged.fault("pickup.on", "pickup")


def _has_branch() -> bool:
    return ReturnPlace.objects.filter(kind=PLACES[Method.BRANCH], active=True).exists()


def _destination(judged: Judged, rma: Return, going: Iterable[Terms]) -> None:
    if judged.method == Method.BRANCH:
        if rma.place is None or rma.place.kind != PLACES[Method.BRANCH]:
            judged.fault("place_ref", "place")
        else:
            judged.destination = told(rma.place)
        return
    places = {terms.destination.get("ref", ""): terms.destination for terms in going}
    judged.destination = next(iter(places.values()), {})
    if len(places) > 1:
        judged.code = judged.code or "destinations"


def _photos(rma: Return) -> dict[str, int]:
    """How many photos each line has, by its ref; under "" those of no line."""
    found: dict[str, int] = {}
    for ref in Evidence.objects.filter(rma=rma.pk).values_list("line__ref", flat=True):
        found[ref or ""] = found.get(ref or "", 0) + 1
    return found


def _only(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else ""
