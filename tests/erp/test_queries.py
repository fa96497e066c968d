from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oms_portal import live
from oms_portal.erp import queries
from oms_portal.erp.models import Source
from oms_portal.erp.queries import Freshness
from tests import factories


NOW = datetime(2026, 11, 21, 14, 2, 30, tzinfo=UTC)


def ago(**span):
    return NOW - timedelta(**span)


@pytest.fixture(autouse=True)
def nothing_shown(db, monkeypatch):
    monkeypatch.setattr(queries, "_shown", {})


@pytest.mark.parametrize(
    ("silent", "state"),
    [(0, "fresh"), (899, "fresh"), (900, "stale"), (3599, "stale"), (3600, "offline")],
)
def test_silence_makes_stale_and_then_offline(silent, state):
    factories.source(last_heard_at=ago(seconds=silent))

    assert queries.heard("C1", NOW) == Freshness(state, ago(seconds=silent))


def test_a_source_never_heard_is_offline():
    factories.source()

    assert queries.heard("C1", NOW) == Freshness("offline", None)


def test_the_worst_of_the_sources_counts_and_the_oldest_word():
    factories.source("a", last_heard_at=ago(minutes=1))
    factories.source("b", last_heard_at=ago(minutes=20))

    assert queries.heard("C1", NOW) == Freshness("stale", ago(minutes=20))


def test_only_watched_active_sources_of_the_customer_count():
    factories.source("a", last_heard_at=NOW)
    factories.source("b", all_customers=False, customers=["C2"])
    factories.source("c", watched=False)
    factories.source("d", active=False)

    assert queries.heard("C1", NOW).state == "fresh"
    assert queries.heard("C2", NOW).state == "offline"


def test_a_source_may_have_its_own_patience(settings):
    settings.OMS_PORTAL = {"STALE_AFTER": 10, "OFFLINE_AFTER": 20}
    factories.source("a", last_heard_at=ago(seconds=15))
    assert queries.heard("C1", NOW).state == "stale"

    Source.objects.update(stale_after=7200)
    assert queries.heard("C1", NOW).state == "fresh"


def test_without_sources_nothing_is_promised():
    assert queries.heard("C1", NOW) == Freshness("fresh", None)


def test_a_touch_is_written_every_five_seconds_at_most(django_assert_num_queries):
    source = factories.source()
    queries.touch(source, NOW)
    with django_assert_num_queries(0):
        queries.touch(source, NOW + timedelta(seconds=4))
    queries.touch(source, NOW + timedelta(seconds=6))

    assert Source.objects.get().last_heard_at == NOW + timedelta(seconds=6)


def test_an_older_touch_never_takes_a_newer_back():
    source = factories.source()
    stale = factories.source()
    queries.touch(source, NOW)
    queries.touch(stale, ago(seconds=60))

    assert Source.objects.get().last_heard_at == NOW


def test_the_feed_topic_grows_when_a_minute_or_a_state_moves():
    source = factories.source()
    queries.touch(source, NOW)
    assert queries.announce(NOW)
    before = live.versions(["feed"])["feed"]

    queries.touch(source, NOW + timedelta(seconds=10))
    assert not queries.announce(NOW + timedelta(seconds=10))
    queries.touch(source, NOW + timedelta(seconds=60))
    assert queries.announce(NOW + timedelta(seconds=60))
    assert not queries.announce(NOW + timedelta(seconds=600))
    assert queries.announce(NOW + timedelta(seconds=2000))

    assert live.versions(["feed"])["feed"] == before + 2
