"""“Did you mean …”: slips are caught, other places are left alone."""

from __future__ import annotations

from time import process_time

import pytest

from oms_portal.changes.addresses import book_of, check
from oms_portal.customers.access import actor_for
from tests.factories import address, company, order, person


PLANT = {
    "ref": "S1",
    "name": "Plant North",
    "lines": ["Große Hafenstraße 12", "Gate 3"],
    "city": "Hamburg",
    "postal_code": "20457",
    "country": "DE",
    "contact": "Ms. Ahrens",
}


def typed(**changes: object) -> dict[str, object]:
    return {**PLANT, "lines": ["Große Hafenstraße 12", "Gate 3"], "contact": "", **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "PLANT NORTH"},
        {"lines": ["Grosse Hafenstr. 12", "Gate 3"]},
        {"lines": ["GROSSE HAFENSTRASSE 12", "gate 3"]},
        {"lines": ["Große Hafenstrase 12", "Gate 3"]},
        {"city": "hamburg"},
        {"postal_code": "D-20457"},
        {"contact": "Somebody else"},
    ],
)
def test_a_place_of_the_book_however_it_is_written_is_that_place(changes):
    checked = check(typed(**changes), [PLANT])

    assert checked.ref == "S1"
    assert not checked.suggestions


@pytest.mark.parametrize(
    "changes",
    [
        {"postal_code": "20475"},
        {"postal_code": "20557"},
        {"city": "Hambrug"},
        {"city": "Hamborg"},
        {"lines": ["Große Hafnestr. 12", "Gate 3"]},
        {"lines": ["Große Hafenstraße 21", "Gate 3"]},
        {"lines": ["Große Hafenstraße 12"]},
        {"name": "Another name"},
        {"postal_code": "20475", "city": "Hambrug"},
        {"country": "FR"},
    ],
)
def test_a_slip_is_asked_about_with_the_place_that_was_meant(changes):
    checked = check(typed(**changes), [PLANT])

    (offer,) = checked.suggestions
    assert (offer.kind, offer.ref, offer.address["city"]) == ("book", "S1", "Hamburg")
    assert offer.words.startswith("Did you mean this place of your address book: Plant North, ")
    assert checked.ref == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ["Große Hafenstraße 14", "Gate 3"]},
        {"lines": ["Große Hafenstraße 12", "Gate 4"]},
        {"lines": ["Am Markt 12"]},
        {"city": "Bremen"},
        {"postal_code": "80331"},
        {"lines": ["Große Hafnestr. 21", "Gate 3"], "city": "Hambrug"},
    ],
)
def test_another_place_is_no_slip(changes):
    assert not check(typed(**changes), [PLANT]).suggestions


def test_the_likest_come_first_and_never_more_than_three():
    book = [{**PLANT, "ref": f"N{n}", "name": f"Dock {n}"} for n in range(9)]

    offers = check(typed(city="Hambrug"), [*book, PLANT]).suggestions

    assert [offer.ref for offer in offers] == ["S1", "N0", "N1"]


@pytest.mark.parametrize(
    ("given", "usual"),
    [
        ({"country": "GB", "postal_code": "SW1A1AA", "city": "London"}, ("SW1A 1AA", "London")),
        ({"city": "köln"}, ("20457", "Köln")),
        ({"city": "FRANKFURT AM MAIN"}, ("20457", "Frankfurt am Main")),
        ({"country": "JP", "region": "Tokyo", "postal_code": "1000005"}, ("100-0005", "Hamburg")),
    ],
)
def test_the_usual_way_of_writing_is_offered(given, usual):
    (offer,) = check(typed(**given)).suggestions

    assert offer.kind == "form"
    assert (offer.address["postal_code"], offer.address["city"]) == usual
    assert not check(offer.address).suggestions


def test_what_was_kept_knowingly_is_not_asked_again_until_the_text_changes():
    first = check(typed(city="Hambrug"), [PLANT])
    kept = {offer.id for offer in first.suggestions}

    assert check(typed(city="Hambrug"), [PLANT]).open(kept) == ()
    assert len(check(typed(city="Hamburk"), [PLANT]).open(kept)) == 1


def test_no_suggestion_is_made_while_there_are_errors():
    assert not check(typed(postal_code="1"), [PLANT]).suggestions


@pytest.mark.parametrize("one_town", [False, True])
def test_a_book_of_five_thousand_places_is_searched_at_once(one_town):
    book = [
        {
            "ref": str(n),
            "name": f"Site {n}",
            "lines": [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n:x}weg {n % 90}"],
            "city": "Hamburg" if one_town else f"Town{n}",
            "postal_code": "20457" if one_town else str(10_000 + n),
            "country": "DE",
        }
        for n in range(5_000)
    ]
    started = process_time()

    offers = check(typed(city="Hambrug"), [*book, PLANT]).suggestions

    # 10 and 80 ms of work; others' work does not count.
    assert process_time() - started < 1
    assert [offer.ref for offer in offers] == ["S1"]


@pytest.mark.django_db
def test_the_book_is_the_companys_where_the_person_may_change(django_assert_num_queries):
    own, other = company("C1"), company("C2")
    mine = address(own, "S1", name="B")
    first = address(own, "S2", name="A")
    address(own, "S3", kind=["bill_to"])
    address(own, "S4", archived_at="2026-01-01T00:00:00Z")
    address(other, "S5")
    asked = order("SO-1", "C1")
    buyer, viewer = person("a@c1.example", own), person("b@c1.example", own, "viewer")
    narrow = person("c@c1.example", own, ship_tos=[mine])
    actor = actor_for(buyer)

    with django_assert_num_queries(1):
        assert book_of(actor, asked) == [first, mine]
    assert book_of(actor_for(narrow), asked) == [mine]
    assert book_of(actor_for(viewer), asked) == []
    assert check({"country": "DE"}, book_of(actor, asked)).errors
