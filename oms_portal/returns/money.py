"""What a return comes to, as far as the portal can know: an estimate from the order's own prices.
The credit note is the ERP's. Pure.

Amounts are net, in the order's currency, rounded half up to its minor unit, each line by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from .kinds import Method, Outcome
from .terms import Terms


ZERO = Decimal(0)
# Who brings or sends it himself owes us no way back.
_OWN_WAYS = (Method.BRANCH, Method.OWN_CARRIER, Method.NOTHING)


@dataclass(frozen=True)
class Share:
    """Some units of a line, with what the policy says of them. ``unit_price`` None: nobody told."""

    terms: Terms
    quantity: Decimal
    unit_price: Decimal | None
    currency: str
    outcome: str = Outcome.CREDIT


@dataclass(frozen=True)
class Expected:
    """``total`` is what the customer gets, less than nothing where he pays. ``is_open``: some
    price, or what is credited for goods that are kept, is not known yet."""

    credit: Decimal
    fee: Decimal
    shipping: Decimal
    total: Decimal
    currency: str
    is_open: bool = False

    def stored(self) -> dict[str, str]:
        """As ``Return.expected`` keeps it."""
        names = ("credit", "fee", "shipping", "total")
        return {name: f"{getattr(self, name):f}" for name in names}


def estimate(lines: Iterable[Share], method: str = "") -> Expected:
    """All lines of a return together. The way back is paid once: the dearest of those lines for
    which it is the customer's to pay, and not at all where ``method`` is his own or nothing
    travels. ValueError for lines of several currencies."""
    shares = list(lines)
    currencies = {share.currency for share in shares}
    if len(currencies) > 1:
        raise ValueError(f"lines in {', '.join(sorted(currencies))} make no sum")
    credits = [credit_of(share) for share in shares]
    credit = sum(filter(None, credits), ZERO)
    fee = sum((share.terms.fee or ZERO for share in shares), ZERO)
    shipping = _shipping(shares, method)
    return Expected(
        credit=credit,
        fee=fee,
        shipping=shipping,
        total=credit - fee - shipping,
        currency=next(iter(currencies), ""),
        is_open=None in credits,
    )


def credit_of(share: Share) -> Decimal | None:
    """What is credited for these units: their price, where there is a credit note for it; None
    where nobody knows yet."""
    if share.outcome == Outcome.KEEP and share.terms.goods_back:
        return None
    if share.outcome not in (Outcome.CREDIT, Outcome.KEEP, ""):
        return ZERO
    if share.unit_price is None:
        return None
    return rounded(share.unit_price * share.quantity, share.currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's minor unit (CLDR); two places where nobody knows it."""
    step = Decimal(1).scaleb(-get_currency_precision(currency or "XXX"))
    return amount.quantize(step, rounding=ROUND_HALF_UP)


def _shipping(shares: Iterable[Share], method: str) -> Decimal:
    if method in _OWN_WAYS:
        return ZERO
    travelling = [share.terms for share in shares if goes_back(share.terms, share.outcome)]
    return max((terms.shipping_fee for terms in travelling), default=ZERO)


def goes_back(terms: Terms, outcome: str) -> bool:
    """Whether the goods travel at all."""
    return terms.goods_back and outcome != Outcome.KEEP
