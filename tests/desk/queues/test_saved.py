"""Queues kept under names: one's own, and everybody's."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from oms_portal.returns.receipts.models import QueueView
from tests.desk.conftest import client_of, staff


pytestmark = pytest.mark.django_db

LIST, VIEWS = "/admin/oms/returns/", "/admin/oms/returns/views/"


@pytest.fixture
def kim(site: Any) -> Client:
    return client_of(staff("kim@shop.example", "view_return"))


@pytest.fixture
def lead(site: Any) -> Client:
    return client_of(staff("lead@shop.example", "view_return", "lead_return"))


@pytest.fixture
def sam(site: Any) -> Client:
    return client_of(staff("sam@shop.example", "view_return"))


def keep(client: Client, name: str, query: str, **more: str) -> Any:
    return client.post(VIEWS, {"name": name, "query": query, **more})


def seen(client: Client, url: str = LIST) -> str:
    return unescape(client.get(url).content.decode())


def test_a_view_is_kept_for_oneself_and_leads_back(kim: Client, sam: Client):
    answer = keep(kim, "Mine", "queue=approve&company=C1&p=3&evil=1")
    assert answer["Location"] == f"{LIST}?queue=approve&company=C1"
    assert f'href="{LIST}?queue=approve&company=C1"><bdi>Mine</bdi>' in seen(kim)
    assert "Mine" not in seen(sam)


def test_a_shared_view_is_everybodys_with_the_name_of_whose_it_is(lead: Client, sam: Client):
    keep(lead, "Dock <2>", "queue=today", shared="on")
    html = sam.get(LIST).content.decode()
    assert "Dock &lt;2&gt;" in html and "lead@shop.example" in html


def test_only_a_lead_shares_a_view(kim: Client, lead: Client):
    keep(kim, "Ours", "queue=today", shared="on")
    assert not QueueView.objects.exists()
    box = 'name="shared"'
    assert box not in seen(kim, f"{LIST}?queue=today")
    assert box in seen(lead, f"{LIST}?queue=today")


def test_a_view_is_of_the_returns_behind_a_figure_too(kim: Client):
    query = "figure=asked&from=2026-01-01&to=2026-01-31&article="
    assert keep(kim, "Mine", query)["Location"] == f"{LIST}?{query}"
    assert f'href="{LIST}?{query}"><bdi>Mine' in seen(kim)


def test_the_same_name_again_takes_its_place(kim: Client):
    keep(kim, "Mine", "queue=approve")
    keep(kim, "Mine", "queue=today")
    assert QueueView.objects.get().query == "queue=today"


def test_a_view_without_a_name_or_without_anything_in_it_is_not_kept(kim: Client):
    keep(kim, "  ", "queue=approve")
    keep(kim, "Mine", "p=2")
    keep(kim, "Mine", "company=" + "x" * 2000)
    assert not QueueView.objects.exists()


def test_one_drops_ones_own_and_a_lead_what_is_shared(kim: Client, lead: Client, sam: Client):
    keep(kim, "Mine", "queue=approve")
    keep(lead, "Ours", "queue=today", shared="on")
    mine, ours = QueueView.objects.order_by("name")
    assert f'name="drop" value="{ours.pk}"' not in seen(sam, VIEWS)
    for view in (mine, ours):
        sam.post(VIEWS, {"drop": str(view.pk)})
    assert QueueView.objects.count() == 2
    other = client_of(staff("other@shop.example", "view_return", "lead_return"))
    for view in (mine, ours):
        other.post(VIEWS, {"drop": str(view.pk)})
    assert QueueView.objects.get() == mine
    kim.post(VIEWS, {"drop": str(mine.pk)})
    assert not QueueView.objects.exists()


def test_nobody_keeps_more_than_can_be_looked_through(kim: Client, monkeypatch: Any):
    monkeypatch.setattr("oms_portal.desk.queues.saved.MOST", 2)
    for name in ("A", "B", "C"):
        keep(kim, name, "queue=approve")
    assert QueueView.objects.count() == 2
    keep(kim, "B", "queue=today")
    assert QueueView.objects.get(name="B").query == "queue=today"
