"""The label that leads goods to their place once it is decided what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oms_portal.orders.units import quantity
from oms_portal.returns import papers
from oms_portal.returns.labels.data import Dress, Item, LabelData
from oms_portal.returns.labels.proof import prove
from oms_portal.returns.models import Return
from oms_portal.returns.papers import Paper

from ..kinds import Disposition
from ..models import Verdict


TEMPLATE = "putaway"
_MOST_SERIALS = 3


def verdicts(pks: Iterable[int]) -> QuerySet[Verdict]:
    return whole().filter(pk__in=list(pks))


def of_returns(numbers: Iterable[str]) -> QuerySet[Verdict]:
    """All that was decided of these returns, by their numbers."""
    return whole().filter(finding__receipt__rma__number__in=list(numbers))


def whole() -> QuerySet[Verdict]:
    """With all that their labels say."""
    return Verdict.objects.select_related(
        "grade", "finding__line", "finding__receipt__rma__company"
    )


def verdict_label(verdict: Verdict) -> LabelData:
    """In the active language: the label is for colleagues. It bears the return's number and the
    article's as bar codes."""
    finding = verdict.finding
    line, rma = finding.line, finding.receipt.rma
    announced = line if line and not (finding.sku or finding.description) else finding
    item = Item(
        sku=announced.sku,
        description=_described(announced.description, verdict.serials),
        quantity=quantity(verdict.quantity, announced.unit),
        grade=verdict.grade.words if verdict.grade else "",
        goes_to=str(verdict.get_disposition_display()),
    )
    return LabelData(
        template=TEMPLATE,
        rma=rma.number,
        parcel="",
        sender={},
        receiver={},
        items=(item,),
        notes=tuple(filter(None, [_place(verdict, rma)])),
        language=get_language() or "en",
    )


def proven(verdict: Verdict, paper: Paper, dress: Dress) -> tuple[LabelData, bytes]:
    """The label and its bytes, read back. Unprintable, Unreadable."""
    data = verdict_label(verdict)
    content, codes = papers.draw(paper, data, dress)
    prove(content, paper.media_type, codes)
    return data, content


def _described(description: str, serials: list[str]) -> str:
    if not serials:
        return description
    more = len(serials) - _MOST_SERIALS
    told = ", ".join(map(str, serials[:_MOST_SERIALS])) + (f" +{more}" if more > 0 else "")
    numbers = _("Serial numbers: %(numbers)s") % {"numbers": told}
    return f"{description} · {numbers}" if description else numbers


def _place(verdict: Verdict, rma: Return) -> str:
    """Where they are to be brought: the place that returns go to, or back to who sent them."""
    if verdict.disposition == Disposition.SEND_BACK:
        return str(rma.sender.get("name") or rma.company.name)
    return str(rma.destination.get("name") or "")
