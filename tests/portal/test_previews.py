"""A page in an editor's preview shows invented orders, whoever the editor is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oms_portal.fragments.base import fragments
from oms_portal.fragments.samples.stand_ins import ALL, sampled
from tests import factories


pytestmark = pytest.mark.django_db
PREVIEW = "http://testserver/admin/pages/3/edit/preview/?in_preview_panel=true"


@pytest.fixture
def editor(admin_client: Client) -> Client:
    """Somebody who edits pages and buys at Real customer."""
    factories.site()
    company = factories.customer("C1", name="Real customer")
    factories.order("SO-1001", "C1")
    factories.member(admin_client.get("/admin/").wsgi_request.user, company)
    return admin_client


def asked(client: Client, referer: str, name: str = "orders") -> str:
    url = reverse(f"oms_portal:fragment_{name}")
    return client.get(url, headers={"referer": referer}).content.decode()


def test_in_a_preview_the_orders_are_invented(editor: Client) -> None:
    html = asked(editor, PREVIEW)
    assert "SO-48231" in html and "invented customer" in html
    assert "SO-1001" not in html and "Real customer" not in html
    assert "data-topic" not in html and "ticket" not in html


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://testserver/service/",
        "http://elsewhere.example/admin/pages/3/edit/preview/",
        "http://[x/admin/",
    ],
)
def test_everywhere_else_they_are_real(editor: Client, referer: str) -> None:
    assert "SO-1001" in asked(editor, referer) and "SO-48231" not in asked(editor, referer)


def test_an_editor_who_is_no_customer_sees_the_samples_too(admin_client: Client) -> None:
    assert "SO-48231" in asked(admin_client, PREVIEW)


def test_a_preview_lets_no_stranger_in(client: Client) -> None:
    assert "Sign in" in asked(client, PREVIEW)


def test_every_fragment_has_a_sample() -> None:
    # Other tests register fragments of their own.
    ours = {each.name for each in fragments() if type(each).__module__.startswith("oms_portal.")}
    assert ours == set(ALL)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_sample_is_of_the_same_make_as_the_real_one(name: str, language: str) -> None:
    html: Any = sampled(name, {}, language)
    assert html.startswith(f'<div class="oms-fragment oms-{name}"') and "data-part=" in html
