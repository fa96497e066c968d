"""The order list and the freshness of what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms_portal import live
from oms_portal.customers.access import Actor, actor_for
from oms_portal.erp.models import Source
from oms_portal.fragments.base import Rendered, Spec, fragment
from oms_portal.orders.sorting import Sort, write_cursor
from tests import factories, wire
from tests.fragments.test_order import text


pytestmark = pytest.mark.django_db


def spec_of(name: str, actor: Actor, **params: str) -> Spec | None:
    kind = fragment(name)
    assert kind is not None
    return kind.spec(actor, params, "en")


def render(name: str, actor: Actor, **params: str) -> Rendered:
    kind, spec = fragment(name), spec_of(name, actor, **params)
    assert kind is not None and spec is not None
    rendered = kind.render(spec, live.versions([spec.topic])[spec.topic])
    assert rendered is not None
    return rendered


@pytest.fixture
def reader() -> Actor:
    return actor_for(factories.person(company=factories.customer("C1")))


def test_a_row_says_what_matters(reader: Actor) -> None:
    factories.order("SO-1001", "C1", lines=wire.on_time())
    row = text(render("orders", reader).html)
    assert "SO-1001 Your no. PO-77 Confirmed Promised for Nov 26, 2126 1 item" in row
    assert "1 item To Nordwerk plant 1, Hamburg Placed Nov 19, 2026 Total €53.55" in row


def test_rows_without_anything_optional_are_drawn(reader: Actor) -> None:
    factories.order(
        "SO-1001", "C1", customer_reference="", lines=[], delivery_address={"country": "DE"}
    )
    assert "SO-1001 Received" in text(render("orders", reader).html)


def test_a_page_takes_one_query_and_one_for_the_places_to_choose_from(reader: Actor) -> None:
    for number in range(8):
        factories.order(f"SO-{number}", "C1")
    kind, spec = fragment("orders"), spec_of("orders", reader)
    assert kind is not None and spec is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        kind.render(spec, 1)
    assert len(queries) == 2


def test_the_list_is_of_one_company_and_those_below_it(reader: Actor) -> None:
    factories.order("SO-1001", "C1")
    factories.order("SO-2002", "C2")
    assert "SO-2002" not in render("orders", reader).html
    child = factories.company("C3", parent=factories.company("C1"))
    factories.order("SO-3003", child.ref)
    wide = actor_for(
        factories.person("wide@c1.example", factories.company("C1"), include_subsidiaries=True)
    )
    assert "SO-3003" in render("orders", wide).html
    assert "SO-3003" not in render("orders", reader).html
    assert "Company C3" in render("orders", wide).html


def test_a_spec_made_of_a_spec_is_the_same(reader: Actor) -> None:
    for name in ("orders", "freshness"):
        spec = spec_of(name, reader, size="7", before="5.5")
        kind = fragment(name)
        assert kind is not None and spec is not None and kind.allowed(reader, spec)


def test_a_sort_is_a_list_of_its_own_and_stays_when_pushed(reader: Actor) -> None:
    old = factories.order("SO-1001", "C1", placed_at="2026-11-01T00:00:00Z")
    factories.order("SO-1002", "C1")
    kind, spec = fragment("orders"), spec_of("orders", reader, sort="oldest")
    assert kind is not None and spec is not None
    assert spec["sort"] == "oldest" and kind.allowed(reader, spec)
    names = {spec_of("orders", reader, sort=sort).name for sort in Sort}
    assert len(names) == len(Sort)
    rendered = kind.render(spec, 2)
    assert rendered is not None
    shown = text(rendered.html)
    assert shown.index("SO-1001") < shown.index("SO-1002")
    cursor = write_cursor(Sort.OLDEST, old)
    further = spec_of("orders", reader, sort="oldest", before=cursor)
    assert further is not None and further["before"] == cursor and kind.allowed(reader, further)
    assert spec_of("orders", reader, sort="oldest", before=cursor.upper()) == spec
    assert spec_of("orders", reader, before=cursor) == spec_of("orders", reader)


def test_rights_that_changed_are_another_list(reader: Actor) -> None:
    spec = spec_of("orders", reader)
    kind = fragment("orders")
    assert kind is not None and spec is not None
    plant = factories.address(factories.company("C1"), "S1")
    narrow = actor_for(
        factories.person("narrow@c1.example", factories.company("C1"), ship_tos=[plant])
    )
    other = spec_of("orders", narrow)
    assert other is not None and other.name != spec.name
    assert not kind.allowed(narrow, spec)
    assert not kind.allowed(Actor(None), spec)


@pytest.mark.parametrize("company", ["0", "x", "-1", "9" * 40, "٣"])
def test_a_company_that_is_not_theirs_has_no_list(reader: Actor, company: str) -> None:
    factories.company("C2")
    assert spec_of("orders", reader, company=company) is None
    assert spec_of("freshness", reader, company=company) is None
    assert spec_of("orders", reader, company=str(factories.company("C2").pk)) is None


def test_the_newest_change_is_announced(reader: Actor) -> None:
    factories.order("SO-1001", "C1", version=1)
    factories.order("SO-1002", "C1", version=2)
    factories.order("SO-1001", "C1", version=3, on_hold=True)
    assert render("orders", reader).say == "Order SO-1001 was put on hold."


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ({}, "empty"),
        ({"scope": "late", "hide": "filters"}, "empty"),
        ({"scope": "late"}, ""),
        ({"q": "nothing", "hide": "filters"}, ""),
    ],
)
def test_it_is_empty_where_nobody_but_the_editor_narrowed_it(
    reader: Actor, asked: dict[str, str], state: str
) -> None:
    assert f'data-states="{state}"' in render("orders", reader, **asked).html


def test_a_late_order_carries_the_word(reader: Actor) -> None:
    past = [{"kind": "confirmed", "from": "2020-01-02"}]
    factories.order("SO-1001", "C1", lines=[wire.line(promises=past)])
    assert "Confirmed Late" in text(render("orders", reader).html)


def heard(seconds: int) -> None:
    factories.source()
    moment = timezone.now() - timedelta(seconds=seconds)
    Source.objects.update(last_heard_at=moment)


def test_fresh_is_said_with_the_time(reader: Actor) -> None:
    heard(1)
    rendered = render("freshness", reader)
    assert text(rendered.html).startswith("As of ") and rendered.say == ""
    assert ":" in text(rendered.html)


def test_stale_and_offline_are_said_in_the_customers_words(reader: Actor) -> None:
    heard(1000)
    stale = render("freshness", reader)
    assert "Newer changes may still be on their way" in text(stale.html)
    heard(4000)
    offline = render("freshness", reader)
    assert "Our order system can’t be reached at the moment" in text(offline.html)
    assert offline.say and "ERP" not in offline.html
    shapes = {html.split("oms-icon-")[1].split('"')[0] for html in (stale.html, offline.html)}
    assert shapes == {"clock", "alert"}


def test_a_source_never_heard_is_waited_for(reader: Actor) -> None:
    Source.objects.update(last_heard_at=None)
    assert "We are waiting for our order system." in text(render("freshness", reader).html)


def test_an_old_time_comes_with_its_day(reader: Actor) -> None:
    heard(3 * 86400)
    assert ", 20" in text(render("freshness", reader).html)
