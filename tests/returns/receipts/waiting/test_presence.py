"""Who is at a return: for some seconds after their page said so last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Presence
from oms_portal.returns.receipts.waiting import presence
from tests import factories
from tests.returns.parcels import approved


pytestmark = pytest.mark.django_db


@pytest.fixture
def rma() -> Return:
    return approved()


@pytest.fixture
def kim() -> Any:
    return factories.person("kim@shop.example", first_name="Kim", last_name="Park")


@pytest.fixture
def sam() -> Any:
    return factories.person("sam@shop.example", first_name="Sam")


def names(rma: Return, user: Any, now: Any) -> list[tuple[str, str]]:
    found = presence.others([rma.pk], user, now)
    return [(one.name, one.station) for one in found.get(rma.pk, ())]


def test_others_are_told_and_oneself_is_not(rma: Return, kim: Any, sam: Any):
    now = timezone.now()
    presence.here(rma, kim, "dock 2", now)
    assert names(rma, sam, now) == [("Kim Park", "dock 2")]
    assert names(rma, kim, now) == []


def test_whoever_says_nothing_for_a_while_is_gone(rma: Return, kim: Any, sam: Any):
    now = timezone.now()
    presence.here(rma, kim, "", now)
    assert names(rma, sam, now + presence.WINDOW) == [("Kim Park", "")]
    later = now + presence.WINDOW + timedelta(seconds=1)
    assert names(rma, sam, later) == []
    presence.here(rma, kim, "dock 3", later)
    assert names(rma, sam, later) == [("Kim Park", "dock 3")]
    assert Presence.objects.count() == 1


def test_saying_so_and_asking_are_one_query_each(
    rma: Return, kim: Any, sam: Any, django_assert_num_queries: Any
):
    now = timezone.now()
    with django_assert_num_queries(1):
        presence.here(rma, kim, "", now)
    presence.here(rma, sam, "", now)
    with django_assert_num_queries(1):
        assert len(presence.others([rma.pk, 0], kim, now)[rma.pk]) == 1


def test_what_was_drawn_from_it_is_known_to_be_old_when_somebody_comes_or_goes(
    rma: Return, kim: Any
):
    now = timezone.now()
    before = presence.digest(now)
    presence.here(rma, kim, "", now)
    assert presence.digest(now) != before
    presence.here(rma, kim, "", now + timedelta(seconds=9))
    assert presence.digest(now + timedelta(seconds=9)) == presence.digest(now)
    assert presence.digest(now + timedelta(minutes=1)) == before


def test_what_is_long_past_is_forgotten(rma: Return, kim: Any):
    presence.here(rma, kim, "", timezone.now() - timedelta(hours=2))
    presence.forget()
    assert not Presence.objects.exists()
