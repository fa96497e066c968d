"""Which line of which return a scanned article or serial number belongs to.

One query fetches the lines of the return that is open and those that are like it on the company's
other returns; the choice is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Upper

from oms_portal.customers.models import Company
from oms_portal.orders.extracts import SearchTerm
from oms_portal.orders.search import fold
from oms_portal.returns.kinds import PRIVATE, ReturnState
from oms_portal.returns.models import Return, ReturnLine

from ..kinds import OPENING, Found, ScanKind
from ..models import DeskScan, Finding, FoundSerial
from . import shipped
from .codes import Reading
from .wishes import ScanWish


# A ReturnLine with what ``_loaded`` adds to it.
Line = Any
# Here, or to come.
EXPECTED = (
    ReturnState.APPROVED,
    ReturnState.IN_TRANSIT,
    ReturnState.PARTLY_RECEIVED,
    ReturnState.RECEIVED,
)
# A return has 500 lines at most; beside them so many of others are looked at.
_MOST = 600
# A serial number is on one order, a number that is none on many.
_FEW = 20


@dataclass(frozen=True)
class Asked:
    """What of goods a text can be: GTINs of 14 digits, else texts, folded as orders are found by."""

    gtins: frozenset[str]
    serials: frozenset[str]
    skus: frozenset[str]

    @property
    def terms(self) -> set[str]:
        return {fold(text) for text in self.written | self.serials | self.skus} - {""}

    @property
    def written(self) -> set[str]:
        """The GTINs, each with or without the zeros before it."""
        return {gtin.lstrip("0").zfill(size) for gtin in self.gtins for size in (8, 12, 13, 14)}


@dataclass(frozen=True)
class Fit:
    """A line it may be counted on. ``serial`` is the number that was read, "" where none was."""

    line: Line
    serial: str = ""
    shipped: bool = False


def asked(readings: Iterable[Reading]) -> Asked:
    right = [one for one in readings if not one.why]
    plain = {one.value for one in right if one.kind == ScanKind.UNKNOWN}
    return Asked(
        gtins=frozenset(filter(None, (one.gtin for one in right))),
        serials=frozenset(filter(None, (*(one.serial for one in right), *plain))),
        skus=frozenset(plain),
    )


def current(wish: ScanWish) -> Any:
    """The pk of the return that is open: the screen's, else what the tab opened last."""
    if wish.rma is not None or not wish.tab:
        return wish.rma
    before = DeskScan.objects.filter(tab=wish.tab, sequence__lt=wish.sequence, result__in=OPENING)
    return Subquery(before.order_by("-sequence").values("rma")[:1])


def lines_beside(wish: ScanWish, what: Asked) -> list[Line]:
    """All lines of the return that is open, first; then those of its company's other returns whose
    order knows the article or the number."""
    rma = current(wish)
    if rma is None:
        return []
    own = ReturnLine.objects.order_by().filter(rma=rma)
    company = Subquery(Return.objects.order_by().filter(pk=rma).values("company")[:1])
    bearing = SearchTerm.objects.filter(company=company, term__in=what.terms)
    others = ReturnLine.objects.order_by().filter(
        rma__company=company,
        rma__state__in=EXPECTED,
        returnable__order__in=bearing.values("order"),
    )
    if what.serials <= what.skus:
        # A return that has the article counts it itself: of a customer with hundreds of returns
        # under way, all with the same article, none of the others is read.
        fitting = Q(sku__in=what.skus) | Q(gtin__in=what.written)
        others = others.exclude(Exists(own.annotate(gtin=shipped.gtin()).filter(fitting)))
    found = own.values("pk").union(others.values("pk"), all=True)
    rows = _loaded(ReturnLine.objects.filter(pk__in=found), what)
    opened = Case(When(rma=rma, then=True), default=False)
    lines = list(rows.annotate(is_open=opened).order_by("-is_open", "pk")[:_MOST])
    # Beside a draft, or what is no more, there is nothing.
    return lines if lines and lines[0].is_open else []


