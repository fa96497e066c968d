"""Why what came back, by article and by customer, and the list behind each number."""

from __future__ import annotations

import pytest

from oms_portal.customers.models import Company
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.figures import narrow, narrowing
from oms_portal.returns.receipts.figures.reasons import by_article, by_customer, reasons
from oms_portal.returns.rules import ReturnReason

from .past import MARCH, at, past


pytestmark = pytest.mark.django_db
TIME = MARCH.query


def pk(code: str) -> int:
    return ReturnReason.objects.get(code=code).pk


def listed(**asked: object) -> set[str]:
    told = {name: str(value) for name, value in asked.items()}
    return {rma.number for rma in narrow(Return.objects.all(), {**TIME, **told})}


def test_a_return_counts_once_for_each_reason_and_article_however_many_lines_say_so() -> None:
    past(2, [("AX-1", "broken"), ("AX-1", "broken"), ("AX-2", "broken")])
    past(3, [("AX-1", "wrong_size")])
    past(4, [("AX-1", "broken")], company="C2")
    past(4, [("", "")])
    past(4, [("AX-1", "broken")], submitted_at=at(1, month=4))

    why = reasons(MARCH)

    named = [reason.words if reason else None for reason in why.columns]
    assert named[0] == "Broken" and set(named) == {"Broken", "Wrong size", None}
    first, *others = why.articles
    assert (first.key, first.words, first.count) == ("AX-1", "Bearing AX-1", 3)
    assert first.reasons == {pk("broken"): 2, pk("wrong_size"): 1}
    assert {(one.key, one.count) for one in others} == {("AX-2", 1), ("", 1)}
    one, two = why.customers
    assert (one.words, one.count, two.words, two.count) == ("Company C1", 3, "Company C2", 1)
    assert one.reasons == {pk("broken"): 1, pk("wrong_size"): 1, None: 1}


def test_a_file_has_all_of_them() -> None:
    for number in range(30):
        past(2, [(f"AX-{number:02}", "broken")])
    assert len(reasons(MARCH).articles) == 10
    assert [(sku, n) for sku, _, n in by_article(MARCH)] == [(f"AX-{n:02}", 1) for n in range(30)]
    assert [(one.ref, n) for one, _, n in by_customer(MARCH)] == [("C1", 30)]


def test_the_list_is_narrowed_to_exactly_those_behind_a_number() -> None:
    both = past(2, [("AX-1", "broken"), ("AX-2", "wrong_size")])
    other = past(3, [("AX-1", "wrong_size")], company="C2")
    unsaid = past(4, [("", "")])
    past(1, submitted_at=at(1, month=4))
    assert listed(figure="asked") == {both.number, other.number, unsaid.number}
    assert listed(figure="asked", article="AX-1") == {both.number, other.number}
    # One line says both, or it is another's reason.
    assert listed(figure="asked", article="AX-1", reason=pk("wrong_size")) == {other.number}
    assert listed(figure="asked", reason="-") == {unsaid.number}
    assert listed(figure="asked", article="") == {unsaid.number}
    company = Company.objects.get(ref="C2").pk
    assert listed(figure="asked", customer=company) == {other.number}
    assert listed(figure="auto", **{"from": "2026-03-02", "to": "2026-03-02"}) == {both.number}


@pytest.mark.parametrize("bad", ["", "x", "9" * 30, "x\0", "-1", "٣"])
def test_odd_addresses_find_nothing_and_fail_nowhere(bad: str) -> None:
    past(2)
    for name in ("customer", "reason", "article"):
        assert listed(figure="asked", **{name: bad}) == set()


def test_a_figure_that_does_not_exist_narrows_nothing() -> None:
    rma = past(2)
    assert narrowing({"figure": "secrets"}) is None
    assert listed(figure="secrets") == {rma.number} == listed()
