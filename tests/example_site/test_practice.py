"""What the demo has on its way to the returns desk can be sent back of its orders."""

from __future__ import annotations

from collections import Counter

import pytest

from example_site.home.people import PEOPLE
from example_site.home.returns.inspecting import load_inspecting
from example_site.home.returns.practice import PACKS
from example_site.sandbox_erp.examples import EXAMPLES
from oms_portal.returns.receipts.rules import Checklist, DispositionRule, Grade


def test_twelve_returns_in_thirty_parcels_of_several_companies() -> None:
    company_of = {person.email: person.company for person in PEOPLE}
    companies = {company_of[pack.email] for pack in PACKS}
    assert (len(PACKS), sum(pack.parcels for pack in PACKS)) == (12, 30)
    assert len(companies) >= 4 and "" not in companies


def test_nothing_is_sent_back_that_its_order_has_not_or_another_company_bought() -> None:
    company_of = {person.email: person.company for person in PEOPLE}
    orders = {example.number: example for example in EXAMPLES}
    taken: Counter[tuple[str, str]] = Counter()
    for pack in PACKS:
        for goods in pack.goods:
            assert orders[goods.order].customer == company_of[pack.email]
            taken[goods.order, goods.sku] += int(goods.quantity)
    for (order, sku), quantity in taken.items():
        assert quantity <= dict(orders[order].lines)[sku], (order, sku)


@pytest.mark.django_db
def test_grades_checklists_and_rules_stay_as_staff_made_them() -> None:
    load_inspecting()
    Grade.objects.filter(code="a").update(texts={"en": "Like new"})
    load_inspecting()
    assert [grade.words for grade in Grade.objects.all()][:2] == ["Like new", "Opened, not used"]
    assert Checklist.objects.count() == 3 and DispositionRule.objects.count() == 4
