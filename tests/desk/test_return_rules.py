"""Reasons in a tree, places with addresses that labels can bear, and what is known of articles."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oms_portal.returns.models import Return, ReturnableLine, ReturnLine
from oms_portal.returns.reason_tree import reasons_for, tree
from oms_portal.returns.rules import Article, ReturnPlace, ReturnPolicy, ReturnReason
from tests import factories

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db

MODELS = ("returnreason", "returnplace", "article")
RIGHTS = [f"{verb}_{model}" for verb in ("add", "change", "delete") for model in MODELS]
REASON = {"texts_en": "Broken", "liability": "supplier", "photos": "1", "active": "on"}
PLACE = {
    "name": "Bremen returns", "kind": "warehouse", "ref": "W1", "active": "on",
    "lines": "Kai 4\nGate 2", "postal_code": "28195", "city": "Bremen", "country": "DE",
}  # fmt: skip
GROUP = {"name": "Bearings", "skus": "AX-*\r\n6204-2RS"}


@pytest.fixture
def desk(site: Any) -> Client:
    return client_of(staff("returns@shop.example", *RIGHTS))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def add(client: Client, name: str, form: dict[str, Any], /, **changes: Any) -> Any:
    return client.post(reverse(f"{name}:add"), form | changes)


def change(client: Client, name: str, row: Any, form: dict[str, Any], /, **changes: Any) -> Any:
    return client.post(reverse(f"{name}:edit", args=[row.pk]), form | changes)


def reasons(*told: tuple[str, str], **columns: Any) -> list[ReturnReason]:
    """(code, its heading's code or "")."""
    made: dict[str, ReturnReason] = {}
    for position, (code, heading) in enumerate(told):
        made[code] = ReturnReason.objects.create(
            code=code, texts={"en": code.title()}, parent=made.get(heading), position=position,
            **columns,
        )  # fmt: skip
    return list(made.values())


def test_a_reason_is_made_with_its_words_in_each_language(desk: Client) -> None:
    [heading] = reasons(("faulty", ""))
    answer = add(desk, "oms_return_reasons", REASON, texts_de="Kaputt", texts_ar="مكسور",
                 parent=heading.pk, kinds=["return", "claim"], claim="damaged")  # fmt: skip
    assert answer.status_code == 302, text(answer)
    reason = ReturnReason.objects.get(code="broken")
    assert reason.texts == {"en": "Broken", "de": "Kaputt", "ar": "مكسور"}
    assert (reason.parent, reason.claim, reason.photos) == (heading, "damaged", 1)
    form = desk.get(reverse("oms_return_reasons:edit", args=[reason.pk])).content.decode()
    assert re.search(r'<label for="[^"]*">Deutsch</label>\s*<input[^>]*value="Kaputt"', form)
    assert re.search(r'<input[^>]*lang="ar" dir="rtl"', form)
    assert "{" not in re.sub(r"(?s)<script.*?</script>", "", form[form.index("<h2>") :])[:9000]
    # The code is told to the ERP: it stays.
    change(desk, "oms_return_reasons", reason, REASON, code="other", texts_en="Broken now")
    reason.refresh_from_db()
    assert (reason.code, reason.texts["en"]) == ("broken", "Broken now")


def test_a_code_that_is_left_out_is_made_from_the_words(desk: Client) -> None:
    for code in ("broken", "broken_2", "broken_3"):
        add(desk, "oms_return_reasons", REASON)
        assert ReturnReason.objects.latest("pk").code == code
    add(desk, "oms_return_reasons", REASON, texts_en="???")
    assert ReturnReason.objects.latest("pk").code == "reason"
    assert "already exists" in text(add(desk, "oms_return_reasons", REASON, code="broken"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"texts_en": ""}, "This field is required."),
        ({"texts_en": "", "texts_de": "Kaputt"}, "Write it in this language first: English."),
        ({"texts_en": "x" * 101}, "at most 100 characters"),
        ({"code": "a b"}, "Enter a valid"),
        ({"photos": "7"}, "less than or equal to 6"),
        ({"kinds": ["return"], "claim": "short"}, "Only claims can claim something"),
    ],
)
def test_what_is_wrong_with_a_reason_is_said(desk: Client, changes: Any, said: str) -> None:
    answer = add(desk, "oms_return_reasons", REASON, **changes)
    assert answer.status_code == 200 and said in text(answer)
    assert not ReturnReason.objects.exists()


