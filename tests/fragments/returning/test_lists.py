"""The list of returns, what could be sent back, and the returns of an order beside it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal import live
from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from tests import factories
from tests.returns.scene import NOW, Scene, connect, item, new_key, set_up

from .drawn import at, colleague, read, render, states, text


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings)


def numbers(html: str) -> list[str]:
    return re.findall(r'href="/portal/returns/(R\d+)/"', html)


# The list


def test_each_return_says_where_it_stands_what_it_is_about_and_of_which_orders(
    scene: Scene,
) -> None:
    rma = scene.send(item("1"), item("2", order="SO-2"))
    html = render(scene, "returns", style="steps").html
    page = text(html)
    assert f"Return {rma.number}" in page and "and 1 more item" in page
    assert "Please hand the goods over by Dec 20, 2126." in page
    assert "Nov 22, 2126 Order SO-1 Order SO-2" in page
    assert 'href="/portal/orders/SO-2/"' in html and 'class="oms-steps"' in html
    assert states(html) == {"return_open"}
    assert "oms-steps" not in render(scene, "returns").html


def test_drafts_are_in_nobodys_list(scene: Scene) -> None:
    draft = scene.draft()
    html = render(scene, "returns").html
    assert draft.number not in html and "No returns yet" in html and states(html) == {"empty"}


def test_it_is_narrowed_to_kinds_and_to_what_is_open(scene: Scene) -> None:
    mine, claim = scene.send(), scene.send(item("1", reason="broken"), kind="claim")
    actions.withdraw(mine, scene.user, now=NOW, key=new_key())
    assert set(numbers(render(scene, "returns").html)) == {mine.number, claim.number}
    assert numbers(render(scene, "returns", state="open").html) == [claim.number]
    assert numbers(render(scene, "returns", kind="return,evil").html) == [mine.number]
    html = render(scene, "returns", kind="return", state="open").html
    assert "No return is open" in html and states(html) == set()
    assert 'href="/portal/returns/?kind=return"' in html


def test_pages_turn_without_a_row_missing_or_twice(scene: Scene) -> None:
    sent = [scene.send(now=NOW + timedelta(minutes=n)).number for n in range(7)]
    found, asked = [], {"size": "3"}
    for _page in range(3):
        html = render(scene, "returns", **asked).html
        found += numbers(html)
        further = re.search(r'rel="next"[^>]*before=([^"&]+)', html)
        asked["before"] = unquote(further[1]) if further else ""
    assert found == list(reversed(sent)) and not asked["before"]
    assert "Newest returns" in html


@pytest.mark.parametrize(
    "asked",
    [
        {"before": "x~1"},
        {"before": "9999-99-99T00:00:00Z~1"},
        {"size": "0", "style": "\0"},
        {"kind": "," * 300, "state": "evil"},
    ],
)
def test_what_makes_no_sense_is_not_asked(scene: Scene, asked: dict[str, str]) -> None:
    rma = scene.send()
    assert numbers(render(scene, "returns", **asked).html) == [rma.number]


def test_it_shows_what_its_person_may_see(scene: Scene) -> None:
    rma = scene.send()
    elsewhere = factories.address(scene.company, "S2")
    limited = colleague("returns", ship_tos=[elsewhere])
    assert numbers(render(scene, "returns", limited).html) == []
    viewer = render(scene, "returns", colleague("viewer")).html
    assert numbers(viewer) == [rma.number] and "Return items" not in viewer
    assert 'href="/portal/returns/new/"' in render(scene, "returns").html


def test_a_move_of_a_return_moves_its_lists_up_to_the_parent_and_is_announced(
    scene: Scene,
) -> None:
    parent = factories.company("TOP")
    type(scene.company).objects.filter(pk=scene.company.pk).update(parent=parent)
    topics = [f"returns:{scene.company.pk}", f"returns:{parent.pk}"]
    before = live.versions(topics)
    rma = scene.send()
    after = live.versions(topics)
    assert all(after[topic] > before[topic] for topic in topics)
    say = str(render(scene, "returns").say)
    assert say.startswith(f"Return {rma.number}:")


def test_the_list_asks_as_much_for_many_as_for_few(scene: Scene) -> None:
    counts = []
    for _more in range(2):
        scene.send()
        with CaptureQueriesContext(connection) as queries:
            render(scene, "returns", scene.actor, style="steps")
        counts.append(len(queries))
        for _each in range(3):
            scene.send()
    assert counts[0] == counts[1]


# What could be sent back


def test_what_came_lately_can_be_sent_back_with_the_day_until_when(scene: Scene) -> None:
    html = render(scene, "return_start").html
    page = text(html)
    assert "Order SO-1 Arrived Nov 20, 2126" in page and "until Dec 20, 2126" in page
    assert "10 pieces" in page and "2.5 kg" in page
    for kind in ("return", "exchange", "claim"):
        assert f'href="/portal/returns/new/?order=SO-1&amp;kind={kind}"' in html
    assert states(html) == set()


def test_what_is_on_a_return_already_is_not_offered_again(scene: Scene) -> None:
    scene.send(item("8"))
    assert "2 pieces" in read(scene, "return_start")
    assert "10 pieces" not in read(scene, "return_start")


def test_when_the_time_is_over_it_says_until_when_it_could(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOW + timedelta(days=40))
    html = render(scene, "return_start", kind="return").html
    page = text(html)
    assert "Nothing that came lately can be sent back any more." in page
    assert "This could be returned until Dec 20, 2126." in page
    assert states(html) == {"empty"} and "order=SO-1&amp;kind" not in html


def test_only_the_kinds_an_editor_chose_are_offered(scene: Scene) -> None:
    html = render(scene, "return_start", kind="claim", count="1").html
    assert "Report a problem" in html and "Return items" not in html
    assert html.count("oms-return-offer") == 1


def test_a_button_alone_leads_into_the_wizard(scene: Scene) -> None:
    html = render(scene, "return_start", style="button", kind="return").html
    assert 'href="/portal/returns/new/?kind=return"' in html and "oms-return-offer" not in html


def test_who_may_not_return_is_told_whom_to_ask(scene: Scene) -> None:
    html = render(scene, "return_start", colleague("viewer")).html
    assert "Ask a colleague who may." in html and "/new/" not in html
    assert states(html) == {"empty"}


def test_of_two_roles_only_the_reach_that_may_return_counts(scene: Scene) -> None:
    elsewhere = factories.address(scene.company, "S2")
    colleague("viewer")
    both = colleague("returns", ship_tos=[elsewhere])
    assert "SO-1" not in render(scene, "return_start", both).html


def test_where_the_erp_takes_no_returns_it_says_so(scene: Scene, settings: Any) -> None:
    connect(settings, ["push.address"])
    html = render(scene, "return_start").html
    assert "Returns can’t be asked for online. Please get in touch with us." in html
    assert "/new/" not in html


# Beside an order


def test_an_order_shows_its_returns_its_flag_and_the_way_to_a_new_one(scene: Scene) -> None:
    rma = scene.send()
    html = render(scene, "order", order="SO-1").html
    page = text(html)
    assert "Returns of this order" in page and f"Return {rma.number}" in page
    assert "Return open" in page and "return_open" in states(html)
    assert 'href="/portal/returns/new/?order=SO-1"' in html
    assert "Returns of this order" not in text(
        render(scene, "order", order="SO-1", show="lines").html
    )
    viewer = render(scene, "order", colleague("viewer"), order="SO-1").html
    assert rma.number in viewer and "/returns/new/" not in viewer


def test_one_that_is_over_is_folded_up_and_no_flag_stays(scene: Scene) -> None:
    rma = scene.send()
    actions.withdraw(rma, scene.user, now=NOW, key=new_key())
    html = render(scene, "order", order="SO-1").html
    assert "1 return ended lately" in html and "return_open" not in states(html)


def test_an_order_without_returns_says_nothing_where_none_are_taken(
    scene: Scene, settings: Any
) -> None:
    connect(settings, [])
    assert "Returns of this order" not in render(scene, "order", order="SO-1").html


def test_an_order_that_nothing_came_of_is_asked_no_more_than_before(scene: Scene) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            render(scene, "order", order="SO-2")
        return len(queries)

    without = count()
    scene.send(item("1", order="SO-2"))
    assert count() - without <= 2


def test_an_open_page_hears_of_the_return(scene: Scene) -> None:
    DeliveryUpdate.objects.update(noted_at=NOW - timedelta(days=1))
    rma = scene.send()
    say = str(render(scene, "order", order="SO-1").say)
    assert say == f"Return {rma.number}: It was requested and approved at once."


def test_the_dashboard_counts_and_names_open_returns(scene: Scene) -> None:
    rma = scene.send()
    html = render(scene, "dashboard").html
    page = text(html)
    assert "1 Open returns" in page and "return_open" in states(html)
    assert f"Return {rma.number}: Please hand the goods over by" in page
    assert 'href="/portal/returns/?state=open"' in html and "All open returns" in page

    scene.send()
    assert "2 Open returns" in text(render(scene, "dashboard").html)


def test_the_order_list_is_narrowed_to_open_returns(scene: Scene) -> None:
    scene.send()
    html = render(scene, "orders", scope="returns").html
    assert "SO-1" in html and "SO-2" not in html and "Return open" in html
    assert Order.objects.get(ref="SO-1").returns_open == 1
