"""Check digits: every slip that people and scanners make is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_portal.returns.labels import digits


pytestmark = pytest.mark.once

NINE = st.from_regex(r"[0-9]{9}", fullmatch=True)


def test_the_digit_is_damms() -> None:
    # The example everybody computes: 572 has the digit 4.
    assert digits.damm("572") == "4"
    assert digits.damm("5724") == "0"


def test_numbers_have_their_shape() -> None:
    assert digits.rma_number("123456789") == "R1234567894"
    assert digits.parcel_code("123456789", 1) == "R123456789018"
    assert digits.is_valid("R1234567894")
    assert digits.is_valid("R123456789018")


@given(NINE, st.integers(1, 99))
def test_a_parcel_leads_to_its_return(nine: str, sequence: int) -> None:
    assert digits.rma_of(digits.parcel_code(nine, sequence)) == digits.rma_number(nine)


@given(NINE, st.integers(1, 99))
@settings(max_examples=30)
def test_no_single_wrong_digit_is_taken(nine: str, sequence: int) -> None:
    for code in (digits.rma_number(nine), digits.parcel_code(nine, sequence)):
        for place in range(1, len(code)):
            for wrong in set("0123456789") - {code[place]}:
                assert not digits.is_valid(code[:place] + wrong + code[place + 1 :])


@given(NINE, st.integers(1, 99))
@settings(max_examples=30)
def test_no_two_neighbours_that_changed_places_are_taken(nine: str, sequence: int) -> None:
    for code in (digits.rma_number(nine), digits.parcel_code(nine, sequence)):
        for place in range(1, len(code) - 1):
            one, other = code[place], code[place + 1]
            if one != other:
                assert not digits.is_valid(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize(
    "code",
    [
        "",
        "R",
        "R123456789",
        "r1234567894",
        "R12345678941",
        "X1234567894",
        "R12345678٩4",
        "R1234567890 ",
    ],
)
def test_what_is_no_number_of_ours_is_refused(code: str) -> None:
    assert not digits.is_valid(code)


@pytest.mark.parametrize("code", ["R1234567894", "R123456789019", ""])
def test_only_a_parcel_belongs_to_a_return(code: str) -> None:
    with pytest.raises(ValueError, match="no parcel"):
        digits.rma_of(code)


@pytest.mark.parametrize("sequence", [0, 100, -1])
def test_a_return_has_ninety_nine_parcels(sequence: int) -> None:
    with pytest.raises(ValueError, match="1 to 99"):
        digits.parcel_code("123456789", sequence)


@pytest.mark.parametrize("nine", ["", "12345678", "1234567890", "12345678x", "12345678٩"])
def test_nine_digits_are_nine_digits(nine: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        digits.rma_number(nine)


def test_an_sscc_is_that_of_gs1s_examples() -> None:
    # Extension digit 1, company 0614141, reference 123456789, check digit 7 (GS1 General
    # Specifications): the extension digit is the first of the serial.
    assert digits.sscc("0614141", 1234567890) == "106141412345678908"
    assert digits.sscc("0614141", 0) == "006141410000000005"


@given(st.from_regex(r"[0-9]{4,12}", fullmatch=True), st.integers(0, 10**5 - 1))
def test_an_sscc_sums_up(prefix: str, serial: int) -> None:
    code = digits.sscc(prefix, serial)
    assert len(code) == 18
    assert sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(code)) % 10 == 0


@pytest.mark.parametrize(("prefix", "serial"), [("123", 1), ("1234567890123", 1), ("12x4", 1)])
def test_a_company_prefix_is_digits(prefix: str, serial: int) -> None:
    with pytest.raises(ValueError, match="digits"):
        digits.sscc(prefix, serial)


@pytest.mark.parametrize("serial", [-1, 10**10])
def test_a_serial_fits_behind_the_prefix(serial: int) -> None:
    with pytest.raises(ValueError, match="room for 10"):
        digits.sscc("4012345", serial)