def test_there_are_two_levels_and_no_more(desk: Client) -> None:
    heading, below, other = reasons(("faulty", ""), ("broken", "faulty"), ("other", ""))
    form = REASON | {"texts_en": "Faulty"}
    said = text(change(desk, "oms_return_reasons", heading, form, parent=other.pk))
    assert "It is a heading with reasons below it" in said
    assert "itself" in text(change(desk, "oms_return_reasons", other, form, parent=other.pk))
    assert "Select a valid choice" in text(
        change(desk, "oms_return_reasons", other, form, parent=below.pk)
    )


def test_the_list_is_a_tree_and_is_moved_as_one(desk: Client) -> None:
    reasons(("b", ""), ("a", ""), ("b1", "b"), ("a1", "a"), ("b2", "b"))
    page = text(desk.get(reverse("oms_return_reasons:index")))
    assert re.search(r" B .* B1 .* B2 .* A .* A1 ", page)
    a = ReturnReason.objects.get(code="a")
    desk.post(reverse("oms_return_reasons:reorder", args=[a.pk]) + "?position=0")
    page = text(desk.get(reverse("oms_return_reasons:index")))
    assert re.search(r" A .* A1 .* B .* B1 .* B2 ", page)
    assert [h.row.code for h in tree("return")] == ["a", "b"]


def test_what_returns_or_policies_name_is_not_deleted(desk: Client) -> None:
    heading, below, free = reasons(("faulty", ""), ("broken", "faulty"), ("free", ""))
    policy = ReturnPolicy.objects.create(name="Faults", reasons=["broken"])
    url = reverse("oms_return_reasons:delete", args=[heading.pk])
    assert "these policies name it: Faults." in text(desk.post(url, follow=True))
    policy.delete()
    order = factories.order()
    place = ReturnableLine.objects.create(order=order, line_ref="L1", thread="D1", cap=1)
    rma = Return.objects.create(number="R1", company=order.company, form_key="k")
    ReturnLine.objects.create(rma=rma, ref="1", returnable=place, reason=below, unit="C62",
                              requested=1)  # fmt: skip
    assert "returns name it" in text(desk.post(url, follow=True))
    desk.post(reverse("oms_return_reasons:delete", args=[free.pk]))
    assert set(ReturnReason.objects.values_list("code", flat=True)) == {"faulty", "broken"}


def test_a_tree_offers_what_is_active_and_for_the_kind(django_assert_num_queries: Any) -> None:
    reasons(("faulty", ""), ("broken", "faulty"), ("late", ""), ("gone", ""), ("went", "gone"))
    ReturnReason.objects.filter(code="late").update(kinds=["claim"])
    ReturnReason.objects.filter(code="gone").update(active=False)
    ReturnReason.objects.create(code="empty", texts={"en": "x"}, position=9)
    ReturnReason.objects.create(
        code="all_shut", texts={}, active=False, parent=ReturnReason.objects.get(code="empty")
    )
    with django_assert_num_queries(1):
        told = [(h.row.code, [row.code for row in h.reasons]) for h in tree("return")]
    assert told == [("faulty", ["broken"])]
    assert [h.row.code for h in tree("claim")] == ["faulty", "late"]
    with django_assert_num_queries(1):
        (broken,) = reasons_for("return").values()
        assert broken.parent is not None and broken.parent.code == "faulty"


