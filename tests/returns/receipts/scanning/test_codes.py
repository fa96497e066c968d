"""What scanners send, and what people type instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.returns.labels import digits
from oms_portal.returns.receipts.kinds import ScanKind
from oms_portal.returns.receipts.scanning import wedges
from oms_portal.returns.receipts.scanning.codes import LONGEST, readings


pytestmark = pytest.mark.once

HOSTS = {"shop.example"}
GTIN = "04012345000016"
NINE = st.text("0123456789", min_size=9, max_size=9)
NUMBERS = NINE.map(digits.rma_number)
PARCELS = st.builds(digits.parcel_code, NINE, st.integers(1, 99))
SSCCS = st.builds(digits.sscc, st.just("4012345"), st.integers(0, 10**10 - 1))
GTINS = st.text("0123456789", min_size=12, max_size=12).map(lambda n: n + digits.gs1_digit(n))
# Character set 82, of which the part that every keyboard types.
SERIALS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/.", min_size=1, max_size=20)


def best(text: str) -> tuple[str, str, str]:
    found = readings(text, HOSTS)[0]
    return found.kind.value, found.value, found.why


def typed_on(layout: str, sent: str) -> str:
    """What a computer with this keyboard makes of what a scanner sends."""
    plain, shifted = wedges._LAYOUTS[layout]
    seen = dict(zip(wedges._US + wedges._US_SHIFTED, plain + shifted, strict=True))
    return "".join(seen.get(char, char) for char in sent)


@given(code=NUMBERS | PARCELS, before=st.sampled_from(["", "]C0", "]Q3", "]d2", "\x02", "]C1"]),
       after=st.sampled_from(["", "\r", "\r\n", "\t", "\x1d", "\x03\n", "  "]))  # fmt: skip
def test_a_code_of_ours_is_read_whatever_the_scanner_puts_around_it(
    code: str, before: str, after: str
) -> None:
    kind = "return" if len(code) == 11 else "parcel"
    assert best(before + code + after) == (kind, code, "")
    assert best(before + code.lower() + after)[1] == code


@given(code=NUMBERS | PARCELS, layout=st.sampled_from(["de", "fr", "be"]))
def test_a_code_comes_through_another_keyboard(code: str, layout: str) -> None:
    assert best(typed_on(layout, f"]C0{code}"))[1] == code
    link = f"https://shop.example/portal/returns/{digits.rma_number(code[1:10])}/"
    assert best(typed_on(layout, link))[:2] == ("return", digits.rma_number(code[1:10]))


@given(code=NUMBERS | PARCELS, place=st.integers(1, 10), shift=st.integers(1, 9))
def test_any_wrong_digit_is_told_before_anybody_asks_the_database(
    code: str, place: int, shift: int
) -> None:
    other = str((int(code[place]) + shift) % 10)
    found = readings(code[:place] + other + code[place + 1 :], HOSTS)
    assert [one.why for one in found] == ["digit"]


@given(code=NUMBERS | PARCELS, place=st.integers(1, 9))
def test_two_neighbours_that_changed_places_are_told(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert best(swapped)[2] == ("" if swapped == code else "digit")


@given(code=NUMBERS | PARCELS)
def test_letters_that_look_like_digits_and_blanks_between_are_understood(code: str) -> None:
    letters = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}
    typed = "".join(letters.get(char, char) for char in code)
    assert best(typed)[1] == code
    assert best(" ".join([typed[:4], typed[4:7], typed[7:]]).lower())[1] == code


def test_a_character_that_was_lost_makes_no_other_code() -> None:
    code = digits.rma_number("123456789")
    assert readings(code[:-1], HOSTS)[-1].why == "digit"


@given(sscc=SSCCS, form=st.sampled_from(["{}", "00{}", "]C100{}", "(00){}", "]C1\x1d00{}\r"]))
def test_an_sscc_is_read_with_and_without_its_identifier(sscc: str, form: str) -> None:
    assert best(form.format(sscc)) == ("sscc", sscc, "")


@given(sscc=SSCCS, place=st.integers(0, 17), shift=st.integers(1, 9))
def test_a_wrong_digit_of_an_sscc_is_told_where_the_code_says_that_it_is_one(
    sscc: str, place: int, shift: int
) -> None:
    wrong = sscc[:place] + str((int(sscc[place]) + shift) % 10) + sscc[place + 1 :]
    assert best(f"]C100{wrong}")[2] == "digit"
    # A carrier may number parcels like that.
    plain = readings(wrong, HOSTS)
    assert (plain[0].kind, plain[0].value) == (ScanKind.UNKNOWN, wrong)
    assert plain[-1].why == "digit"


@given(gtin=GTINS, serial=SERIALS, lot=SERIALS, fnc1=st.sampled_from(["\x1d", "<GS>", "{GS}"]),
       before=st.sampled_from(["]d2", "]C1", "]e0", "]Q3", ""]))  # fmt: skip
def test_a_gs1_code_gives_article_serial_and_lot_in_any_order(
    gtin: str, serial: str, lot: str, fnc1: str, before: str
) -> None:
    for text in (
        f"010{gtin}21{serial}{fnc1}10{lot}",
        f"010{gtin}17291231{'10'}{lot}{fnc1}3712{fnc1}21{serial}",
        f"(01)0{gtin}(21){serial}(10){lot}" if not set("()") & set(serial + lot) else "",
    ):
        if text:
            found = readings(("" if text.startswith("(") else before) + text, HOSTS)[0]
            assert (found.gtin, found.serial, found.lot) == (f"0{gtin}", serial, lot)
            assert (found.kind, found.value) == (ScanKind.SERIAL, serial)


@pytest.mark.parametrize("code", ["4012345000016", "04012345000016", "]E04012345000016"])
def test_an_ean_is_an_article_of_fourteen_digits(code: str) -> None:
    assert best(code) == ("article", GTIN, "")


def test_a_wrong_digit_of_an_ean_is_told_but_may_be_a_carriers_number() -> None:
    assert best("]E04012345000017")[2] == "digit"
    assert [one.why for one in readings("4012345000017", HOSTS)] == ["", "digit"]


def test_an_articles_own_link_is_read_whoever_made_it() -> None:
    found = readings(f"https://id.example/01/{GTIN}/10/A1/21/SN%2F7?x=1", HOSTS)[0]
    assert (found.gtin, found.serial, found.lot, found.why) == (GTIN, "SN/7", "A1", "")


@pytest.mark.parametrize(
    "text",
    ["https://other.example/portal/returns/R1234567894/", "http://[x", "https://other.example/"],
)
def test_another_sites_link_is_foreign(text: str) -> None:
    assert best(text)[2] == "foreign"


def test_links_of_every_host_of_the_site_are_ours(settings: object) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "*"]
    settings.OMS_PORTAL = {"BASE_URL": "https://b.example"}
    for host in ("a.example", "b.example"):
        assert readings(f"https://{host}/x/returns/R1234567894/")[0].value == "R1234567894"
    assert readings("https://c.example/x/returns/R1234567894/")[0].why == "foreign"


def test_letters_that_changed_places_on_the_keyboard_are_offered_too() -> None:
    assert [one.value for one in readings("SZ-100", HOSTS)] == ["SZ-100", "SY/100"]


@given(st.text(max_size=2 * LONGEST))
def test_any_text_has_a_reading_and_none_fails(text: str) -> None:
    found = readings(text, HOSTS)
    assert found
    assert all(len(one.value) <= LONGEST and "\0" not in one.value for one in found)
    rank = [bool(one.why) for one in found]
    assert rank == sorted(rank)
