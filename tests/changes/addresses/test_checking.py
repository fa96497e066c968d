"""Addresses of many countries, right and wrong, and what the person is told."""

from __future__ import annotations

from unicodedata import category

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.changes.addresses import check, fields_for


def typed(country: str = "DE", **members: object) -> dict[str, object]:
    return {
        "name": "Acme",
        "lines": ["Main Road 5"],
        "city": "Town",
        "country": country,
        **members,
    }


# Country, region, postcode as typed, postcode as kept, a postcode that can't be one of it.
PLACES = [
    ("AR", "", "C1070AAM", "C1070AAM", "12"),
    ("AT", "", "1010", "1010", "20457"),
    ("AU", "NSW", "2060", "2060", "20605"),
    ("BE", "", "b-4000", "4000", "40000"),
    ("BR", "SP", "01310100", "01310100", "1310"),
    ("CA", "ON", "k1a 0b1", "K1A 0B1", "Z1A 0B1"),
    ("CH", "", "CH-8001", "8001", "80011"),
    ("CN", "北京市", "100000", "100000", "1000"),
    ("CZ", "", "110 00", "110 00", "11"),
    ("DE", "", "D-20457", "20457", "2045"),
    ("DK", "", "1050", "1050", "10500"),
    ("ES", "Madrid", "28039", "28039", "99999999"),
    ("FI", "", "00550", "00550", "0055"),
    ("FR", "", "F-75001", "75001", "7500A"),
    ("GB", "", "sw1a1aa", "SW1A 1AA", "20457"),
    ("IE", "", "d02x285", "D02 X285", "20457"),
    ("IN", "Delhi", "110034", "110034", "11003"),
    ("IT", "Roma", "00144", "00144", "144"),
    ("JP", "Tokyo", "１５４-００２３", "154-0023", "15"),
    ("KR", "서울특별시", "03051", "03051", "3051"),
    ("LU", "", "L-4750", "4750", "47501"),
    ("MX", "CDMX", "02860", "02860", "286"),
    ("NL", "", "1234ab", "1234 AB", "1234"),
    ("NO", "", "0025", "0025", "25"),
    ("PL", "", "00950", "00-950", "0095"),
    ("PT", "", "2725079", "2725-079", "27"),
    ("SE", "", "SE-11455", "11455", "1145"),
    ("SG", "", "546080", "546080", "5460"),
    ("TR", "Istanbul", "34394", "34394", "3439"),
    ("US", "California", "95014", "95014", "9501"),
]


@pytest.mark.parametrize(("country", "region", "postcode", "kept", "wrong"), PLACES)
def test_each_country_takes_its_own_postcodes_and_no_other(country, region, postcode, kept, wrong):
    right = check(typed(country, region=region, postal_code=postcode))
    bad = check(typed(country, region=region, postal_code=wrong))

    assert not right.errors
    assert right.address["postal_code"] == kept
    assert list(bad.errors) == ["postal_code"]
    assert bad.errors["postal_code"].startswith("This does not fit the country (")
    assert bad.address["postal_code"] == ""


def test_the_error_says_how_a_postcode_of_the_country_looks():
    found = check(typed("DE", postal_code="SW1A 1AA")).errors

    assert found == {
        "postal_code": "This does not fit the country (Germany). Postcode: 5 digits, such as 26133."
    }


def test_a_postcode_in_a_country_without_any_makes_one_think_of_the_country():
    found = check(typed("HK", region="Kowloon", postal_code="20457")).errors

    assert found["postal_code"].startswith("There are no postcodes in this country (Hong Kong")


def test_a_postcode_of_another_state_is_told_with_the_state():
    found = check(typed("US", region="CA", postal_code="10001")).errors

    assert found == {"postal_code": "This lies in another part of the country than California."}


def test_errors_speak_the_words_of_the_country():
    found = check({"country": "US", "name": "Acme", "lines": "Main Road 5"}).errors

    assert found == {
        "city": "Please fill in: City.",
        "region": "Please fill in: State.",
        "postal_code": "Please fill in: ZIP code.",
    }


@pytest.mark.parametrize(
    "country", ["", "XX", "ZZ", "Germany", "../../etc", "\x00", None, 7, ["DE"]]
)
def test_a_country_that_nobody_knows_is_asked_for(country):
    assert "country" in check(typed(country, postal_code="20457")).errors


@pytest.mark.parametrize(
    ("region", "kept"), [("California", "CA"), ("ca", "CA"), ("CALIFORNIA ", "CA")]
)
def test_a_state_may_be_written_out(region, kept):
    assert check(typed("US", region=region, postal_code="95014")).address["region"] == kept


