"""The queues on their screen: tabs with counts, filters, times, what is drawn anew and what not."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal import live
from oms_portal.returns.kinds import ReturnState
from oms_portal.returns.models import Return, ReturnableLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.models import Receipt
from oms_portal.returns.receipts.topics import DESK
from oms_portal.returns.receipts.waiting import presence
from tests import factories
from tests.desk.conftest import client_of, staff
from tests.returns.parcels import approved


pytestmark = pytest.mark.django_db

LIST = "/admin/oms/returns/"


@pytest.fixture
def rma(site: Any) -> Return:
    return waiting()


@pytest.fixture
def looker(site: Any) -> Client:
    return client_of(staff("looker@shop.example", "view_return"))


@pytest.fixture
def desk(site: Any) -> Client:
    return client_of(staff("desk@shop.example", "view_return", "decide_return"))


def waiting(order: str = "SO-1001", hours: float = 1, **columns: Any) -> Return:
    asked = timezone.now() - timedelta(hours=hours)
    told = {"state": ReturnState.IN_REVIEW, "submitted_at": asked, **columns}
    return approved(order=order, **told)


def shown(client: Client, query: str = "") -> str:
    return unescape(client.get(f"{LIST}?{query}").content.decode())


def listed(page: str) -> list[str]:
    return re.findall(r'/returns/inspect/\d+/"\s*>\s*([^<]+?)\s*</a>', page)


def count_of(page: str, code: str) -> str:
    found = re.search(rf'id="omsdesk-count-{code}">([^<]*)<', page)
    assert found is not None, code
    return found[1]


def row_of(page: str, rma: Return) -> str:
    found = re.search(rf'<tr id="omsdesk-return-{rma.pk}">.*?</tr>', page, re.S)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_each_queue_has_a_tab_that_says_how_many_wait_and_leads_to_them(
    rma: Return, looker: Client
):
    other = approved(order="SO-2")
    page = shown(looker)
    assert (count_of(page, "approve"), count_of(page, "all")) == ("1", "2")
    assert count_of(page, "inspect") == "0"
    assert set(listed(page)) == {rma.number, other.number}
    approve = shown(looker, "queue=approve")
    assert listed(approve) == [rma.number]
    assert re.search(r'queue=approve" aria-current="page"', approve)
    assert "Nothing waits here at the moment." in shown(looker, "queue=inspect")
    assert listed(shown(looker, "queue=nonsense")) == listed(page)


def test_a_filter_stays_while_one_goes_from_queue_to_queue(rma: Return, looker: Client):
    approved("C2", "SO-2")
    page = shown(looker, "queue=approve&kind=return&company=C1")
    assert listed(page) == [rma.number]
    assert "?queue=inspect&kind=return&company=C1" in page
    assert listed(shown(looker, "queue=approve&company=C2")) == []
    assert "No return is like that." in shown(looker, "queue=approve&company=C2")


FIGURE = "figure=asked&from=2020-01-01&to=2099-12-31&article=AX-1"


def held(page: str) -> dict[str, str]:
    """What the form of search and filters sends besides its own fields."""
    form = re.search(r"<form[^>]+data-search-form.*?</form>", page, re.S)
    assert form is not None
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0]))


def test_a_figure_and_an_order_stay_while_filters_are_changed(rma: Return, looker: Client):
    page = shown(looker, f"{FIGURE}&queue=approve&ordering=-submitted_at&p=1")
    told = {"figure": "asked", "from": "2020-01-01", "to": "2099-12-31", "article": "AX-1"}
    assert held(page) == {**told, "ordering": "-submitted_at"}
    assert held(shown(looker, "queue=approve")) == {}


def test_sorting_and_paging_keep_queue_and_figure(rma: Return, looker: Client, monkeypatch: Any):
    one = "oms_portal.desk.queues.listing.ReturnListing.get_paginate_by"
    monkeypatch.setattr(one, lambda view, rows: 1)
    waiting("SO-2")
    first, last = timezone.localdate(rma.submitted_at), timezone.localdate()
    query = f"figure=asked&from={first}&to={last}&queue=approve"
    page = shown(looker, query)
    assert f"{LIST}?{query}&ordering=submitted_at" in page
    assert f"{LIST}?{query}&p=2" in page


def test_a_queue_is_narrowed_to_the_returns_behind_a_figure(rma: Return, looker: Client):
    old, other = waiting("SO-2", hours=9000), approved(order="SO-3")
    Return.objects.filter(pk=other.pk).update(submitted_at=timezone.now())
    day = timezone.localdate().isoformat()
    assert set(listed(shown(looker, f"figure=asked&to={day}"))) == {rma.number, other.number}
    assert listed(shown(looker, f"figure=asked&to={day}&queue=approve")) == [rma.number]
    assert set(listed(shown(looker, "queue=approve"))) == {rma.number, old.number}
    assert f'href="{LIST}?queue=inspect"' in shown(looker, f"figure=asked&to={day}")


def test_whatever_is_looked_for_is_found_in_any_queue(rma: Return, looker: Client):
    assert listed(shown(looker, f"queue=inspect&q={rma.number}")) == [rma.number]


def test_a_row_says_what_is_late_and_what_to_look_at(rma: Return, looker: Client):
    late = waiting("SO-2", hours=26)
    ReturnableLine.objects.filter(order__ref="SO-2").update(over_by=1)
    Receipt.objects.create(rma=approved(order="SO-3"), refused=True, decided_at=timezone.now())
    page = shown(looker)
    assert "within 23 h" in row_of(page, rma)
    assert "late by 2 h" in row_of(page, late)
    assert "too much" in row_of(page, late) and "too much" not in row_of(page, rma)
    assert "refused by the ERP" in page
    assert listed(page)[0] == late.number


def test_a_row_says_how_many_parcels_are_in_and_when_the_next_one_comes(site: Any, looker: Client):
    rma = approved(parcels=2)
    first, second = rma.parcels.order_by("sequence")
    ReturnParcel.objects.filter(pk=first.pk).update(arrived_at=timezone.now(), damaged=True)
    ReturnParcel.objects.filter(pk=second.pk).update(due_on="2126-11-25")
    ReturnParcel.objects.create(rma=rma, sequence=9, code="R0000000000", outward=True)
    row = row_of(shown(looker), rma)
    assert "1 of 2" in row and "11/25/2126" in row and "damaged parcel" in row


def test_it_is_seen_that_somebody_is_at_it(rma: Return, looker: Client):
    kim = factories.person("kim@shop.example", first_name="Kim <b>")
    presence.here(rma, kim, "dock 2", timezone.now())
    html = looker.get(LIST).content.decode()
    assert "Kim &lt;b&gt; (dock 2)" in html


def test_the_number_of_queries_does_not_grow_with_the_rows(
    rma: Return, looker: Client, django_assert_max_num_queries: Any
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shown(looker)
    with CaptureQueriesContext(connection) as few:
        shown(looker)
    for number in range(2, 8):
        waiting(f"SO-{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(listed(shown(looker))) == 7
    assert len(many) == len(few)
    told = [query["sql"] for query in many.captured_queries]
    assert len(set(told)) == len(told)
    assert len([sql for sql in told if 'FROM "oms_portal_receipt"' in sql]) == 0


# What is drawn anew


def fresh_of(client: Client, query: str = "") -> tuple[str, str]:
    """The address from which the list is fetched anew, and what it was drawn from."""
    html = client.get(f"{LIST}?{query}").content.decode()
    url = re.search(r'data-oms-queue-url-value="([^"]+)"', html)
    tag = re.search(r'data-oms-queue-tag-value="([^"]+)"', html)
    assert url and tag
    return unescape(url[1]), unescape(tag[1])


def test_nothing_is_sent_while_nothing_moves(rma: Return, looker: Client):
    url, tag = fresh_of(looker, "queue=approve")
    for _ in range(2):
        answer = looker.get(url, headers={"If-None-Match": tag})
        if answer.status_code == 304:
            break
        # A minute began just now.
        tag = answer["ETag"]
    assert answer.status_code == 304 and answer.content == b""
    live.changed(DESK)
    answer = looker.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer["ETag"] != tag
    assert rma.number in answer.content.decode()


def test_it_is_fetched_anew_when_somebody_comes_to_a_return(rma: Return, looker: Client):
    url, tag = fresh_of(looker)
    presence.here(rma, factories.person("kim@shop.example"), "", timezone.now())
    assert looker.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_what_one_person_holds_is_no_others(rma: Return, looker: Client, desk: Client):
    url, tag = fresh_of(desk)
    assert looker.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_boxes_to_mark_are_there_for_who_decides(rma: Return, looker: Client, desk: Client):
    box = f'value="{rma.pk}.{rma.version}"'
    assert box in shown(desk) and "omsdesk-bulk" in shown(desk)
    assert box not in shown(looker) and "omsdesk-bulk" not in shown(looker)
