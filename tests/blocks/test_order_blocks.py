"""What a marketer places: one shell for everybody, and nobody's orders in a preview."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.blocks import StructValue
from wagtail.models import Page, Site

from oms_portal.blocks import OrderListBlock, portal_blocks
from tests import factories
from tests.site.models import BlockPage


pytestmark = pytest.mark.django_db

BODY = [
    {"type": "paragraph", "value": "Welcome"},
    {"type": "order_list", "value": {"heading": "My <orders>", "rows": 30}},
    {"type": "order_detail", "value": {"heading": ""}},
    {"type": "order_tracker", "value": {"heading": "Track it"}},
]


def place(body: Any = BODY, **fields: Any) -> BlockPage:
    page = BlockPage(title="Service", slug="service", body=json.dumps(body), **fields)
    root = Site.objects.get(is_default_site=True).root_page
    Page.objects.get(pk=root.pk).add_child(instance=page)
    return page


def read(client: Client, path: str = "/service/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def site(db: None) -> Site:
    return factories.site()


@pytest.fixture
def buyer() -> Client:
    company = factories.customer("C1")
    factories.order("SO-1001", "C1")
    client = Client()
    client.force_login(factories.person(company=company))
    return client


@pytest.mark.parametrize("cached", [False, True])
def test_the_page_is_the_same_for_everybody(client: Client, buyer: Client, cached: bool) -> None:
    cache.clear()
    place(cached=cached)
    page = read(buyer, "/service/?order=SO-1001")
    assert page == read(client)
    assert "SO-1001" not in page and "Company C1" not in page and "ticket" not in page
    assert "csrf" not in page


def test_the_shell_leads_to_the_fragments_and_without_script_to_the_portal(client: Client) -> None:
    place()
    page = read(client)
    assert '<h2 class="oms-block-heading oms-block-h2">My &lt;orders&gt;</h2>' in page
    assert 'src="/portal/fragments/orders/?size=30&amp;lang=en"' in page
    assert 'data-src-pattern="/portal/fragments/orders/{order}/?lang=en"' in page
    assert 'data-src-pattern="/portal/fragments/tracker/{order}/?lang=en"' in page
    assert 'href="/portal/orders/?size=30"' in page
    assert 'method="get" action="/portal/orders/"' in page
    assert page.index("Welcome") < page.index("My &lt;orders")
    for state in ("loading", "reconnecting", "stale", "signed-out", "gone", "error"):
        assert f'data-note="{state}" hidden' in page


def test_the_fragments_the_shell_names_are_there(buyer: Client) -> None:
    place()
    page = read(buyer)
    pattern = page.split('data-src-pattern="')[1].split('"')[0]
    assert "Order SO-1001" in read(buyer, pattern.format(order="SO-1001"))
    assert "SO-1001" in read(buyer, page.split('src="')[1].split('"')[0].replace("&amp;", "&"))


def test_a_list_may_be_sorted_at_first_as_the_marketer_likes(client: Client) -> None:
    place([{"type": "order_list", "value": {"sort": "due"}}])
    page = read(client)
    assert 'src="/portal/fragments/orders/?size=10&amp;sort=due&amp;lang=en"' in page
    assert 'href="/portal/orders/?size=10&amp;sort=due"' in page


def test_a_preview_is_sorted_as_it_will_be() -> None:
    block = OrderListBlock()
    for sort, first in (("newest", "SO-48231"), ("due", "SO-48190"), ("oldest", "SO-48066")):
        sample = block.sample(block.to_python({"sort": sort}))
        assert sample.split("oms-order-link")[1].split(">")[1].startswith(first)
        assert f"sort={sort}&amp;size=" in sample


@pytest.mark.parametrize(
    "value", [{}, {"heading": None, "rows": None, "sort": None}, {"rows": 0, "sort": "x"}]
)
def test_a_block_draws_with_nothing_set(client: Client, value: dict[str, Any]) -> None:
    place([{"type": name, "value": value} for name, _ in portal_blocks()])
    assert "/portal/fragments/orders/?size=10&amp;" in read(client)


def test_a_block_needs_no_request_and_no_page() -> None:
    for _, block in portal_blocks():
        assert "<oms-live" in block.render(block.to_python({}))
        assert "<oms-live" in block.render(StructValue(block))


def test_a_draft_may_be_half_filled() -> None:
    block = OrderListBlock()
    block.defer_required_validation()
    value = block.clean(block.to_python({"heading": "", "rows": None}))
    assert value["rows"] is None
    block.restore_deferred_validation()


def test_our_blocks_stand_last_in_a_group_of_their_own() -> None:
    names = list(BlockPage._meta.get_field("body").stream_block.child_blocks)
    assert names == ["paragraph", *(name for name, _ in portal_blocks())]
    assert names[1:4] == ["order_list", "order_detail", "order_tracker"]
    for _, block in portal_blocks():
        assert str(block.meta.group) == "Order portal"
        assert block.get_description() and block.meta.icon and block.is_previewable


@pytest.mark.parametrize("name", [name for name, _ in portal_blocks()])
def test_a_preview_shows_an_invented_order_and_nobodys_own(admin_client: Client, name: str) -> None:
    company = factories.customer("C1", name="Real customer")
    factories.order("SO-1001", "C1")
    admin = admin_client.get("/admin/").wsgi_request.user
    factories.member(admin, company)
    block = BlockPage._meta.get_field("body").stream_block.child_blocks[name]
    path = reverse("wagtailadmin_block_preview") + f"?id={block.definition_prefix}"
    page = read(admin_client, path)
    assert "SO-48" in page and "oms_portal/oms_portal.css" in page
    assert 'href="/portal/brand.css"' in page
    assert "SO-1001" not in page and "Real customer" not in page
    assert "<oms-live" not in page and "ticket" not in page


def test_the_editor_opens_with_our_blocks(admin_client: Client) -> None:
    page = place()
    editor = read(admin_client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "order_tracker" in editor and "Rows per page" in editor


def test_a_block_asks_nothing_of_the_request() -> None:
    request = RequestFactory().get("/")
    for _, block in portal_blocks():
        value = block.to_python({})
        assert block.render(value, {"request": request}) == block.render(value)
