"""Nobody is kept out: axe-core on every sample, state and page, in every dress.

New blocks, fragments and pages are found by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oms_portal.blocks import portal_blocks
from oms_portal.changes.models import PickupPlace
from oms_portal.customers import actions
from oms_portal.customers.access import actor_for
from oms_portal.customers.models import Membership, Role
from oms_portal.fragments.samples.changes import every_state
from oms_portal.fragments.samples.stand_ins import ALL
from oms_portal.orders.models import Document, Order
from oms_portal.portal.rights import right_of
from oms_portal.portal.urls import urlpatterns
from tests import factories, wire
from tests.changes import scene

from .bench import Bench


pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db]

BLOCKS = dict(portal_blocks())
NOTES = ("loading", "reconnecting", "stale", "signed-out", "gone", "error")


@pytest.fixture(scope="module")
def bench(browser: Any) -> Iterator[Bench]:
    page = browser.new_page()
    yield Bench(page)
    page.close()


def samples() -> str:
    """Every block as its preview is, and the fragments that no block shows."""
    shown = [preview(block) for block in BLOCKS.values()]
    for name in sorted(set(ALL) - {block.fragment for block in BLOCKS.values()}):
        title = f'<h2 class="oms-block-heading">{name}</h2>'
        shown.append(f"{title}{ALL[name]({})}")
    shown.append(f'<h2 class="oms-block-heading">Requests</h2>{every_state()}')
    assert len(shown) >= len(ALL)
    return "".join(shown)


def preview(block: Any, **options: Any) -> str:
    value = block.normalize(block.get_preview_value())
    value.update(options)
    html = render_to_string("oms_portal/blocks/preview.html", block.get_preview_context(value))
    [inside] = re.findall(r"<main.*?>(.*)</main>", html, re.DOTALL)
    return str(inside).replace("oms-portal oms-page", "oms-portal")


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
    found = bench.faults_by_dress()
    print(f"{what} in {len(found)} dresses: {', '.join(found)}")
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
    found = [
        "/portal/orders/?find=nothing-of-this-name",
        "/portal/orders/NO-SUCH/",
        "/portal/orders/SO-2/deliveries/D1/packing-list/",
        reverse("oms_portal:member", args=[Membership.objects.latest("pk").pk]),
        f"/portal/orders/SO-1/documents/{Document.objects.get().pk}/",
    ]
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
    found = {"unavailable": render_to_string("oms_portal/portal/unavailable.html"), **invitations()}
    found["invite, in error"] = client.post("/portal/people/invite/", {}).content.decode()
    found |= changes(client)
    other = Client()
    nobody = factories.person("new@x.example", factories.customer("EMPTY"))
    other.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses():
        for visitor in (client, other):
            answer = visitor.get(address, follow=True)
            if "<body class=" in answer.content.decode():
                found[f"{address} {visitor is client}"] = answer.content.decode()
    return found


def changes(client: Client) -> dict[str, str]:
    """The forms of changes as they are opened, in error, overtaken; a request, checked and sent."""
    company = Membership.objects.earliest("pk").company
    factories.address(company, "S7", name="Plant S7", lines=["Kai 7"], postal_code="28195")
    branch = PickupPlace.objects.create(ref="B1", name="Branch Bremen")
    factories.deliver(
        "order", scene.record(ref="SO-7001", number="SO-7001", customer_ref=company.ref)
    )
    found, way = {}, "/portal/orders/SO-7001/"
    typed = {"do": "send", "scope": "lines", "place": "new", "phone": "1", "quantity:L1": "99"}
    for form in ("change", "cancel"):
        opened = client.get(f"{way}{form}/").content.decode()
        assert "oms-asking-form" in opened
        found[f"{form}, opened"] = opened
        found[f"{form}, in error"] = client.post(f"{way}{form}/", typed).content.decode()
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found["change, opened"]))
    sent = {**kept, "scope": "order", "place": "S7", "method": "pickup", "pickup_ref": branch.ref}
    late = client.post(f"{way}change/", {**sent, "do": "send", "version": "old"})
    assert late.status_code == 412
    found["change, overtaken"] = late.content.decode()
    checked = client.post(f"{way}change/", {**sent, "do": "check"})["Location"]
    found["request, checked"] = client.get(checked).content.decode()
    client.post(f"{checked}submit/")
    found["request, sent"] = client.get(checked).content.decode()
    assert "oms-compare" in found["request, checked"] and "oms-withdraw" in found["request, sent"]
    return found


def invitations() -> dict[str, str]:
    """What somebody sees who is invited: new, known and signed out, signed in, somebody else."""
    found, company = {}, factories.customer("C2")
    admin = actor_for(factories.person("cleo@x.example", company, Role.ADMIN))
    for name, signed_in in (("dora", ""), ("bob", ""), ("bob", "bob"), ("bob", "ann")):
        _, token = actions.invite(admin, company, f"{name}@x.example", actions.Terms())
        visitor = Client()
        if signed_in:
            person = get_user_model().objects.get(email=f"{signed_in}@x.example")
            visitor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        answer = visitor.get(f"/portal/invitation/{token}/", follow=True)
        found[f"{answer.templates[0].name}, {signed_in or 'nobody'}"] = answer.content.decode()
    return found


def test_axe_finds_nothing_on_the_portals_pages(
    bench: Bench, customer: Client, settings: Any
) -> None:
    scene.connect(settings)
    shown, found = pages(customer), {}
    assert {"/portal/ True", "/portal/orders/ True", "/portal/people/ True"} <= set(shown)
    for address, html in shown.items():
        bench.put(html)
        found |= {f"{address} {dress}": each for dress, each in bench.faults_by_dress().items()}
        found[f"{address} narrow"] = bench.leaving()
    print(f"{len(found)} looks at {len(shown)} pages: {', '.join(shown)}")
    assert not any(found.values()), {where: each for where, each in found.items() if each}
