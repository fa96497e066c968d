"""How the feeds do: the page's figures against events that were made for them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from oms_portal.desk.charts import chart
from oms_portal.desk.health import span
from oms_portal.erp.measures import figures
from oms_portal.erp.models import InboundEvent, Source
from oms_portal.words.models import UnknownCode
from tests import factories, wire

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
State = InboundEvent.State


def event(source: Source, ago: float = 0, lag: float = 1, state: str = State.APPLIED) -> None:
    came = timezone.now() - timedelta(seconds=ago)
    InboundEvent.objects.create(
        source=source,
        event_id=f"e{InboundEvent.objects.count()}",
        type="order.updated.v1",
        occurred_at=came - timedelta(seconds=lag),
        received_at=came,
        body_digest="",
        state=state,
    )


def test_events_are_counted_by_minute_and_hour(db):
    source = factories.source()
    for ago in (0, 0, 0, 600, 7200, 90_000):
        event(source, ago)

    (found,) = figures()

    assert (sum(found.per_minute), sum(found.per_hour)) == (4, 5)
    assert len(found.per_minute) == 60 and len(found.per_hour) == 24
    assert found.per_minute[-1] + found.per_minute[-2] == 3
    assert sum(found.per_hour[-2:]) == 4


def test_lag_is_told_by_its_middle_and_its_slow_end(db):
    source = factories.source()
    for lag in range(1, 101):
        event(source, lag=lag)
    event(source, ago=7200, lag=10_000)

    (found,) = figures()

    assert 49 <= found.lag_median <= 52
    assert 94 <= found.lag_p95 <= 97


def test_what_waits_and_what_lies_in_quarantine_is_told_with_its_age(db):
    source, quiet = factories.source(), factories.source("quiet", name="Z quiet")
    event(source, 300, state=State.PENDING)
    event(source, 10, state=State.PENDING)
    event(source, 5000, state=State.QUARANTINED)
    UnknownCode.objects.create(kind="order", code="ZF2", source=source)

    busy, still = figures()

    assert (busy.pending, busy.quarantined, busy.unknown_codes) == (2, 1, 1)
    assert 299 < busy.oldest_pending < 310
    assert 4999 < busy.oldest_quarantined < 5010
    assert (still.pending, still.oldest_pending, still.lag_median) == (0, None, None)
    assert still.source == quiet


@pytest.mark.parametrize(
    ("heard", "stale_after", "word"),
    [(10, None, "fresh"), (1000, None, "stale"), (4000, None, "offline"), (10, 5, "stale"),
     (1000, 2000, "fresh"), (None, None, "offline")],
)  # fmt: skip
def test_each_source_says_how_fresh_it_is_by_its_own_measure(reader, heard, stale_after, word):
    at = None if heard is None else timezone.now() - timedelta(seconds=heard)
    factories.source(last_heard_at=at, stale_after=stale_after)

    page = reader.get("/admin/oms/health/").content.decode()

    assert re.search(rf"ERP main <span class=\"[^\"]+\">{word}</span>", page)


def test_charts_are_drawn_with_a_title_a_description_and_a_table(reader):
    source = factories.source()
    for _ in range(7):
        event(source)

    page = reader.get("/admin/oms/health/").content.decode()

    assert page.count('<svg role="img"') == 2
    assert "ERP main sent 7 events in the last hour." in page
    assert page.count("<rect ") >= 2
    assert "<td>7</td>" in page or page.count("<td>") >= 4
    assert "style=" not in page[page.index("omsdesk-feed") : page.index("</section>")]


def test_the_moving_part_comes_alone_and_to_be_kept_by_nobody(reader):
    event(factories.source())

    part = reader.get("/admin/oms/health/figures/")

    assert "no-store" in part["Cache-Control"]
    assert b"<html" not in part.content
    assert b"data-oms-refresh-target" in part.content


def test_the_figures_cost_a_handful_of_queries(reader, django_assert_max_num_queries):
    for n in range(3):
        event(factories.source(f"s{n}"))
    with django_assert_max_num_queries(8):
        figures()
    cache.clear()
    figures()
    with django_assert_max_num_queries(2):
        figures()


def test_a_hostile_name_of_a_source_is_inert(reader):
    factories.source(name="<img src=x>\u202e")

    page = reader.get("/admin/oms/health/").content.decode()

    assert "<img src=x>" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.04, "0.0 s"),
        (12.3, "12 s"),
        (600, "10 min"),
        (7200, "2 h"),
        (864000, "10 d"),
    ],
)
def test_lengths_of_time_are_told_in_their_largest_unit(seconds, words):
    assert span(seconds) == words


def test_bars_fill_the_drawing_and_are_written_without_commas():
    drawn = chart("x", "t", "d", [0, 5, 10], timezone.now(), timedelta(minutes=1))

    assert [bar.height for bar in drawn.bars] == ["0.00", "50.00", "100.00"]
    assert drawn.bars[2].y == "0.00"
    assert drawn.last - drawn.first == timedelta(minutes=2)
    assert [bar.count for bar in drawn.newest_first] == [10, 5]


# The admin's first page


def home(client: Any) -> str:
    return client.get("/admin/").content.decode()


def test_the_first_page_tells_of_trouble_and_leads_to_it(admin):
    source = factories.source(last_heard_at=timezone.now())
    late = wire.line(promises=[{"kind": "confirmed", "from": "2020-01-01"}])
    factories.order(lines=[late])
    event(source, state=State.QUARANTINED)
    UnknownCode.objects.create(kind="order", code="ZF2", source=source)

    page = home(admin)

    assert "Up to date" in page
    for url in ("inbox/?state=quarantined", "orders/?late=true", "unknown-codes/", "health/"):
        assert re.search(rf'href="/admin/oms/{re.escape(url)}">[^<]*(1|Up to date)<', page), url


def test_the_first_page_shows_each_figure_to_those_who_may_see_it(site):
    factories.source()
    clerk = client_of(staff("clerk@shop.example", "view_order"))

    page = home(clerk)

    assert "Late orders" in page
    assert "Events in quarantine" not in page
    assert "/admin/oms/health/" not in page
