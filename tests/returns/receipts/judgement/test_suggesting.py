"""What is suggested for which goods, by rule, grade, reason and what the policy said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from oms_portal.returns.receipts.judgement.suggesting import Rule, suggest
from oms_portal.returns.receipts.rules import Grade
from oms_portal.returns.rules import ReturnReason
from oms_portal.returns.terms import Terms


pytestmark = pytest.mark.once

HEADING = ReturnReason(code="not_suited")
REASON = ReturnReason(code="wrong_size", parent=HEADING)
TERMS = Terms(allowed=True, policy=("Usual", 3))
NEW = Grade(code="a", accepted=True, disposition="restock")
BROKEN = Grade(code="d", accepted=False, disposition="scrap")


def rule(name: str, **columns: Any) -> Rule:
    return Rule(**{"name": name, "accepted": True, "disposition": "vendor", **columns})


def told(*rules: Rule, grade: Grade = NEW, terms: Terms = TERMS, category: str = "Pumps") -> str:
    found = suggest(terms, grade, REASON, category, rules)
    yes = "yes" if found.accepted else "no"
    return f"{yes} {found.disposition} {found.why}".strip()


def test_without_a_rule_the_grade_says_it() -> None:
    assert told() == "yes restock"
    assert told(grade=BROKEN) == "no scrap"


def test_the_first_rule_that_fits_decides() -> None:
    assert told(rule("one"), rule("two", disposition="scrap")) == "yes vendor one"


def test_a_rule_fits_by_grade_reason_heading_category_and_the_policy_that_was_frozen() -> None:
    for fitting in (
        {"grades": ["A"]},
        {"reasons": ["wrong_size"]},
        {"reasons": ["not_suited", "else"]},
        {"categories": ["pumps"]},
        {"policies": frozenset({"Usual", "As it was called before"})},
    ):
        assert told(rule("fits", **fitting)) == "yes vendor fits", fitting
    for other in (
        {"grades": ["b"]},
        {"reasons": ["broken"]},
        {"categories": ["Valves"]},
        {"policies": frozenset({"Another"})},
        {"grades": ["a"], "reasons": ["broken"]},
    ):
        assert told(rule("no", **other)) == "yes restock", other


def test_an_article_without_a_category_fits_no_rule_for_one() -> None:
    assert told(rule("pumps", categories=["Pumps"]), category="") == "yes restock"


def test_a_rule_has_its_own_fee_or_leaves_it_to_the_policy() -> None:
    fees = [
        suggest(TERMS, NEW, None, "", [rule("x", fee_percent=fee)]).fee_percent
        for fee in (None, Decimal(0), Decimal("12.5"))
    ]
    assert fees == [None, Decimal(0), Decimal("12.5")]
