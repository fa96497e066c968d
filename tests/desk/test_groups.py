"""The groups that the portal brings along: on a fresh site, and on one that had some before."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.loader import MigrationLoader


pytestmark = pytest.mark.django_db
MIGRATION = "0005_returns_desk_groups"
NAMES = {"Returns desk", "Returns lead", "Returns agents", "Returns read-only"}


@pytest.fixture(scope="module")
def then() -> Any:
    """The models as they are while the migration runs."""
    return MigrationLoader(None).project_state(("oms_portal", MIGRATION)).apps


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test makes is rolled back; nobody after it may remember its content types."""
    yield
    ContentType.objects.clear_cache()


def migrate(then: Any) -> None:
    import_module(f"oms_portal.migrations.{MIGRATION}").make(then, connection.schema_editor())


def rights(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def forget() -> None:
    """As before the first migration: no groups, and no permission of the portal's models."""
    Group.objects.filter(name__in=NAMES).delete()
    ContentType.objects.filter(app_label="oms_portal").delete()
    ContentType.objects.clear_cache()


def test_a_fresh_site_has_four_groups_though_no_permission_was_there_yet(then: Any) -> None:
    forget()

    migrate(then)

    assert rights("Returns read-only") == {"access_admin", "view_return"}
    desk = {"access_admin", "view_return", "receive_return", "inspect_return"}
    assert rights("Returns desk") == desk
    orders = {"view_order", "view_shipment", "view_company"}
    agents = {"access_admin", "view_return", "decide_return", *orders}
    assert rights("Returns agents") == agents
    lead = rights("Returns lead")
    assert lead > desk | agents | {"lead_return", "change_returnpolicy", "add_dispositionrule"}
    assert not any(right.startswith("delete_return_") or right == "add_return" for right in lead)


def test_what_django_writes_after_it_finds_all_of_it_there_by_its_own_names(then: Any) -> None:
    forget()
    migrate(then)
    made = dict(Permission.objects.values_list("codename", "name"))
    before = Permission.objects.count()
    ContentType.objects.clear_cache()

    create_permissions(apps.get_app_config("oms_portal"), verbosity=0)

    assert Permission.objects.count() == before
    assert made["view_return"] == "Can view return"
    assert made["receive_return"] == "Can scan, count and print at the returns desk"


def test_groups_of_these_names_are_left_as_their_host_made_them(then: Any) -> None:
    Group.objects.filter(name__in=NAMES).delete()
    Group.objects.create(name="Returns desk")

    migrate(then)
    migrate(then)

    assert rights("Returns desk") == set()
    assert "receive_return" in rights("Returns lead")
    assert Group.objects.filter(name__in=NAMES).count() == len(NAMES)
