"""Sources, secrets and keys: shown once, replaced side by side, never seen again."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.desk.handouts import HANDOUTS
from oms_portal.erp import keys, secrets
from oms_portal.erp.models import ApiKey, Source, SourceSecret
from tests import factories

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(site: Any) -> Any:
    rights = ("view_source", "add_source", "change_source", "handout_source")
    return client_of(staff("keeper@shop.example", *rights))


@pytest.fixture
def editor(site: Any) -> Any:
    """May change a source, and has nothing to do with its secrets and keys."""
    return client_of(staff("editor@shop.example", "view_source", "change_source"))


@pytest.fixture
def source(db: None) -> Source:
    return factories.source()


def press(client: Any, source: Source, name: str, **data: Any) -> Any:
    return client.post(f"/admin/oms/sources/{name}/{source.pk}/", data)


def shown_secret(answer: Any) -> str:
    found = re.search(r'id="oms-secret"[^>]*value="([^"]+)"', answer.content.decode())
    assert found, answer
    return found[1]


def page(client: Any, source: Source) -> str:
    return client.get(f"/admin/oms/sources/inspect/{source.pk}/").content.decode()


def assert_nowhere(secret: str, client: Any, source: Source) -> None:
    """Neither in a page, nor in the history, nor in a session."""
    told = [
        page(client, source),
        client.get("/admin/oms/sources/").content.decode(),
        client.get("/admin/reports/site-history/").content.decode(),
        json.dumps(list(ModelLogEntry.objects.values("data", "label")), default=str),
        *(json.dumps(row.get_decoded()) for row in Session.objects.all()),
    ]
    assert not any(secret in text or secret[-20:] in text for text in told)


def test_a_source_is_made_and_its_customers_named_line_by_line(keeper):
    form = {
        "name": "Branch Lyon",
        "slug": "lyon",
        "uri": "/erp/lyon",
        "active": "on",
        "customers": " C1 \r\nC2\r\n\r\nC1",
        "types": ["order.updated.v1"],
        "watched": "on",
        "stale_after": "120",
    }
    answer = keeper.post("/admin/oms/sources/new/", form)

    made = Source.objects.get(slug="lyon")
    assert answer["Location"] == f"/admin/oms/sources/inspect/{made.pk}/"
    assert made.customers == ["C1", "C2"]
    assert (made.types, made.stale_after, made.all_customers) == (["order.updated.v1"], 120, False)


def test_an_edited_source_keeps_its_names(keeper, source):
    form = {"name": "New", "slug": "stolen", "uri": "/stolen", "customers": "", "stale_after": ""}
    keeper.post(f"/admin/oms/sources/edit/{source.pk}/", form)

    source.refresh_from_db()
    assert (source.name, source.slug, source.uri) == ("New", "main", "/erp/main")
    assert (source.active, source.all_customers) == (False, False)
    assert ModelLogEntry.objects.filter(action="wagtail.edit").exists()


def test_a_new_secret_is_shown_once_and_signs(keeper, source):
    answer = press(keeper, source, "create_secret")
    secret = shown_secret(answer)

    assert "no-store" in answer["Cache-Control"]
    assert secret.startswith("whsec_")
    assert [secrets.unseal(bytes(row.sealed)) for row in secrets.live()] != []
    assert_nowhere(secret, keeper, source)
    assert ModelLogEntry.objects.get(action="oms_portal.create_secret").data.keys() == {"id"}


def test_secrets_are_replaced_side_by_side(keeper, source):
    secrets.create(source)

    shown_secret(press(keeper, source, "rotate_secret", hours="2"))

    old, new = SourceSecret.objects.order_by("pk")
    assert new.expires_at is None
    assert timedelta(hours=1) < old.expires_at - timezone.now() < timedelta(hours=2, minutes=1)
    assert len(secrets.live()) == 2


def test_a_secret_is_revoked(keeper, source):
    secrets.create(source)
    row = SourceSecret.objects.get()

    press(keeper, source, "revoke_secret", id=row.pk)

    assert list(secrets.live()) == []
    assert "revoked" in page(keeper, source)


def test_a_new_key_is_shown_once_and_opens(keeper, source):
    form = {"key-scopes": ["events:read"], "key-days": "30"}
    key = shown_secret(press(keeper, source, "create_key", **form))

    found = keys.find(key, timezone.now())
    assert found is not None and found.scopes == ["events:read"]
    assert found.expires_at is not None
    assert_nowhere(key, keeper, source)
    assert found.prefix in page(keeper, source)


def test_a_key_is_replaced_by_one_that_may_the_same(keeper, source):
    old = keys.create(source, ["events:write"])
    row = ApiKey.objects.get()

    new = shown_secret(press(keeper, source, "rotate_key", id=row.pk, hours="1"))

    now = timezone.now()
    assert keys.find(old, now) and keys.find(new, now)
    assert keys.find(old, now + timedelta(hours=2)) is None
    again = keys.find(new, now + timedelta(hours=2))
    assert again is not None and again.scopes == ["events:write"]


def test_a_key_that_ends_sooner_anyhow_is_not_prolonged_by_a_rotation(keeper, source):
    soon = timezone.now() + timedelta(minutes=5)
    keys.create(source, expires_at=soon)
    row = ApiKey.objects.get()

    press(keeper, source, "rotate_key", id=row.pk, hours="24")

    row.refresh_from_db()
    assert row.expires_at == soon


def test_a_key_is_revoked_and_cannot_be_replaced_then(keeper, source):
    key = keys.create(source)
    row = ApiKey.objects.get()
    press(keeper, source, "revoke_key", id=row.pk)

    assert keys.find(key, timezone.now()) is None
    answer = press(keeper, source, "rotate_key", id=row.pk, hours="1")
    assert answer.status_code == 302
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rotate_secret", {"hours": "-1"}),
        ("rotate_secret", {"hours": "100000"}),
        ("rotate_secret", {}),
        ("create_key", {"key-scopes": ["everything"]}),
        ("create_key", {"key-scopes": ["events:read"], "key-days": "0"}),
        ("create_key", {"key-scopes": []}),
    ],
)
def test_nonsense_makes_nothing(keeper, source, name, data):
    answer = press(keeper, source, name, **data)

    assert answer["Location"] == f"/admin/oms/sources/inspect/{source.pk}/"
    assert ApiKey.objects.count() == SourceSecret.objects.count() == 0


def test_the_key_of_another_source_is_not_found(keeper, source):
    other = factories.source("other")
    keys.create(other)
    secrets.create(other)
    key, secret = ApiKey.objects.get(), SourceSecret.objects.get()

    assert press(keeper, source, "revoke_key", id=key.pk).status_code == 404
    assert press(keeper, source, "rotate_key", id=key.pk, hours="1").status_code == 404
    press(keeper, source, "revoke_secret", id=secret.pk)
    secret.refresh_from_db()
    assert secret.revoked_at is None


def test_no_secret_and_no_digest_stands_on_the_page(keeper, source):
    key, secret = keys.create(source), secrets.create(source)
    shown = page(keeper, source)

    assert key not in shown and key.split("_")[2] not in shown
    assert secret not in shown
    assert ApiKey.objects.get().digest not in shown


@pytest.mark.parametrize("name", [name for name, _ in HANDOUTS])
def test_who_may_edit_a_source_may_make_and_end_no_secret_or_key(editor, source, name):
    keys.create(source)
    secrets.create(source)
    before = [list(each.objects.values()) for each in (ApiKey, SourceSecret)]
    pk = (SourceSecret if "secret" in name else ApiKey).objects.get().pk

    answer = press(editor, source, name, id=pk, hours="1", **{"key-scopes": ["events:read"]})

    assert answer["Location"] == "/admin/"
    assert [list(each.objects.values()) for each in (ApiKey, SourceSecret)] == before


def test_who_may_edit_a_source_is_not_shown_what_proves_it(editor, keeper, source):
    shown_secret(press(keeper, source, "create_key", **{"key-scopes": ["events:read"]}))
    key = ApiKey.objects.get().prefix
    history = f"/admin/oms/sources/history/{source.pk}/"

    assert key in page(keeper, source) and key in keeper.get(history).content.decode()
    assert key not in page(editor, source) and 'id="secrets"' not in page(editor, source)
    assert key not in editor.get(history).content.decode()
    assert editor.get(f"/admin/oms/sources/edit/{source.pk}/").status_code == 200


def test_who_only_hands_out_keys_does_not_edit_the_source(site, source):
    handler = client_of(staff("hand@shop.example", "view_source", "handout_source"))

    assert shown_secret(press(handler, source, "create_secret"))
    assert f"/sources/edit/{source.pk}/" not in page(handler, source)
    assert handler.get(f"/admin/oms/sources/edit/{source.pk}/").status_code == 302