def lines_anywhere(what: Asked) -> list[Line]:
    """Lines of any company's returns whose order knows the serial number."""
    everybody = Company.objects.order_by().values("pk")
    terms = {fold(text) for text in what.serials} - {""}
    bearing = SearchTerm.objects.filter(company__in=everybody, term__in=terms)
    orders = list(bearing.order_by().values_list("order", flat=True)[:_FEW])
    if not orders:
        return []
    rows = ReturnLine.objects.filter(returnable__order__in=orders, rma__state__in=EXPECTED)
    return list(_loaded(rows, what).annotate(is_open=Value(False)).order_by("pk")[:_MOST])


def fits(lines: Iterable[Line], what: Asked) -> Iterator[Fit]:
    """Those that it can be, a serial number that was shipped before all else."""
    rows = list(lines)
    by_serial = [fit for line in rows if (fit := _by_serial(line, what))]
    if by_serial:
        yield from by_serial
        return
    # A GS1 code names article and number: goods of ours with a number that nobody shipped.
    serial = next(iter(what.serials - what.skus), "")
    for line in rows:
        gtin = str(line.gtin or "").zfill(14)
        if gtin in what.gtins or _among(line.sku, what.skus):
            yield Fit(line, serial)


def best(found: Sequence[Fit]) -> list[Fit]:
    """The one it is counted on; several where nobody can say of which return it is. The return
    that is open comes first, whether or not there is room; then one that is here."""
    ranked: dict[tuple[bool, bool, bool], list[Fit]] = {}
    for fit in found:
        line = fit.line
        full = line.counted >= line.expected
        here = is_here(line.rma)
        ranked.setdefault((not line.is_open, full, not here), []).append(fit)
    if not ranked:
        return []
    fitting = ranked[min(ranked)]
    return fitting[:1] if len({fit.line.rma_id for fit in fitting}) == 1 else fitting


def is_here(rma: Return) -> bool:
    """Whether our desk has scanned a parcel of it."""
    receipt = getattr(rma, "receipt", None)
    return receipt is not None and receipt.arrived_at is not None


def _loaded(rows: QuerySet[ReturnLine], what: Asked) -> QuerySet[Any]:
    """``gtin``, ``told`` and ``packed`` are of the order's line, ``counted`` of the finding;
    ``read``: one of the serial numbers was counted on its return before."""
    counted = Finding.objects.filter(line=OuterRef("pk"), found=Found.EXPECTED).order_by()
    terms = {fold(text) for text in what.serials} - {""}
    order = OuterRef("returnable__order")
    known = SearchTerm.objects.filter(order=order, term__in=terms)
    read = FoundSerial.objects.filter(receipt__rma=OuterRef("rma")).annotate(upper=Upper("serial"))
    again = read.filter(upper__in=[serial.upper() for serial in what.serials])
    number: DecimalField[Any, Any] = DecimalField(max_digits=19, decimal_places=6)
    return (
        rows.exclude(rma__state__in=PRIVATE)
        .select_related("rma__company__parent", "rma__receipt", "returnable")
        .annotate(
            gtin=shipped.gtin(),
            told=shipped.told(),
            # Only where its order knows the number: a delivery may have many packages.
            packed=Case(When(Exists(known), then=shipped.packed()), default=None),
            counted=Coalesce(
                Subquery(counted.values("counted")[:1]), Decimal(0), output_field=number
            ),
            read=Exists(again),
        )
    )


def _by_serial(line: Line, what: Asked) -> Fit | None:
    known = {serial.casefold(): serial for serial in shipped.serials_of(line)}
    for asked_for in what.serials:
        if serial := known.get(asked_for.casefold()):
            return Fit(line, serial, shipped=True)
    return None


def _among(text: str, texts: Iterable[str]) -> bool:
    return bool(text) and text.casefold() in {one.casefold() for one in texts}
