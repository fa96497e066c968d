"""What staff set for inspecting: grades, checklists and rules, in their order."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oms_portal.returns.receipts.judgement.checklists import checklist_of, checklists_now, entries
from oms_portal.returns.receipts.rules import Checklist, DispositionRule, Grade
from oms_portal.returns.rules import Article, ReturnReason
from tests.desk.conftest import client_of, staff
from tests.returns.receipts.found import grades


pytestmark = pytest.mark.django_db

MODELS = ("grade", "checklist", "dispositionrule")
RIGHTS = [f"{verb}_{model}" for verb in ("add", "change", "delete") for model in MODELS]
GRADE = {
    "code": "b", "texts_en": "Opened", "texts_de": "Geöffnet", "examples_en": "Torn box",
    "accepted": "on", "disposition": "b_grade", "active": "on",
}  # fmt: skip


@pytest.fixture
def lead(site: Any) -> Client:
    return client_of(staff("lead@shop.example", *RIGHTS))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def add(client: Client, name: str, form: dict[str, Any]) -> Any:
    return client.post(reverse(f"{name}:add"), form)


def test_the_usual_grades_come_with_one_button_and_once(lead: Client) -> None:
    page = text(lead.get(reverse("oms_grades:index")))
    assert "Use the usual grades" in page
    answer = lead.post(reverse("oms_grades:usual"), follow=True)
    assert list(Grade.objects.values_list("code", "accepted", "disposition")) == [
        ("a", True, "restock"), ("b", True, "b_grade"), ("c", True, "refurbish"),
        ("d", False, "send_back"),
    ]  # fmt: skip
    assert all(grade.example for grade in Grade.objects.all())
    assert Checklist.objects.get().checks and "Use the usual grades" not in text(answer)
    lead.post(reverse("oms_grades:usual"))
    assert (Grade.objects.count(), Checklist.objects.count()) == (4, 1)


def test_a_grade_has_a_name_and_examples_in_each_language_and_keeps_its_code(
    lead: Client,
) -> None:
    assert add(lead, "oms_grades", GRADE).status_code == 302
    grade = Grade.objects.get()
    with translation.override("de"):
        assert grade.words == "Geöffnet"
    url = reverse("oms_grades:edit", args=[grade.pk])
    lead.post(url, GRADE | {"code": "z", "texts_en": "Opened box"})
    grade.refresh_from_db()
    assert (grade.code, grade.words) == ("b", "Opened box")


def test_goods_that_go_back_are_not_accepted_by_any_grade_or_rule(lead: Client) -> None:
    for name, form in (
        ("oms_grades", GRADE),
        ("oms_disposition_rules", {"name": "X", "accepted": "on", "active": "on"}),
    ):
        answer = add(lead, name, form | {"disposition": "send_back"})
        assert "is not accepted" in text(answer)


def test_grades_are_moved_and_take_their_keys_with_them(lead: Client) -> None:
    first = grades()[0]
    lead.post(reverse("oms_grades:reorder", args=[first.pk]) + "?position=2")
    assert list(Grade.objects.values_list("code", flat=True)) == ["b", "c", "a", "d"]


def test_a_checklist_is_written_a_line_each_and_keeps_its_codes(lead: Client) -> None:
    Article.objects.create(name="Pumps", skus=["P-*"], category="Pumps")
    form = {
        "name": "Pumps", "categories": "Pumps", "active": "on",
        "checks_en": "Runs dry\nTight", "checks_de": "Läuft trocken\n–",
        "accessories_en": "Manual",
    }  # fmt: skip
    answer = add(lead, "oms_checklists", form)
    assert answer.status_code == 302, text(answer)
    row = Checklist.objects.get()
    assert row.checks == [
        {"code": "runs_dry", "texts": {"en": "Runs dry", "de": "Läuft trocken"}},
        {"code": "tight", "texts": {"en": "Tight"}},
    ]
    url = reverse("oms_checklists:edit", args=[row.pk])
    page = unescape(lead.get(url).content.decode())
    assert re.search(r'lang="de"[^>]*>\s*Läuft trocken\n–</textarea>', page)
    # One in between: the others are what they were; then other words in the same place.
    lead.post(url, form | {"checks_en": "Runs dry\nClean\nTight", "checks_de": ""})
    lead.post(url, form | {"checks_en": "Runs dry\nNo dirt\nTight", "checks_de": ""})
    row.refresh_from_db()
    assert [one["code"] for one in row.checks] == ["runs_dry", "clean", "tight"]
    too_long = form | {"checks_en": "One", "checks_de": "Eins\nZwei"}
    assert "more lines than the first one" in text(lead.post(url, too_long))
    assert "No article group has this category" in text(lead.post(url, form | {"categories": "Y"}))


def test_the_first_checklist_for_a_category_is_the_one(db: None) -> None:
    for position, categories in enumerate((["Pumps"], [], ["Valves"])):
        Checklist.objects.create(name=f"C{position}", categories=categories, position=position)
    known = checklists_now()
    names = [str(checklist_of(category, known)) for category in ("pumps", "Valves", "")]
    assert names == ["C0", "C1", "C1"]
    assert entries([{"code": "x", "texts": {"de": "Y"}}, {"texts": {}}]) == [("x", "x")]


def test_a_rule_says_in_words_what_it_does(lead: Client) -> None:
    grades()
    ReturnReason.objects.create(code="broken", texts={"en": "It is broken"})
    form = {
        "name": "Broken ones", "grades": ["b", "c"], "reasons": ["broken"], "accepted": "on",
        "disposition": "vendor", "fee_percent": "0", "active": "on",
    }  # fmt: skip
    answer = add(lead, "oms_disposition_rules", form)
    assert answer.status_code == 302, text(answer)
    page = text(lead.get(reverse("oms_disposition_rules:index")))
    assert "Accept; Back to the vendor; fee 0 %. For: Opened, Used; It is broken." in page
    assert DispositionRule.objects.get().fee_percent == 0
    rule = DispositionRule.objects.get()
    url = reverse("oms_disposition_rules:edit", args=[rule.pk])
    lead.post(url, form | {"fee_percent": ""})
    rule.refresh_from_db()
    assert rule.fee_percent is None
    assert "Ensure" in text(lead.post(url, form | {"fee_percent": "101"}))