@pytest.mark.parametrize(("region", "kept"), [("東京都", "東京都"), ("tokyo", "Tokyo")])
def test_a_prefecture_stays_in_the_script_it_was_written_in(region, kept):
    assert check(typed("JP", region=region, postal_code="100-0005")).address["region"] == kept


def test_a_required_state_that_there_is_not_is_asked_for_from_the_list():
    found = check(typed("US", region="Bavaria", postal_code="95014")).errors

    assert found == {"region": "Please choose one from the list: State."}


def test_a_region_where_the_country_writes_none_is_left_as_the_erp_may_know_it():
    assert check(typed("DE", region="Hamburg", postal_code="20457")).address["region"] == "Hamburg"


def test_lines_come_as_a_list_or_as_text_and_are_at_most_five():
    assert check(typed(lines="Hafenstr. 5\r\n\r\nGate 3", postal_code="20457")).address[
        "lines"
    ] == ["Hafenstr. 5", "Gate 3"]
    assert "no more than 5 lines" in check(typed(lines=["x"] * 6)).errors["lines"]


@pytest.mark.parametrize("member", ["name", "lines", "city"])
@pytest.mark.parametrize("bad", ["x" * 5000, "a\x00b", "a\u202eb", "😀", "a\u200bb", "-", ""])
def test_a_bad_member_is_told_in_a_sentence_and_never_handed_on(member, bad):
    value = [bad] if member == "lines" else bad

    checked = check(typed(postal_code="20457", **{member: value}))

    assert list(checked.errors) == [member]
    assert checked.errors[member].endswith(".")
    assert checked.address[member] in ("", [], "-", ["-"])


def test_phone_and_notes_are_checked_along():
    checked = check(typed(postal_code="20457", phone="040 1234512", instructions="Ring\r\ntwice"))

    assert checked.address["phone"] == "+49 40 1234512"
    assert checked.address["instructions"] == "Ring\ntwice"
    assert "phone" in check(typed(postal_code="20457", phone="12")).errors
    assert "instructions" in check(typed(postal_code="20457", instructions="\x00")).errors


MEMBERS = ("name", "lines", "city", "region", "postal_code", "contact", "phone", "instructions")
MESS = st.recursive(
    st.none() | st.integers() | st.text(st.characters(codec=None), max_size=40),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(MEMBERS, MESS)
        | {"country": st.sampled_from(["DE", "US", "JP", "AE", "IR", "", None]) | MESS},
    )
)
def test_nothing_raises_and_no_control_character_comes_through(address):
    checked = check(address, [typed(ref="S1", postal_code="20457")])

    texts = [t for v in checked.address.values() for t in (v if isinstance(v, list) else [v])]
    kept = "".join(texts).replace("\n", "")
    assert not {category(c) for c in kept} & {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
    assert all(checked.errors.values())


def names(country: str) -> list[str]:
    return [field.name for field in fields_for(country)]


def test_the_form_follows_the_order_of_the_country():
    assert names("DE")[:5] == ["country", "name", "lines", "postal_code", "city"]
    assert names("US")[3:6] == ["city", "region", "postal_code"]
    assert names("JP")[:6] == ["country", "postal_code", "region", "city", "lines", "name"]
    assert "postal_code" not in names("AE")
    assert names("XX")[:2] == ["country", "name"]


def test_fields_have_the_words_and_choices_of_the_country():
    us = {field.name: field for field in fields_for("US")}
    jp = {field.name: field for field in fields_for("JP")}

    assert us["postal_code"].label == "ZIP code"
    assert us["region"].label == "State"
    assert ("CA", "California") in us["region"].choices
    assert jp["region"].label == "Prefecture"
    assert ("Tokyo", "Tokyo") in jp["region"].choices
    assert not jp["city"].required and us["city"].required


def test_the_choice_that_an_address_has_keeps_its_spelling():
    field = next(f for f in fields_for("JP", "東京都") if f.name == "region")

    assert ("東京都", "Tokyo") in field.choices


def test_countries_are_named_in_the_language_of_the_reader():
    with override("de"):
        choices = fields_for("DE")[0].choices

    assert ("DE", "Deutschland") in choices
    assert [name for _, name in choices].index("Ägypten") < 30


@pytest.mark.parametrize("country", [code for code, _ in fields_for("DE")[0].choices])
def test_every_country_has_a_form_and_can_be_checked(country):
    fields = fields_for(country)

    assert {"name", "lines", "city"} <= {field.name for field in fields}
    assert all(field.label and field.max_length for field in fields)
    check(typed(country, postal_code="12345", phone="12345"))
