"""Staff of four kinds, and a world with something in every list."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from wagtail.models import GroupPagePermission, Page

from tests import factories


READ = (
    "company",
    "membership",
    "order",
    "shipment",
    "invitation",
    "inboundevent",
    "changerequest",
    "command",
    "alert",
    "source",
    "statusword",
    "unknowncode",
    "cutoffrule",
    "riskpolicy",
    "pickupplace",
    "return",
    "returnpolicy",
    "returnreason",
    "returnplace",
    "article",
    "grade",
    "checklist",
    "dispositionrule",
)


def staff(email: str, *codenames: str, superuser: bool = False) -> Any:
    """Somebody who may come into the admin, with these rights of the portal."""
    group, _ = Group.objects.get_or_create(name=f"Group of {email}")
    group.permissions.set(
        [
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
            *Permission.objects.filter(
                content_type__app_label="oms_portal", codename__in=codenames
            ),
        ]
    )
    return factories.person(email, staff=[group.name], is_superuser=superuser)


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def fresh_figures() -> None:
    cache.clear()


@pytest.fixture
def site(db: None) -> Any:
    return factories.site()


@pytest.fixture
def marketer(site: Any) -> Client:
    """Edits every page and has nothing to do with orders."""
    user = staff("marketer@shop.example")
    for codename in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=user.groups.get(),
            page=Page.get_first_root_node(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )
    return client_of(user)


@pytest.fixture
def reader(site: Any) -> Client:
    """Sees everything of the portal and may do nothing."""
    return client_of(staff("reader@shop.example", *(f"view_{name}" for name in READ)))


@pytest.fixture
def admin(site: Any) -> Client:
    return client_of(staff("admin@shop.example", superuser=True))


@pytest.fixture
def buyer(site: Any) -> Client:
    """A customer, who has no business here at all."""
    return client_of(factories.person("buyer@c1.example", factories.company("C1")))
