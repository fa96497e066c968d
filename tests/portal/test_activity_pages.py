"""The overview and the updates as pages, the visit that moves what is new, and marking it read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oms_portal.orders.extracts import DeliveryUpdate
from oms_portal.orders.personal import Visit
from tests import factories, wire
from tests.fragments.test_order import text
from tests.site.models import BlockPage


pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Any:
    return factories.person(company=factories.customer("C1"))


@pytest.fixture
def browser(buyer: Any) -> Client:
    client = Client()
    client.force_login(buyer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode()


def came_back() -> None:
    """The visitor was here two hours ago; what is there has come since."""
    then = timezone.now() - timedelta(hours=2)
    Visit.objects.update(read_until=then, last_at=then)


def test_the_overview_holds_the_dashboard_the_arrivals_and_the_newest_updates(
    browser: Client,
) -> None:
    factories.order("SO-1", "C1", lines=wire.on_time(), on_hold=True)
    page = read(browser, "/portal/")
    for name in ("oms-dashboard", "oms-arriving", "oms-updates", "oms-freshness"):
        assert f'"oms-fragment {name}"' in page
    assert "Order SO-1 was put on hold." in text(page)
    assert page.count("<h1") == 1


def test_a_first_visit_finds_nothing_new_and_the_next_what_came_between(browser: Client) -> None:
    factories.order("SO-1", "C1", lines=wire.on_time())
    assert "oms-new" not in read(browser, "/portal/updates/")
    came_back()
    for _ in range(2):
        assert 'class="oms-badge oms-new"' in read(browser, "/portal/fragments/updates/")
    came_back()
    Visit.objects.update(last_at=timezone.now())
    assert "1 update since your last visit" in text(read(browser, "/portal/updates/"))


def test_all_is_marked_as_read_from_where_the_form_stands(browser: Client, buyer: Any) -> None:
    factories.order("SO-1", "C1", lines=wire.on_time())
    read(browser, "/portal/updates/")
    came_back()
    assert 'action="/portal/updates/read/"' in read(browser, "/portal/updates/")
    own, other = str(factories.company("C1").pk), str(factories.company("C2").pk)
    where = {"HTTP_REFERER": "http://testserver/service/?a=1"}
    answer = browser.post("/portal/updates/read/", {"company": own}, **where)
    assert (answer.status_code, answer["Location"]) == (302, "/service/?a=1")
    assert "oms-new" not in read(browser, "/portal/updates/")
    for place, back in (("//evil.example/a", "/%2Fevil.example/a"), ("", "/"), ("?a=1", "/?a=1")):
        where = {"HTTP_REFERER": f"http://testserver{place}"}
        answer = browser.post("/portal/updates/read/", {"company": own}, **where)
        assert (answer.status_code, answer["Location"]) == (302, back)
    assert browser.post("/portal/updates/read/", {"company": own})["Location"] == "/portal/updates/"
    for company in (other, "", "x"):
        assert browser.post("/portal/updates/read/", {"company": company}).status_code == 404
    assert Client(enforce_csrf_checks=True).post("/portal/updates/read/").status_code == 403


def test_what_is_new_to_one_is_not_to_another_and_their_texts_are_apart(browser: Client) -> None:
    factories.order("SO-1", "C1", lines=wire.on_time())
    read(browser, "/portal/updates/")
    came_back()
    other = Client()
    person = factories.person("second@c1.example", factories.company("C1"))
    other.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "oms-new" not in read(other, "/portal/fragments/updates/")
    assert "oms-new" in read(browser, "/portal/fragments/updates/")


def test_a_person_without_a_company_is_told_so(db: None) -> None:
    client = Client()
    nobody = factories.person("nobody@nowhere.example")
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/portal/", "/portal/updates/"):
        assert "does not belong to a company yet" in read(client, path)
    assert client.get("/portal/fragments/dashboard/").status_code == 404
    assert Visit.objects.count() == 0


def test_pages_go_on_where_the_last_ended_without_any_script(browser: Client) -> None:
    order = factories.order("SO-1", "C1", lines=wire.on_time())
    start = timezone.now()
    for number in range(9):
        DeliveryUpdate.objects.create(
            order=order,
            company=order.company,
            key=str(number),
            kind="on_hold",
            trouble=True,
            occurred_at=start - timedelta(days=number),
            data={"fact": "on_hold"},
        )
    page = read(browser, "/portal/updates/?kinds=trouble&size=5")
    url = page.split('rel="next" data-oms-page href="')[1].split('"')[0].replace("&amp;", "&")
    assert "kinds=trouble" in url and "size=5" in url
    assert read(browser, url).count("oms-row-title") == 4


def place(body: list[dict[str, Any]]) -> None:
    page = BlockPage(title="Service", slug="service", body=json.dumps(body))
    factories.site().root_page.add_child(instance=page)


def test_blocks_hand_the_editor_s_options_on(client: Client) -> None:
    place(
        [
            {
                "type": "dashboard",
                "value": {
                    "sections": [
                        {"type": "item", "value": "late", "id": "a"},
                        {"type": "item", "value": "", "id": "b"},
                    ],
                    "rows": 3,
                },
            },
            {
                "type": "delivery_updates",
                "value": {"kinds": "trouble", "rows": 7, "filters": False},
            },
            {"type": "arriving_today", "value": {"days": "week", "arrived": False}},
            {"type": "dashboard", "value": {}},
            {"type": "delivery_updates", "value": {}},
            {"type": "arriving_today", "value": {}},
        ]
    )
    page = client.get("/service/").content.decode().replace("&amp;", "&")
    assert 'src="/portal/fragments/dashboard/?sections=late&rows=3&lang=en"' in page
    assert 'src="/portal/fragments/updates/?kinds=trouble&size=7&tools=0&lang=en"' in page
    assert 'src="/portal/fragments/arriving/?days=week&arrived=0&lang=en"' in page
    assert 'src="/portal/fragments/dashboard/?lang=en"' in page
    assert 'src="/portal/fragments/updates/?size=10&lang=en"' in page
    assert 'src="/portal/fragments/arriving/?lang=en"' in page
    assert 'href="/portal/?days=week&arrived=0"' in page
