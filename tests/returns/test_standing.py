"""Where a return stands, by what came of its lines; what of them is bound. Pure."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.returns.kinds import FREED, Reception, ReturnState
from oms_portal.returns.ledger import shared
from oms_portal.returns.quantities import is_whole, read
from oms_portal.returns.refusals import Refused
from oms_portal.returns.standing import Facts, LineFacts, acceptance_of, freed, state_of


pytestmark = pytest.mark.once
ALL, SOME = LineFacts(D(2), D(2)), LineFacts(D(2), D(1))
GOOD, BAD = LineFacts(D(2), D(2), D(2)), LineFacts(D(2), D(2), D(0), D(2))
NONE = LineFacts(D(2))
LOST = LineFacts(D(2), reception=Reception.LOST)
ELSE = LineFacts(D(2), reception=Reception.WRONG_ITEM)
KEPT = LineFacts(D(2), reception=Reception.NOT_REQUIRED)
CREDITED = LineFacts(D(2), accepted=D(2), reception=Reception.NOT_REQUIRED)
quantities = st.decimals(0, 20, places=1)


@pytest.mark.parametrize(
    ("state", "lines", "told", "expected"),
    [
        ("draft", [ALL], {}, "draft"),
        ("in_review", [NONE], {}, "in_review"),
        ("approved", [NONE], {}, "approved"),
        ("approved", [NONE, NONE], {"scanned": True}, "in_transit"),
        ("in_transit", [SOME], {"scanned": True}, "partly_received"),
        ("in_transit", [ALL, NONE], {"scanned": True}, "partly_received"),
        ("in_transit", [ALL, LOST], {"scanned": True}, "received"),
        ("received", [GOOD, ALL], {}, "received"),
        ("received", [GOOD, BAD], {}, "inspected"),
        ("received", [BAD, LOST], {}, "closed"),
        ("inspected", [GOOD], {"settled": True}, "settled"),
        ("partly_received", [SOME], {"settled": True}, "partly_received"),
        ("approved", [KEPT], {}, "approved"),
        ("approved", [CREDITED], {}, "inspected"),
        ("approved", [CREDITED], {"settled": True}, "settled"),
        ("approved", [NONE], {"settled": True}, "settled"),
        ("in_transit", [ELSE], {"scanned": True}, "received"),
        ("cancelled", [NONE], {}, "cancelled"),
        ("cancelled", [ALL], {}, "received"),
        ("expired", [NONE], {"scanned": True}, "in_transit"),
        ("rejected", [SOME], {}, "partly_received"),
        ("closed", [SOME], {"closed": True}, "closed"),
    ],
)
def test_the_state_follows_from_the_lines(
    state: str, lines: list[LineFacts], told: dict[str, bool], expected: str
) -> None:
    assert state_of(Facts(state, lines, **told)) == expected


@given(
    state=st.sampled_from(list(ReturnState)),
    requested=quantities,
    approved=quantities,
    received=quantities,
    reception=st.sampled_from(list(Reception)),
)
def test_what_goes_back_to_the_ledger_is_never_more_than_was_taken(
    state: ReturnState, requested: D, approved: D, received: D, reception: Reception
) -> None:
    back = freed(state, requested, approved, received, reception)
    assert 0 <= back <= requested
    if state in FREED:
        assert back == requested


@given(
    parts=st.dictionaries(st.text(max_size=2), quantities, max_size=4),
    left=quantities,
    elsewhere=quantities,
)
def test_no_more_may_come_back_than_left_us_and_is_not_back_yet(
    parts: dict[str, D], left: D, elsewhere: D
) -> None:
    found = shared(parts, left, elsewhere)
    assert all(0 <= found[thread] <= parts[thread] for thread in parts)
    assert sum(found.values()) == max(D(0), min(left, sum(parts.values(), D(0))) - elsewhere)


def test_what_came_back_elsewhere_is_taken_from_the_oldest_delivery() -> None:
    assert shared({"old": D(5), "new": D(5)}, D(10), D(6)) == {"old": D(0), "new": D(4)}
    assert shared({"old": D(5), "new": D(5)}, D(7)) == {"old": D(5), "new": D(2)}


@pytest.mark.parametrize(
    ("unit", "delivered", "whole"),
    [
        ("C62", "2.5", True),
        ("H87", "2", True),
        ("EA", "2", True),
        ("PCE", "2", True),
        (" ea ", "2", True),
        ("XBX", "2", True),
        ("KGM", "2", False),
        ("MTR", "2", False),
        ("DZN", "2", False),
        ("", "2", True),
        ("QQ7", "2", True),
        ("QQ7", "2.5", False),
    ],
)
def test_what_comes_in_pieces_comes_whole(unit: str, delivered: str, whole: bool) -> None:
    assert is_whole(unit, D(delivered)) is whole


@pytest.mark.parametrize("text", [None, 1, "", "0", "-1", "1,5", "inf", "9" * 30, "1\n2", "٣"])
def test_what_is_no_quantity(text: object) -> None:
    with pytest.raises(Refused):
        read(text, "KGM", D(3))


def test_a_quantity_is_read_as_people_write_it() -> None:
    assert str(read(" 2.50 ", "KGM", D(3))) == "2.5"
    assert str(read("10", "C62", D(10))) == "10"


def test_what_is_taken_of_what_came() -> None:
    assert acceptance_of(D(2), D(2), D(0)) == "accepted"
    assert acceptance_of(D(2), D(1), D(0)) == "partly_accepted"
    assert acceptance_of(D(2), D(0), D(2)) == "rejected"
    assert acceptance_of(D(2), D(0), D(0)) == "pending"
