from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from oms_portal import live


@pytest.fixture
def heard() -> Iterator[list[frozenset[str]]]:
    hints: list[frozenset[str]] = []
    live.listen(hints.append)
    yield hints
    live.unlisten(hints.append)


@pytest.mark.django_db
def test_a_topic_that_never_changed_stands_at_the_first_version():
    assert live.versions(["order:1"]) == {"order:1": live.FIRST_VERSION}


@pytest.mark.django_db
def test_every_change_grows_the_version_of_its_topics_only():
    live.changed("order:1", "orders:7")
    live.changed("order:1")

    assert live.versions(["order:1", "orders:7", "order:2"]) == {
        "order:1": live.FIRST_VERSION + 2,
        "orders:7": live.FIRST_VERSION + 1,
        "order:2": live.FIRST_VERSION,
    }


@pytest.mark.django_db
def test_naming_a_topic_twice_in_one_change_counts_once():
    live.changed("order:1", "order:1")

    assert live.versions(["order:1"])["order:1"] == live.FIRST_VERSION + 1


@pytest.mark.django_db
def test_thousands_of_topics_are_read_together():
    keys = [f"order:{n}" for n in range(1200)]
    live.changed(*keys[:3])

    assert sum(live.versions(keys).values()) == 1200 * live.FIRST_VERSION + 3


@pytest.mark.django_db(transaction=True)
def test_the_hint_goes_out_after_the_commit(heard):
    with transaction.atomic():
        live.changed("order:1")
        assert heard == []

    assert heard == [frozenset({"order:1"})]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_hints_at_nothing_and_moves_nothing(heard):
    with pytest.raises(RuntimeError), transaction.atomic():
        live.changed("order:1")
        raise RuntimeError

    assert heard == []
    assert live.versions(["order:1"])["order:1"] == live.FIRST_VERSION


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_does_not_undo_a_committed_change(heard):
    def broken(keys: frozenset[str]) -> None:
        raise ConnectionError("the layer is away")

    live.listen(broken)
    try:
        live.changed("order:1")
    finally:
        live.unlisten(broken)

    assert live.versions(["order:1"])["order:1"] == live.FIRST_VERSION + 1
