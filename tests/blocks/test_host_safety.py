"""The portal on a host's pages: the same for everybody, whatever the host caches or nests."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.test import Client
from django.urls import reverse
from wagtail.blocks import CharBlock
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from oms_portal.blocks import portal_blocks
from tests import factories
from tests.site.models import BlockPage


NAMES = [name for name, _ in portal_blocks()]
EVERY = [{"type": name, "value": {"heading": f"The {name}"}} for name in NAMES]
NESTED = [
    {"type": "columns", "value": [{"title": "One", "content": EVERY}, {"content": EVERY}]},
    {"type": "lists", "value": [{"heading": "First"}, {"heading": "Second", "rows": 5}]},
]


def place(**fields: Any) -> BlockPage:
    content = {"body": json.dumps(EVERY), "nested": json.dumps(NESTED), **fields}
    page = BlockPage(title="Service", slug="service", **content)
    root = Site.objects.get(is_default_site=True).root_page
    Page.objects.get(pk=root.pk).add_child(instance=page)
    return page


def somebody(ref: str) -> Client:
    """A buyer at a company of this name, which has an order."""
    company = factories.customer(ref, name=f"Company {ref}")
    factories.order(f"SO-{ref}", ref)
    client = Client()
    client.force_login(factories.person(f"{ref}@x.example", company, first_name=f"Name{ref}"))
    return client


def read(client: Client, path: str = "/service/", language: str = "en") -> str:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.fixture
def site(db: None) -> Site:
    cache.clear()
    return factories.site()


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize("language", ["en", "de", "nl", "ar"])
def test_a_page_is_the_same_for_everybody(site: Site, cached: bool, language: str) -> None:
    place(cached=cached)
    visitors = [somebody("C1"), somebody("C2"), Client()]
    pages = [read(visitor, "/service/?order=SO-C1", language) for visitor in visitors]
    pages.append(read(visitors[0], "/service/?order=SO-C1", language))
    assert len(set(pages)) == 1
    for private in ("SO-C", "Company C", "NameC", "x.example", "csrf", "data-ticket"):
        assert private not in pages[0]
    assert pages[0].count("<oms-live") == 2 * (3 * len(NAMES) + 2)
    assert f"lang={language}" in pages[0] and f'<html lang="{language}"' in pages[0]


def test_within_a_hosts_own_blocks_each_fetches_what_was_set(site: Site) -> None:
    place(body="[]")
    page = read(Client())
    assert page.count('src="/portal/fragments/dashboard/?') == 2
    assert 'src="/portal/fragments/orders/?size=5&amp;' in page
    assert page.index("First") < page.index("Second")


def test_a_page_needs_nothing_of_the_request(site: Site) -> None:
    page = place()
    for value in (page.body, page.nested):
        html = str(value)
        assert html.count('class="oms-portal oms-block"') == html.count("oms-feed")
        assert "/portal/fragments/orders/" in html


@pytest.mark.parametrize("name", NAMES)
def test_a_half_filled_draft_breaks_no_page(site: Site, name: str) -> None:
    block = dict(portal_blocks())[name]
    unset = dict.fromkeys(block.child_blocks)
    place(body=json.dumps([{"type": name, "value": value} for value in ({}, unset)]), nested="[]")
    assert read(Client()).count("<oms-live") == 4


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_saves_a_half_filled_draft(site: Site, name: str) -> None:
    stream = BlockPage._meta.get_field("body").stream_block
    value = stream.to_python([{"type": name, "value": {"heading": "", "call_label": "Ask"}}])
    assert stream.clean_deferred(value)[0].value["call_label"] == "Ask"


def test_fragments_and_pages_are_kept_by_no_cache(site: Site) -> None:
    place(cached=True)
    buyer = somebody("C1")
    sources = set(re.findall(r' src="(/portal/fragments/[^"]+)"', read(buyer)))
    assert len(sources) >= 6
    for path in {each.replace("&amp;", "&") for each in sources}:
        for visitor in (buyer, Client()):
            answer = visitor.get(path)
            assert answer["cache-control"] == "private, no-store", path
            assert "Cookie" in answer["vary"]
    for name in ("orders", "updates", "documents", "people"):
        assert buyer.get(reverse(f"oms_portal:{name}"))["cache-control"] == "private, no-store"


def test_to_adopt_the_portal_is_one_migration_of_one_field() -> None:
    before = _host(StreamField([("paragraph", CharBlock())], blank=True))
    after = _host(StreamField([("paragraph", CharBlock()), *portal_blocks()], blank=True))
    changes = MigrationAutodetector(before, after)._detect_changes()
    assert list(changes) == ["host"]
    (migration,) = changes["host"]
    assert [type(operation).__name__ for operation in migration.operations] == ["AlterField"]
    assert MigrationAutodetector(after, after)._detect_changes() == {}


def _host(field: StreamField) -> ProjectState:
    state = ProjectState()
    state.add_model(ModelState("host", "Page", [("body", field)]))
    return state


@pytest.mark.django_db
def test_the_portal_brings_no_page_type_and_wants_no_migration_of_its_own() -> None:
    call_command("makemigrations", "oms_portal", check=True, dry_run=True, stdout=StringIO())
