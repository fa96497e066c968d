"""What goods are worth that came back, what is kept of it, and from where on two people decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from oms_portal.conf import settings
from oms_portal.orders.models import OrderLine
from oms_portal.returns.models import ReturnLine
from oms_portal.returns.money import rounded

from ..kinds import Disposition, Found
from ..models import Finding
from .suggesting import Suggestion


ZERO = Decimal(0)


def unit_prices(lines: Iterable[ReturnLine]) -> Mapping[int, Decimal | None]:
    """The net price of one unit, by the line's key; None where nobody told. One query; lines come
    with ``returnable`` joined."""
    rows = list(lines)
    found = OrderLine.objects.filter(
        order__in={line.returnable.order_id for line in rows},
        ref__in={line.returnable.line_ref for line in rows},
    )
    prices: dict[tuple[int, str], Decimal | None] = {}
    columns = ("order_id", "ref", "unit_price", "amount", "ordered")
    for order, ref, price, amount, ordered in found.values_list(*columns):
        told = price is not None or amount is None or not ordered
        prices[order, ref] = price if told else amount / ordered
    return {
        line.pk: prices.get((line.returnable.order_id, line.returnable.line_ref)) for line in rows
    }


def fee_of(
    line: ReturnLine | None, quantity: Decimal, price: Decimal | None, suggestion: Suggestion
) -> Decimal | None:
    """What is kept of the credit for so many units, in the return's currency: nothing where they
    are not taken. None where their price, or the policy's fee, is not known. ``line`` comes with
    its return joined."""
    if line is None or not suggestion.accepted:
        return ZERO
    if suggestion.fee_percent is None:
        whole = line.fee
        share = whole * quantity / line.requested if whole is not None else None
    elif not suggestion.fee_percent:
        share = ZERO
    else:
        share = None if price is None else price * quantity * suggestion.fee_percent / 100
    return None if share is None else rounded(share, line.rma.currency)


def needs_two(finding: Finding, price: Decimal | None, disposition: str) -> bool:
    """Whether a second person confirms it. All that was counted of the article is worth what it is,
    in how many parts it is judged; a price that nobody told counts as high. For what nobody
    announced nothing is credited, but what is scrapped is gone."""
    least = settings().RETURN_SECOND_PERSON_FROM
    if least is None:
        return False
    if finding.found != Found.EXPECTED:
        return disposition == Disposition.SCRAP
    return price is None or price * finding.counted >= least


def takes_two(counts: Iterable[tuple[ReturnLine, Decimal]]) -> bool:
    """The same of so many units of each line, which are to come against the rules. Lines come with
    ``returnable`` joined."""
    least = settings().RETURN_SECOND_PERSON_FROM
    coming = [(line, count) for line, count in counts if count]
    if least is None:
        return False
    prices = unit_prices(line for line, _count in coming)
    worth = ZERO
    for line, count in coming:
        price = prices[line.pk]
        if price is None:
            return True
        worth += price * count
    return worth >= least