def test_a_place_has_an_address_as_labels_want_it(desk: Client) -> None:
    answer = add(desk, "oms_return_places", PLACE, phone="0421 1234567")
    assert answer.status_code == 302, text(answer)
    place = ReturnPlace.objects.get()
    assert place.address == {
        "name": "Bremen returns", "lines": ["Kai 4", "Gate 2"], "postal_code": "28195",
        "city": "Bremen", "country": "DE", "phone": place.address["phone"],
    }  # fmt: skip
    place.address["gln"] = "4012345000009"
    place.save()
    form = desk.get(reverse("oms_return_places:edit", args=[place.pk])).content.decode()
    assert "Kai 4\nGate 2" in form and 'value="28195"' in form
    change(desk, "oms_return_places", place, PLACE, city="Bremerhaven", lines="Kai 5")
    place.refresh_from_db()
    assert (place.address["city"], place.address["gln"]) == ("Bremerhaven", "4012345000009")
    assert "28195, Bremerhaven, DE" in text(desk.get(reverse("oms_return_places:index")))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"country": ""}, "This field is required."),
        ({"country": "XX"}, "Select a valid choice."),
        ({"lines": ""}, "This field is required."),
        ({"postal_code": "1"}, "This does not fit the country"),
        ({"city": "Bre\u202emen"}, "invisible character"),
        ({"city": "🚚"}, "can’t be printed on a label"),
        ({"ref": "W0"}, "Another place has this code."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_an_address_that_no_label_can_bear_is_refused(
    desk: Client, changes: Any, said: str
) -> None:
    ReturnPlace.objects.create(ref="W0", kind="branch", name="Other")
    answer = add(desk, "oms_return_places", PLACE, **changes)
    assert answer.status_code == 200 and said in text(answer)
    assert ReturnPlace.objects.count() == 1


def test_an_article_group_lists_its_skus_line_by_line(desk: Client) -> None:
    answer = add(desk, "oms_articles", GROUP, category="bearings ", tags="metal, spare,metal",
                 hs_code="8482.10", origin="DE", weight="0.106", hazardous="on",
                 notes_en="Upright", notes_de="Stehend")  # fmt: skip
    assert answer.status_code == 302, text(answer)
    group = Article.objects.get()
    assert (group.skus, group.tags) == (["AX-*", "6204-2RS"], ["metal", "spare"])
    assert (group.category, group.hs_code, group.origin) == ("bearings", "848210", "DE")
    assert (group.weight, group.notes["de"]) == (Decimal("0.1060"), "Stehend")
    page = text(desk.get(reverse("oms_articles:index")))
    assert "Bearings AX-*, 6204-2RS" in page and "dangerous goods" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"skus": " \n "}, "Write at least one SKU."),
        ({"skus": "x" * 101}, "This line is too long"),
        ({"skus": "\n".join(map(str, range(2001)))}, "That is too many."),
        ({"hs_code": "12345"}, "An HS code has 6 to 10 digits"),
        ({"hs_code": "١٢٣٤٥٦"}, "An HS code has 6 to 10 digits"),
        ({"origin": "ZZ"}, "Select a valid choice."),
        ({"weight": "0"}, "greater than or equal to 0.0001"),
        ({"weight": "heavy"}, "Enter a number."),
    ],
)
def test_what_is_wrong_with_an_article_group_is_said(desk: Client, changes: Any, said: str) -> None:
    answer = add(desk, "oms_articles", GROUP, **changes)
    assert answer.status_code == 200 and said in text(answer)
    assert not Article.objects.exists()


def test_groups_are_moved_for_the_first_that_fits_describes_a_sku(desk: Client) -> None:
    add(desk, "oms_articles", GROUP)
    add(desk, "oms_articles", GROUP, name="All", skus="*")
    last = Article.objects.get(name="All")
    desk.post(reverse("oms_articles:reorder", args=[last.pk]) + "?position=0")
    assert [group.name for group in Article.objects.all()] == ["All", "Bearings"]
