"""The first policy that fits decides; what it says of fees, evidence, ways and who pays."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from oms_portal.returns.articles import Articles, fits
from oms_portal.returns.matching import Facts
from oms_portal.returns.policy import terms_of
from oms_portal.returns.rules import Article, ReturnPlace, ReturnPolicy, ReturnReason
from oms_portal.returns.terms import Terms
from oms_portal.returns.windows import Dates


pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HEADING = ReturnReason(pk=1, code="faulty", texts={"en": "Faulty"})
BROKEN = ReturnReason(
    pk=2, code="broken", parent=HEADING, liability="supplier", photos=2, asks_lot=True,
    outcome="replacement", texts={"en": "Broken"},
)  # fmt: skip
TOO_MUCH = ReturnReason(pk=3, code="too_much", liability="customer", texts={"en": "Too much"})
SHORT = ReturnReason(pk=4, code="short", claim="short", liability="carrier", texts={"en": "Short"})


def facts(**changes: Any) -> Facts:
    known = {
        "kind": "return",
        "customer": "10001",
        "country": "DE",
        "zone": UTC,
        "dates": Dates(ordered=date(2026, 11, 1), delivered=date(2026, 11, 10)),
        "currency": "EUR",
        "unit_price": Decimal("10.00"),
    }
    return Facts(**known | changes)


def policy(name: str = "All", **columns: Any) -> ReturnPolicy:
    return ReturnPolicy(name=name, **columns)


def told(*policies: ReturnPolicy, **asked: Any) -> Terms:
    """The terms for two units that are too much, unless said otherwise."""
    wish = {"facts": facts(), "reason": TOO_MUCH, "condition": "unopened", "quantity": Decimal(2)}
    wish |= asked
    return terms_of(policies=policies, now=NOW, **wish)


ARTICLE = Article(category="Bearings", brand="Acme", tags=["spare", "metal"])


@pytest.mark.parametrize(
    ("columns", "fitting"),
    [
        ({}, True),
        ({"companies": ["10001"]}, True),
        ({"companies": ["2*", "100?1"]}, True),
        ({"companies": ["1000"]}, False),
        ({"countries": ["AT", "DE"]}, True),
        ({"countries": ["AT"]}, False),
        ({"categories": ["bearings"]}, True),
        ({"categories": ["Screws"]}, False),
        ({"brands": ["ACME"]}, True),
        ({"tags": ["metal"]}, True),
        ({"tags": ["plastic"]}, False),
        ({"kinds": ["return", "claim"]}, True),
        ({"kinds": ["exchange"]}, False),
        ({"reasons": ["too_much"]}, True),
        ({"reasons": ["faulty"]}, False),
        ({"conditions": ["unopened"]}, True),
        ({"conditions": ["used"]}, False),
        ({"final_sale": False}, True),
        ({"final_sale": True}, False),
        ({"value_from": Decimal(20)}, True),
        ({"value_from": Decimal("20.01")}, False),
        ({"value_below": Decimal("20.01")}, True),
        ({"value_below": Decimal(20)}, False),
        ({"active": False}, False),
        ({"countries": ["DE"], "brands": ["Other"]}, False),
    ],
)
def test_a_policy_fits_what_all_of_its_conditions_fit(columns: Any, fitting: bool) -> None:
    answer = told(policy("First", **columns), policy("Last"), facts=facts(article=ARTICLE))
    assert answer.policy == ("First" if fitting else "Last", 1)


def test_a_heading_stands_for_all_reasons_below_it() -> None:
    assert told(policy("Faults", reasons=["faulty"]), reason=BROKEN).policy[0] == "Faults"


def test_the_first_that_fits_decides_though_a_later_one_would_allow_more() -> None:
    none, every = policy("None", allowed=False), policy("Every")
    assert not told(none, every).allowed and told(every, none).allowed


def test_goods_that_nobody_described_fit_no_policy_about_articles() -> None:
    for condition in ({"categories": ["x"]}, {"tags": ["x"]}, {"brands": [""]}):
        assert told(policy(**condition)).why == "no_policy"


def test_a_window_that_closed_says_until_when_it_was_open() -> None:
    answer = told(policy(window_days=9))
    assert (answer.allowed, answer.why, answer.until) == (False, "window", date(2026, 11, 19))
    assert told(policy(window_days=10)).allowed


def test_what_is_refused_still_says_how_for_staff_who_decide_otherwise() -> None:
    answer = told(policy(window_days=1, methods=["branch"], fee_percent=Decimal(10)))
    assert not answer.allowed and answer.methods == ("branch",) and answer.fee == 2
    bare = told()
    assert bare.why == "no_policy" and "parcel_shop" in bare.methods and bare.approval == "agent"


def test_while_the_reason_is_open_the_best_of_what_may_be_is_told() -> None:
    faults = policy("Faults", reasons=["faulty"], window_days=365)
    rest = policy("Rest", window_days=5)
    unknown = {"reason": None, "condition": None, "quantity": None}
    answer = told(faults, rest, **unknown)
    assert answer.allowed and answer.until == date(2027, 11, 10)
    assert told(faults, rest).why == "window"
    never = policy("Never", allowed=False)
    assert told(faults, never, **unknown).allowed
    assert told(policy("Old faults", reasons=["faulty"], window_days=1), never, **unknown).why == (
        "window"
    )
    assert told(never, faults, **unknown).why == "refused"


def test_while_the_quantity_is_open_value_conditions_are() -> None:
    small = policy("Small", value_below=Decimal(100), window_days=365)
    big = policy("Big", allowed=False)
    assert told(small, big, quantity=None).allowed
    assert not told(small, big, quantity=Decimal(10)).allowed


def test_a_price_nobody_told_counts_as_high() -> None:
    unknown = facts(unit_price=None)
    careful = policy(
        approval="below", approval_below=Decimal(1000), photos=3, photos_from=Decimal(500),
        keep_below=Decimal(50), fee_percent=Decimal(10),
    )  # fmt: skip
    answer = told(careful, facts=unknown)
    assert (answer.approval, answer.photos, answer.goods_back) == ("agent", 3, True)
    assert answer.fee is None and answer.fee_percent == 10
    assert told(policy("Dear", value_from=Decimal(9)), facts=unknown).policy[0] == "Dear"
    assert told(policy("Cheap", value_below=Decimal(9)), facts=unknown).why == "no_policy"


@pytest.mark.parametrize(
    ("percent", "fixed", "quantity", "fee"),
    [
        ("0", "0", "2", "0"),
        ("15", "0", "2", "3.00"),
        ("0", "4.5", "2", "4.50"),
        ("15", "4.5", "2", "7.50"),
        # Never more than the goods are worth.
        ("80", "10", "2", "20.00"),
        # Half a cent is rounded up: 12.5 % of 0.2 units.
        ("12.75", "0", "0.2", "0.26"),
    ],
)
def test_fees_are_percents_and_amounts_of_what_goes_back(
    percent: str, fixed: str, quantity: str, fee: str
) -> None:
    answer = told(
        policy(fee_percent=Decimal(percent), fee_fixed=Decimal(fixed)), quantity=Decimal(quantity)
    )
    assert answer.fee == Decimal(fee)


def test_a_currency_without_cents_has_fees_without_cents() -> None:
    yen = facts(currency="JPY", unit_price=Decimal(333))
    assert str(told(policy(fee_percent=Decimal(10)), facts=yen).fee) == "67"


def test_a_reason_may_waive_the_fee() -> None:
    kind = ReturnReason(code="ours", waives_fee=True)
    answer = told(policy(fee_percent=Decimal(15), fee_fixed=Decimal(5)), reason=kind)
    assert (answer.fee, answer.fee_percent, answer.fee_fixed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("pays", "reason", "payer", "shipping"),
    [
        ("supplier", TOO_MUCH, "supplier", "0"),
        ("customer", BROKEN, "customer", "9.90"),
        ("liable", TOO_MUCH, "customer", "9.90"),
        ("liable", BROKEN, "supplier", "0"),
        ("liable", SHORT, "supplier", "0"),
        ("liable", None, "", "9.90"),
    ],
)
def test_who_is_liable_pays_the_way_back(pays: str, reason: Any, payer: str, shipping: str) -> None:
    answer = told(policy(pays=pays, shipping_fee=Decimal("9.90")), reason=reason)
    assert (answer.pays, answer.shipping_fee) == (payer, Decimal(shipping))


def test_what_is_asked_for_is_the_more_of_what_policy_and_reason_want() -> None:
    answer = told(policy(photos=1, asks_serial=True), reason=BROKEN)
    assert (answer.photos, answer.asks_serial, answer.asks_lot, answer.asks_text) == (
        2, True, True, False,
    )  # fmt: skip
    assert told(policy(photos=4, photos_from=Decimal(20))).photos == 4
    assert told(policy(photos=4, photos_from=Decimal(21))).photos == 0
    assert told(policy(photos=40)).photos == 6


@pytest.mark.parametrize(
    ("claim", "serial", "photos"), [("short", False, 1), ("missing", False, 0)]
)
def test_no_policy_asks_for_the_number_of_what_never_came(
    claim: str, serial: bool, photos: int
) -> None:
    asks, claimed = policy(photos=1, asks_serial=True), facts(kind="claim")
    answer = told(asks, facts=claimed, reason=None, claim=claim)
    assert (answer.asks_serial, answer.photos) == (serial, photos)
    damaged = told(asks, facts=claimed, reason=None, claim="damaged")
    assert (damaged.asks_serial, damaged.photos) == (True, 1)


@pytest.mark.parametrize(
    ("columns", "who"),
    [
        ({"approval": "auto"}, "auto"),
        ({"approval": "agent"}, "agent"),
        ({"approval": "erp"}, "erp"),
        ({"approval": "below", "approval_below": Decimal("20.01")}, "auto"),
        ({"approval": "below", "approval_below": Decimal(20)}, "agent"),
        ({"approval": "below", "approval_below": None}, "agent"),
    ],
)
def test_who_decides(columns: Any, who: str) -> None:
    assert told(policy(**columns)).approval == who


def test_what_never_came_or_is_not_worth_it_need_not_come_back() -> None:
    nothing = ("nothing",)
    claimed = told(policy(shipping_fee=Decimal(9)), reason=SHORT, facts=facts(kind="claim"))
    assert (claimed.goods_back, claimed.methods, claimed.destination) == (False, nothing, {})
    assert told(policy(keep_below=Decimal("20.01"))).methods == nothing
    assert told(policy(keep_below=Decimal(20))).goods_back
    assert told(policy(methods=["nothing"])).methods == nothing
    assert told(policy(), claim="missing").methods == nothing
    both = told(policy(methods=["branch", "nothing"]))
    assert both.goods_back and both.methods == ("branch",)


def test_dangerous_and_cooled_goods_are_not_handed_over_at_a_counter() -> None:
    for article in (Article(hazardous=True), Article(cold_chain=True)):
        answer = told(policy(), facts=facts(article=article))
        assert {"parcel_shop", "qr"}.isdisjoint(answer.methods) and "pickup" in answer.methods
        shut = told(policy(methods=["qr"]), facts=facts(article=article))
        assert (shut.allowed, shut.why) == (False, "no_way")


def test_outcomes_suit_the_kind_and_the_usual_one_comes_first() -> None:
    assert told(policy()).outcomes == ("credit",)
    several = policy(outcomes=["credit", "replacement", "exchange"])
    assert told(several).outcomes == ("credit", "replacement")
    assert told(several, reason=BROKEN).outcomes == ("replacement", "credit")
    assert told(several, facts=facts(kind="exchange")).outcomes == ("exchange", "replacement")
    assert told(policy(outcomes=["credit"]), facts=facts(kind="exchange")).why == "no_outcome"


def test_a_policy_names_the_place_it_goes_to() -> None:
    vendor = ReturnPlace(ref="V1", kind="vendor", name="Vendor", address={"city": "Ulm"})
    ours = ReturnPlace(ref="W1", kind="warehouse", name="Ours", address={"city": "Kiel"})
    here = facts(origin={"ref": "W1", "name": "Ours"}, places=[ours])
    assert told(policy(destination=vendor), facts=here).destination["ref"] == "V1"
    assert told(policy(), facts=here).destination["ref"] == "W1"
    vendor.active = False
    assert told(policy(destination=vendor), facts=here).destination["ref"] == "W1"


def test_where_it_came_from_is_taken_as_the_erp_told_it() -> None:
    shop = ReturnPlace(ref="P1", kind="parcel_shop", name="Kiosk")
    first = ReturnPlace(ref="W9", kind="warehouse", name="First")
    closed = ReturnPlace(ref="W1", kind="warehouse", name="Closed", active=False)
    places = [shop, closed, first]
    far = {"ref": "W2", "name": "Far", "address": {"city": "Oslo"}}
    assert told(policy(), facts=facts(origin=far, places=places)).destination == {
        "ref": "W2", "name": "Far", "kind": "warehouse", "address": {"city": "Oslo"},
    }  # fmt: skip
    for nowhere in ({}, {"ref": "W3"}, {"ref": "P1"}, {"ref": "W1", "address": {"city": "X"}}):
        assert told(policy(), facts=facts(origin=nowhere, places=places)).destination["ref"] == "W9"
    assert told(policy()).destination == {}


def test_terms_are_frozen_as_plain_json_and_read_again() -> None:
    packed = Article(notes={"en": "Two boxes"}, tags=[])
    place = ReturnPlace(ref="V1", kind="vendor", name="Vendor", address={"city": "Ulm"})
    answer = told(
        policy(fee_percent=Decimal("12.5"), destination=place, shipping_fee=Decimal("5.90")),
        facts=facts(article=packed),
    )
    assert answer.notes == ("Two boxes",)
    frozen = json.loads(json.dumps(answer.frozen()))
    assert (frozen["fee"], frozen["until"], frozen["policy"]) == ("2.50", "2026-12-10", ["All", 1])
    assert Terms.read(frozen) == answer
    assert Terms.read({**frozen, "later": 1}) == answer
    assert Terms.read(told().frozen()) == told()


def test_patterns_fit_whole_texts_and_know_two_signs() -> None:
    assert fits("AX-100", ["ax-*"]) and fits("AX-1", ["AX-?"])
    assert not fits("AX-100", ["AX"]) and not fits("AX-10", ["AX-?"]) and not fits("A", [])
    assert fits("A[1]", ["A[1]"]) and not fits("A1", ["A[1]"])
    assert fits("a.b", ["a.b"]) and not fits("axb", ["a.b"])
    # Not even this takes long.
    assert not fits("a" * 100, ["*a" * 50 + "b"])


def test_the_first_group_that_fits_a_sku_describes_it() -> None:
    one, many = Article(name="One", skus=["AX-1"]), Article(name="Many", skus=["ax-*", "B"])
    known = Articles([one, many])
    assert known.of("ax-1") is one and known.of("AX-2") is many and known.of("b") is many
    assert known.of("") is None and known.of("C") is None
    assert Articles([Article(name="Every", skus=["*"])]).of("") is None
