"""Nobody is kept out: axe-core on every sample, state and page, in every dress.

New blocks, fragments and pages are found by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oms_portal.blocks import portal_blocks
from oms_portal.customers.models import Role
from oms_portal.fragments.sampled import ALL
from oms_portal.orders.models import Order
from oms_portal.portal.rights import right_of
from oms_portal.portal.urls import urlpatterns
from tests import factories, wire

from .bench import PAIRS, Bench


pytestmark = [pytest.mark.browser, pytest.mark.django_db]

BLOCKS = dict(portal_blocks())
NOTES = ("loading", "reconnecting", "stale", "signed-out", "gone", "error")


@pytest.fixture(scope="module")
def bench(browser: Any) -> Iterator[Bench]:
    page = browser.new_page()
    yield Bench(page)
    page.close()


def samples() -> str:
    """Every block as its preview is, and the fragments that no block shows."""
    shown = []
    for block in BLOCKS.values():
        context = block.get_preview_context(block.normalize(block.get_preview_value()))
        preview = render_to_string("oms_portal/blocks/preview.html", context)
        shown += re.findall(r"<main.*?>(.*)</main>", preview, re.DOTALL)
    for name in sorted(set(ALL) - {block.fragment for block in BLOCKS.values()}):
        shown.append(f"<section><h2>{name}</h2>{ALL[name]({})}</section>")
    assert len(shown) >= len(ALL)
    return "".join(shown)


def shells() -> str:
    """Every block's shell: each note told, each text shown, updates paused, signed out, gone."""
    words = {f"{state}_text": "Call us." for state in ("empty", "error", "stale", "signed_out")}
    options = {"heading": "Heading", "call_label": "Ask us", "call_url": "/ask/", **words}
    html = "".join(str(block.render(block.to_python(options))) for block in BLOCKS.values())
    html += render_to_string("oms_portal/fragments/sign_in.html", {"sign_in_url": "/in/"})
    html += render_to_string("oms_portal/fragments/missing.html")
    html = re.sub(r"(<p class=\"oms-(?:note|empty-own)\"[^>]*) hidden", r"\1", html)
    html = html.replace('aria-pressed="false"', 'aria-pressed="true"')
    return html.replace(
        'class="oms-portal oms-feed"', r'class="oms-portal oms-feed" data-state="live"'
    )


STATES = {"samples": samples, "shells": shells}


@pytest.mark.parametrize("what", STATES)
def test_axe_finds_nothing_in_blocks_and_states(bench: Bench, what: str) -> None:
    bench.put(STATES[what]())
    found = {}
    for dress in PAIRS:
        bench.dress(dress)
        found[str(dress)] = bench.faults()
    assert not any(found.values()), found


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("what", STATES)
def test_no_block_leaves_the_narrowest_window(bench: Bench, what: str, language: str) -> None:
    with translation.override(language):
        bench.put(STATES[what](), language)
    assert bench.leaving() == []


@pytest.fixture
def customer() -> Client:
    """An administrator at a company with orders in several states, and at one with none."""
    factories.site()
    company = factories.customer("C1")
    shipped = {"ordered": "10", "shipped": "10"}
    factories.order("SO-1", "C1", documents=[_paper()])
    factories.order(
        "SO-2", "C1", lines=[wire.line(quantities=shipped)], shipments=[wire.shipment()]
    )
    factories.order("SO-3", "C1", on_hold=True)
    person = factories.person("ann@x.example", company, Role.ADMIN)
    factories.member(factories.person("bob@x.example"), company, Role.VIEWER)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _paper() -> dict[str, Any]:
    return {
        "ref": "doc-1",
        "kind": "invoice",
        "number": "INV-1",
        "issued_on": "2026-11-20",
        "url": "https://erp.example/1",
        "media_type": "application/pdf",
    }


def addresses() -> list[str]:
    """Every page that a GET shows and that needs no more than an order's name."""
    found = ["/portal/orders/?find=nothing-of-this-name", "/portal/orders/NO-SUCH/"]
    for pattern in urlpatterns:
        name, right = str(pattern.name), right_of(pattern.callback)
        if right is None or "GET" not in right.methods or name.startswith(("fragment_", "export_")):
            continue
        arguments = list(pattern.pattern.converters)
        if arguments == ["slug"]:
            found.append(reverse(f"oms_portal:{name}", args=[Order.objects.earliest("pk").slug]))
        elif not arguments and name != "brand_css":
            found.append(reverse(f"oms_portal:{name}"))
    return found


def pages(client: Client) -> dict[str, str]:
    """The whole pages by their addresses; people's own and an empty company's too."""
    found = {"unavailable": render_to_string("oms_portal/portal/unavailable.html")}
    other = Client()
    nobody = factories.person("new@x.example", factories.customer("EMPTY"))
    other.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses():
        for visitor in (client, other):
            answer = visitor.get(address, follow=True)
            if "<body class=" in answer.content.decode():
                found[f"{address} {visitor is client}"] = answer.content.decode()
    return found


def test_axe_finds_nothing_on_the_portals_pages(bench: Bench, customer: Client) -> None:
    shown, found = pages(customer), {}
    assert {"/portal/ True", "/portal/orders/ True", "/portal/people/ True"} <= set(shown)
    for number, (address, html) in enumerate(shown.items()):
        bench.put(html)
        for dress in (PAIRS[number % 2], PAIRS[2 + number % 2]):
            bench.dress(dress)
            found[f"{address} {dress}"] = bench.faults()
        found[f"{address} narrow"] = bench.leaving()
    assert not any(found.values()), {where: each for where, each in found.items() if each}
