"""CN 22 and CN 23, the customs forms of the Universal Postal Union (Convention Manual, forms CN 22
and CN 23), for goods that go back across a border of customs. In English and French, as it wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext

from ..data import Item, LabelData
from ..faults import Unprintable, quoted
from ..fitting import Words, fit
from ..layout import Box, Paper
from ..marks import Page
from .parts import Job
from .zones import GAP, SMALL, amount, divide, facts, scanned, two_addresses


# The customs union of the European Union, with Monaco; XI of Northern Ireland is not a country.
_UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MC",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
# A CN 22 is for 2 kg and 300 SDR at most (Universal Postal Convention, Regulations: Postal items
# subject to customs control). What 300 SDR come to changes daily: these are round amounts below it,
# with room for the rate to fall. Any other currency takes the CN 23, which is never wrong.
_CN22_KILOGRAMS = 2
_CN22_WORTH = {"XDR": 300, "EUR": 330, "USD": 380, "GBP": 270, "CHF": 300}
_BARS = 56.0
_COLUMNS = (0.46, 0.13, 0.15, 0.15, 0.11)
_HEADS = (
    "Quantity and detailed description\nQuantité et description détaillée",
    "Net weight (kg)\nPoids net",
    "Value\nValeur",
    "HS tariff no.\nNo tarifaire SH",
    "Origin\nOrigine",
)
_DECLARED = (
    "I certify that the particulars given in this declaration are correct and that this item does "
    "not contain any dangerous article prohibited by legislation or by postal or customs "
    "regulations."
)


def draw_cn22(job: Job) -> tuple[Page, ...]:
    _refuse_incomplete(job.data)
    if _is_heavy(job.data):
        raise Unprintable(gettext("A CN 22 is for 2 kg at most. Use the CN 23 instead."))
    if _is_worth_more(job.data):
        raise Unprintable(gettext("A CN 22 is for goods of low value. Use the CN 23 instead."))
    return _form(job, "CN 22")


def fits_cn22(data: LabelData) -> bool:
    """Whether the small form will do."""
    return not (_is_heavy(data) or _is_worth_more(data))


def draw_cn23(job: Job) -> tuple[Page, ...]:
    _refuse_incomplete(job.data)
    return _form(job, "CN 23", ("From / De", "To / À"))


def _form(job: Job, form: str, titles: tuple[str, str] | None = None) -> tuple[Page, ...]:
    job = replace(job, data=replace(job.data, language="en"), rtl=False)
    paper = job.paper()
    box = _head(paper, job, form)
    if titles:
        box = divide(paper, two_addresses(paper, box, job.addresses(), titles))
    codes, box = box.cut_top(_BARS)
    bars, beside = paper.start(codes, min(codes.width * 0.72, 240.0))
    scanned(paper, bars, job.code)
    facts(paper, paper.end(beside, beside.width - GAP)[0], (("Order / Commande", job.data.order),))
    _body(paper, divide(paper, box.cut_top(GAP)[1]), job)
    return (job.page(paper, form),)


def _is_heavy(data: LabelData) -> bool:
    return _sum(item.weight for item in data.items) > _CN22_KILOGRAMS


def _is_worth_more(data: LabelData) -> bool:
    return _sum(item.value for item in data.items) > _CN22_WORTH.get(data.currency, -1)


def _refuse_incomplete(data: LabelData) -> None:
    """All that customs asks for must be there, and the border too."""
    there, here = (str(a.get("country") or "").upper() for a in (data.receiver, data.sender))
    if not there or not here:
        raise Unprintable(gettext("The customs form needs the country of both addresses."))
    if there == here or {there, here} <= _UNION:
        raise Unprintable(gettext("No customs form is needed between these two countries."))
    if not data.items:
        raise Unprintable(gettext("The customs form needs the articles in the parcel."))
    if not data.currency:
        raise Unprintable(gettext("The customs form needs a currency."))
    for item in data.items:
        if missing := list(_missing(item)):
            raise Unprintable(
                gettext("The customs form needs this of %(article)s: %(missing)s.")
                % {"article": quoted(item.sku or item.description), "missing": ", ".join(missing)}
            )


def _missing(item: Item) -> Iterator[str]:
    if not item.description:
        yield gettext("a description")
    if (_decimal(item.value) or -1) < 0:
        yield gettext("its value")
    if (_decimal(item.weight) or 0) <= 0:
        yield gettext("its weight in kg")
    digits = "".join(filter(str.isdigit, item.hs_code))
    if len(digits) < 6:
        yield gettext("its HS code, of 6 digits or more")
    if len(item.origin) != 2:
        yield gettext("its country of origin")


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _sum(texts: Iterator[str]) -> Decimal:
    return sum((_decimal(text) or Decimal(0) for text in texts), Decimal(0))


def _head(paper: Paper, job: Job, form: str) -> Box:
    box = paper.box
    row, box = box.cut_top(44.0)
    start, end = paper.start(row, row.width * 0.72)
    paper.write(
        start,
        Words("CUSTOMS DECLARATION", bold=True),
        Words("DÉCLARATION EN DOUANE", bold=True),
        Words("May be opened officially / Peut être ouvert d’office"),
        largest=10.0,
        smallest=6.0,
    )
    paper.write(end, Words(form, bold=True), largest=22.0, align="end")
    box = divide(paper, box, 1.5)
    ticked, box = box.cut_top(14.0)
    _tick(paper, ticked, "Returned goods / Marchandises retournées")
    return divide(paper, box)


def _tick(paper: Paper, row: Box, text: str) -> None:
    square, rest = paper.start(row, row.height)
    square = square.inset(2.5)
    paper.frame(square)
    paper.fill(square.inset(2.5))
    paper.write(rest, Words(text, bold=True), largest=10.0, smallest=6.0)


def _body(paper: Paper, box: Box, job: Job) -> None:
    """The table, its totals, and the sender's word."""
    currency = job.data.currency
    signed, box = box.cut_bottom(52.0)
    box = _row(paper, box, _HEADS, 6.5)
    for item in job.data.items:
        box = _row(paper, divide(paper, box, 0.4), _cells(item, currency), SMALL)
    weight, value = (
        _sum(getattr(item, part) for item in job.data.items) for part in ("weight", "value")
    )
    totals = ("Total", f"{weight}", f"{value} {currency}", "", "")
    _row(paper, divide(paper, box, 1.0), totals, SMALL, bold=True)
    text, line = divide(paper, signed, 1.0).cut_top(30.0)
    paper.write(text, _DECLARED, largest=7.0, smallest=5.5)
    start, end = paper.start(line, line.width * 0.4)
    paper.write(start, f"Date: {job.data.issued_on}", largest=SMALL)
    paper.write(end, "Signature:", largest=SMALL)


def _cells(item: Item, currency: str) -> tuple[str, ...]:
    what = f"{amount(item)} × {item.description}"
    return (what, item.weight, f"{item.value} {currency}", item.hs_code, item.origin)


def _row(paper: Paper, box: Box, cells: Sequence[str], size: float, bold: bool = False) -> Box:
    blocks = [
        fit(
            tuple(Words(line, bold) for line in cell.split("\n") if line),
            share * box.width - GAP / 2,
            box.height,
            size,
            6.0,
        )
        for cell, share in zip(cells, _COLUMNS, strict=True)
    ]
    row, rest = box.cut_top(max(block.height for block in blocks) + 2)
    for block, share in zip(blocks, _COLUMNS, strict=True):
        place, row = paper.start(row, share * box.width)
        paper.put(place.inset(0, 1), block)
    return rest
