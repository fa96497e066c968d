"""Staff give words to codes, and see the codes that nobody gave one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from oms_portal.words.models import Kind, StatusWord, UnknownCode
from tests import factories


pytestmark = pytest.mark.django_db


def staff(*rights: str) -> Client:
    """Somebody in a group with these rights, signed in to the admin."""
    group, _ = Group.objects.get_or_create(name="Words")
    names = ["access_admin", *rights]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(
        factories.person("words@staff.example", staff=["Words"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, (response.status_code, response.headers)
    return response.content.decode()


ALL = ("add_statusword", "change_statusword", "delete_statusword", "view_unknowncode")
FORM = {"kind": "order", "code": " ZF2 ", "word": "Being checked", "text": "", "audience": "",
        "language": "", "site": ""}  # fmt: skip


def unknown(code: str = "ZF2") -> UnknownCode:
    return UnknownCode.objects.create(
        kind=Kind.ORDER, code=code, source=factories.source(), example="SO-77"
    )


def test_a_code_that_was_seen_gets_a_word_in_two_steps() -> None:
    client = staff(*ALL)
    unknown()
    listed = page(client, "oms_unknown_codes:index")
    assert "ZF2" in listed and "SO-77" in listed and "ERP main" in listed
    url = f"{reverse('oms_words:add')}?kind=order&amp;code=ZF2"
    assert url in listed
    form = client.get(url.replace("&amp;", "&")).content.decode()
    assert 'value="ZF2"' in form and '<option value="order" selected>' in form
    response = client.post(reverse("oms_words:add"), FORM)
    assert response.status_code == 302
    assert StatusWord.objects.get().code == "ZF2"
    assert "SO-77" not in page(client, "oms_unknown_codes:index")
    assert "Being checked" in page(client, "oms_words:index")


def test_the_form_offers_codes_that_were_seen_and_ours() -> None:
    unknown('"><script>')
    form = page(staff(*ALL), "oms_words:add")
    assert '<option value="&quot;&gt;&lt;script&gt;">Order status, seen on SO-77</option>' in form
    assert '<option value="on_hold">Order status: On hold</option>' in form
    assert '<option value="backorder">Reason for a new date: Not enough in stock</option>' in form
    assert 'list="id_code_codes"' in form and '<datalist id="id_code_codes">' in form


def test_the_same_code_gets_one_word_for_the_same_people() -> None:
    client = staff(*ALL)
    StatusWord.objects.create(kind="order", code="zf2", word="Being checked")
    again = client.post(reverse("oms_words:add"), FORM)
    assert "This code has a word for these people already." in again.content.decode()
    assert client.post(reverse("oms_words:add"), FORM | {"audience": "staff"}).status_code == 302
    site = factories.site().pk
    assert client.post(reverse("oms_words:add"), FORM | {"site": site}).status_code == 302
    row = StatusWord.objects.get(site=site)
    edited = client.post(reverse("oms_words:edit", args=[row.pk]), FORM | {"site": site})
    assert edited.status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "order"}, {"Being checked", "Geprüft", "credit block"}),
        ({"audience": "staff"}, {"credit block"}),
        ({"language": "de"}, {"Geprüft"}),
        ({"q": "zg9"}, {"Packing"}),
        ({"q": "block"}, {"credit block"}),
    ],
)
def test_words_are_filtered_and_searched(query: dict[str, str], found: set[str]) -> None:
    for kind, code, word, audience, language in (
        ("order", "ZF2", "Being checked", "", ""),
        ("order", "ZF2", "Geprüft", "", "de"),
        ("order", "ZF2", "credit block", "staff", ""),
        ("shipment", "ZG9", "Packing", "", ""),
    ):
        StatusWord.objects.create(
            kind=kind, code=code, word=word, audience=audience, language=language
        )
    listed = page(staff(*ALL), "oms_words:index", **query)
    words = {"Being checked", "Geprüft", "credit block", "Packing"}
    assert {word for word in words if word in listed} == found


def test_without_the_right_nothing_is_shown_or_changed() -> None:
    client = staff("view_unknowncode")
    unknown()
    listed = page(client, "oms_unknown_codes:index")
    assert "ZF2" in listed and "Give it a word" not in listed
    assert client.post(reverse("oms_words:add"), FORM).status_code == 302
    assert not StatusWord.objects.exists()
    assert client.get(reverse("oms_words:index")).status_code == 302
    assert staff().get(reverse("oms_unknown_codes:index")).status_code == 302


def test_the_rights_stand_in_the_group_editor() -> None:
    from wagtail import hooks

    offered = [perm for hook in hooks.get_hooks("register_permissions") for perm in hook()]
    names = {perm.codename for perm in offered}
    assert {"add_statusword", "change_statusword", "delete_statusword"} <= names
    assert "view_unknowncode" in names and "delete_unknowncode" not in names
