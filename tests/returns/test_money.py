"""What a return comes to: credits and fees of its lines, the way back once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from oms_portal.returns.money import Share, credit_of, estimate
from oms_portal.returns.terms import Terms


pytestmark = pytest.mark.once


def share(
    quantity: str = "2", price: str | None = "4.50", outcome: str = "credit",
    currency: str = "EUR", **terms: Any,
) -> Share:  # fmt: skip
    known = {"fee": Decimal(0), **terms}
    cost = None if price is None else Decimal(price)
    return Share(Terms(allowed=True, **known), Decimal(quantity), cost, currency, outcome)


def test_credits_less_fees_less_the_way_back() -> None:
    found = estimate([
        share(fee=Decimal("1.35"), shipping_fee=Decimal("5.90")),
        share("1", "100", fee=Decimal(10), shipping_fee=Decimal("9.90")),
    ])  # fmt: skip
    assert (found.credit, found.fee, found.shipping) == (109, Decimal("11.35"), Decimal("9.90"))
    assert (found.total, found.currency, found.is_open) == (Decimal("87.75"), "EUR", False)
    assert found.stored() == {
        "credit": "109.00", "fee": "11.35", "shipping": "9.90", "total": "87.75",
    }  # fmt: skip


@pytest.mark.parametrize("method", ["branch", "own_carrier", "nothing"])
def test_who_brings_it_himself_owes_no_way_back(method: str) -> None:
    assert estimate([share(shipping_fee=Decimal(9))], method).shipping == 0
    assert estimate([share(shipping_fee=Decimal(9))], "pickup").shipping == 9


def test_what_stays_owes_no_way_back_either() -> None:
    stays = share(shipping_fee=Decimal(9), goods_back=False)
    kept = share(shipping_fee=Decimal(9), outcome="keep")
    assert estimate([stays, kept]).shipping == 0


def test_a_replacement_is_no_credit_and_may_cost_something() -> None:
    found = estimate([share(outcome="replacement", fee=Decimal(3))])
    assert (found.credit, found.total, found.is_open) == (0, -3, False)


def test_what_nobody_knows_yet_is_left_out_and_said() -> None:
    found = estimate([share(), share(price=None, fee=None)])
    assert (found.credit, found.is_open) == (9, True)
    # What is credited for goods that are kept is agreed on later, unless none are wanted back.
    assert credit_of(share(outcome="keep")) is None
    assert credit_of(share(outcome="keep", goods_back=False)) == 9


def test_each_line_is_rounded_by_itself_half_up() -> None:
    assert credit_of(share("3", "0.335")) == Decimal("1.01")
    assert str(credit_of(share("3", "33.4", currency="JPY"))) == "100"
    assert str(credit_of(share("1", "1.0005", currency="KWD"))) == "1.001"
    assert str(credit_of(share("1", "1.005", currency="???"))) == "1.01"


def test_several_currencies_make_no_sum_and_no_lines_make_none() -> None:
    with pytest.raises(ValueError, match="EUR, USD"):
        estimate([share(), share(currency="USD")])
    assert estimate([]).total == 0
