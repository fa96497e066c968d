"""Counts by hand, what came instead, what nobody announced, one step back; and that counts are the
sum of the scans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from oms_portal.returns.receipts.kinds import COUNTING
from oms_portal.returns.receipts.models import DeskScan, Finding, FoundSerial
from oms_portal.returns.receipts.scanning.answers import Answer

from ..scene import Desk, cost, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Desk:
    desk = set_up(settings)
    desk.here.beep(desk.codes[0])
    return desk


def told(answer: Answer) -> tuple[str, str, str]:
    return answer.result.value, answer.counted, answer.why


def test_so_many_of_a_line_are_counted_by_hand_and_fewer_again(desk: Desk) -> None:
    with cost(6):
        assert told(desk.here.key("add", line="3", quantity="2")) == ("counted", "2", "")
    assert told(desk.here.key("add", line="3", quantity="+5")) == ("over", "7", "")
    with cost(6):
        assert told(desk.here.key("add", line="3", quantity="-6")) == ("counted", "1", "")
    assert told(desk.here.key("add", line="3", quantity="-2")) == ("refused", "", "below")
    assert desk.counted("3") == "1"


def test_what_is_measured_is_counted_in_parts(desk: Desk) -> None:
    for _ in range(3):
        desk.here.key("add", line="2", quantity="0.1")
    assert told(desk.here.key("add", line="2", quantity="2.2")) == ("counted", "2.5", "")
    assert told(desk.here.key("add", line="2", quantity="0.000001")) == ("over", "2.500001", "")


@pytest.mark.parametrize(
    "text", ["0", "", "x", "1.5", "1e40", "NaN", "Infinity", "--1", "0.0000001"]
)
def test_what_is_no_quantity_of_pieces_is_refused(desk: Desk, text: str) -> None:
    assert told(desk.here.key("add", line="1", quantity=text)) == ("refused", "", "quantity")


def test_a_line_that_is_not_there_counts_nothing(desk: Desk) -> None:
    assert told(desk.here.key("add", line="99")) == ("refused", "", "line")
    assert told(desk.here.key("unexpected")) == ("refused", "", "line")
    assert desk.there.key("add", line="1").result.value == "no_return"


def test_damaged_ones_are_among_those_that_are_counted(desk: Desk) -> None:
    assert told(desk.here.key("damaged", line="1")) == ("refused", "", "below")
    desk.here.beep("SKU-L1")
    with cost(6):
        assert told(desk.here.key("damaged", line="1")) == ("damaged", "1", "")
    assert told(desk.here.key("damaged", line="1")) == ("refused", "", "below")
    assert told(desk.here.key("add", line="1", quantity="-1")) == ("refused", "", "below")
    assert told(desk.here.key("damaged", line="1", quantity="-1")) == ("damaged", "1", "")
    assert told(desk.here.key("damaged", line="1", quantity="-1")) == ("refused", "", "below")


def test_something_else_in_place_of_a_line_and_what_nobody_announced(desk: Desk) -> None:
    assert told(desk.here.key("wrong", line="1", description="A brick")) == ("wrong", "1", "")
    assert told(desk.here.key("wrong", line="1", description="A brick")) == ("wrong", "2", "")
    wish = {"sku": "XX", "description": "Cable"}
    assert told(desk.here.key("unexpected", **wish, quantity="3")) == ("unexpected", "3", "")
    assert told(desk.here.key("damaged", **wish)) == ("damaged", "3", "")
    assert told(desk.here.key("add", **wish, quantity="-1")) == ("counted", "2", "")
    # An article that was scanned and is not on the return, written down by its code.
    assert desk.here.key("unexpected", text="]E04006381333931").item == "04006381333931"
    found = {(one.found, one.sku, one.description): one.counted for one in Finding.objects.all()}
    assert found == {
        ("wrong", "", "A brick"): 2,
        ("unexpected", "XX", "Cable"): 2,
        ("unexpected", "04006381333931", ""): 1,
    }


def test_what_was_judged_is_not_counted_away(desk: Desk) -> None:
    desk.here.key("add", line="1", quantity="3")
    Finding.objects.update(judged=2)
    assert told(desk.here.key("add", line="1", quantity="-2")) == ("refused", "", "below")
    assert told(desk.here.key("add", line="1", quantity="-1")) == ("counted", "2", "")


def test_one_step_back_after_the_other_takes_back_what_this_tab_counted(desk: Desk) -> None:
    desk.here.beep("SKU-L1")
    desk.here.beep("SN1")
    desk.there.beep("SKU-L1", rma=desk.rma.pk)
    desk.here.key("damaged", line="1")
    desk.here.beep("nonsense")
    steps = []
    for _ in range(4):
        with cost(6):
            steps.append(told(desk.here.key("undo")))
    assert steps == [("undone", "3", ""), ("undone", "2", ""), ("undone", "1", ""),
                     ("refused", "", "nothing")]  # fmt: skip
    assert (desk.counted(), Finding.objects.get().damaged) == ("1", 0)
    # The number that was taken back may be read again.
    assert not FoundSerial.objects.exists()
    assert told(desk.here.beep("SN1")) == ("counted", "2", "")
    assert told(desk.here.key("undo")) == ("undone", "1", "")


def test_a_step_back_that_is_no_longer_possible_changes_nothing(desk: Desk) -> None:
    desk.here.beep("SKU-L1")
    Finding.objects.update(judged=1)
    assert told(desk.here.key("undo")) == ("refused", "", "below")
    Finding.objects.update(judged=0)
    assert told(desk.here.key("undo")) == ("undone", "0", "")


def test_counting_more_makes_the_told_count_an_old_one(desk: Desk) -> None:
    desk.here.beep("SKU-L1")
    receipt = desk.receipt()
    for act in (
        lambda: desk.here.beep("SKU-L1"),
        lambda: desk.here.beep(desk.codes[1]),
        lambda: desk.here.key("undo"),
        lambda: desk.here.key("damaged", line="1"),
    ):
        type(receipt).objects.update(counted_at=receipt.arrived_at, decided_at=receipt.arrived_at)
        act()
        assert (desk.receipt().counted_at, desk.receipt().decided_at) == (None, None)
    type(receipt).objects.update(counted_at=receipt.arrived_at)
    for text in ("nonsense", desk.codes[0], desk.rma.number):
        desk.here.beep(text)
    assert desk.here.key("add", line="1", quantity="-9").why == "below"
    assert desk.receipt().counted_at is not None


WHOLE = st.integers(-3, 5).map(str)
PARTS = st.decimals(Decimal("-1.5"), Decimal(2), places=2).map(str)
STEPS = st.one_of(
    st.just(("scan", {"text": "SKU-L1"})),
    st.sampled_from(["SN1", "SN2"]).map(lambda text: ("scan", {"text": text})),
    WHOLE.map(lambda n: ("add", {"line": "1", "quantity": n})),
    PARTS.map(lambda n: ("add", {"line": "2", "quantity": n})),
    WHOLE.map(lambda n: ("damaged", {"line": "1", "quantity": n})),
    PARTS.map(lambda n: ("damaged", {"line": "2", "quantity": n})),
    st.just(("wrong", {"line": "1", "description": "A brick"})),
    st.just(("unexpected", {"sku": "XX"})),
    st.just(("undo", {})),
)


@given_settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_what_is_counted_is_the_sum_of_the_scans(desk: Desk, steps: list[Any]) -> None:
    for at, (verb, wish) in enumerate(steps):
        desk_of = desk.here if at % 3 else desk.there
        desk_of.key(verb, rma=desk.rma.pk, **wish)
    for finding in Finding.objects.all():
        own = DeskScan.objects.filter(finding=finding, result__in=COUNTING)
        summed = own.aggregate(counted=Sum("delta"), damaged=Sum("damaged"))
        assert round(summed["counted"], 6) == finding.counted
        assert round(summed["damaged"], 6) == finding.damaged
        assert 0 <= finding.damaged <= finding.counted
    serials = FoundSerial.objects.filter(finding__line__ref="1").count()
    assert Decimal(serials) <= max(Decimal(desk.counted()), Decimal(2))
