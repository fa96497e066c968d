"""Customer events through the front door, and the companies they leave behind."""

from __future__ import annotations

import pytest

from oms_portal import live
from oms_portal.customers.lineage import lineage, list_topic
from oms_portal.customers.models import Company
from oms_portal.customers.projection import company_of
from tests import factories, wire


pytestmark = pytest.mark.django_db


def told(ref: str = "C1") -> Company:
    return Company.objects.get(ref=ref)


def version(key: str) -> int:
    return live.versions([key])[key]


def test_a_company_is_what_its_newest_event_says() -> None:
    factories.deliver("customer", wire.customer(name="New", vat="DE1"), 2)
    factories.deliver("customer", wire.customer(name="Old"), 1, expect="superseded")
    company = told()
    assert (company.name, company.vat, company.told) == ("New", "DE1", True)
    assert (company.language, company.time_zone) == ("en", "Europe/Berlin")


def test_a_parent_nobody_told_of_stands_under_its_ref_until_its_own_event() -> None:
    factories.customer("C1", parent_ref="TOP")
    parent = told().parent
    assert parent is not None
    assert (parent.ref, parent.name, parent.told) == ("TOP", "TOP", False)
    factories.customer("TOP", name="Holding")
    parent.refresh_from_db()
    assert (parent.name, parent.told) == ("Holding", True)


def test_an_order_makes_a_placeholder_that_its_event_fills() -> None:
    factories.deliver("order", wire.order(customer_ref="C9"))
    assert not told("C9").told
    company = factories.customer("C9", name="Nine")
    assert (company.told, company.orders.count()) == (True, 1)


def test_a_company_that_another_writer_makes_first_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = Company.objects.create(ref="C1", name="Theirs")
    missed = Company.objects.filter(ref__in=["nothing"])
    first = iter([missed])
    real = Company.objects.filter
    monkeypatch.setattr(
        Company.objects, "filter", lambda **lookups: next(first, None) or real(**lookups)
    )
    assert company_of("C1") == theirs
    assert theirs.name == "Theirs"


def test_missing_addresses_are_archived_and_come_back() -> None:
    both = [wire.address("S1"), wire.address("S2", city="Kiel")]
    company = factories.customer("C1", addresses=both)
    kept = company.addresses.get(ref="S2")
    factories.customer("C1", version=2, addresses=both[:1])
    kept.refresh_from_db()
    assert kept.archived_at is not None
    factories.customer("C1", version=3, addresses=[wire.address("S2", city="Bremen")])
    kept.refresh_from_db()
    assert (kept.archived_at, kept.city) == (None, "Bremen")
    assert company.addresses.filter(archived_at=None).count() == 1


@pytest.mark.parametrize("parents", [("A", "A"), ("B", "A")])
def test_a_circle_of_parents_traps_nobody(parents: tuple[str, str]) -> None:
    for ref, parent in zip(("A", "B"), parents, strict=True):
        factories.deliver("customer", wire.customer(ref, parent_ref=parent))
    assert len(lineage(told("A").pk)) == len(set(lineage(told("A").pk)))
    factories.order(customer_ref="B")


def test_lists_at_the_company_and_above_hear_of_it() -> None:
    factories.customer("TOP")
    company = factories.customer("C1", parent_ref="TOP")
    keys = [list_topic(company.pk), list_topic(told("TOP").pk)]
    before = [version(key) for key in keys]
    factories.customer("C1", version=2, parent_ref="TOP", name="Renamed")
    assert [version(key) for key in keys] == [n + 1 for n in before]


def test_rights_are_looked_at_again_when_the_parent_changes_and_only_then() -> None:
    factories.customer("C1", parent_ref="TOP")
    before, below = version(live.RIGHTS), version(list_topic(told("TOP").pk))
    factories.customer("C1", version=2, parent_ref="TOP")
    assert version(live.RIGHTS) == before
    factories.customer("C1", version=3, parent_ref=None)
    assert version(live.RIGHTS) == before + 1
    assert version(list_topic(told("TOP").pk)) == below + 2


def test_a_source_may_not_hang_its_customer_under_a_foreign_one() -> None:
    factories.company("C2")
    mine = factories.source("mine", all_customers=False, customers=["C1"])
    grab = wire.customer("C1", parent_ref="C2")
    assert factories.deliver("customer", grab, sender=mine, expect=None).status == 403
    factories.deliver("customer", wire.customer("C1"), sender=mine)
