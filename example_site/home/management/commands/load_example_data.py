"""Pages, people, groups and sources of the demo. Orders come as events, from the sandbox ERP."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from example_site.credentials import password_of, secret_of
from example_site.home.pages import load_pages
from example_site.home.people import GROUPS, MARKETER, PEOPLE, SHIPPED, SOURCES, Person
from example_site.home.returns.loading import load_return_rules
from example_site.home.rules import load_rules
from oms_portal.customers.models import Address, Membership
from oms_portal.customers.projection import company_of
from oms_portal.erp import secrets, signatures
from oms_portal.erp.models import Source


class Command(BaseCommand):
    help = "Load the demo's pages, people, rules and sources; run as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_pages()
            load_rules()
            load_return_rules()
            for slug, uri, name, customers, types in SOURCES:
                load_source(slug, uri, name, customers, types)
            groups = {key: load_group(*group) for key, group in GROUPS.items()}
            groups |= {key: Group.objects.get(name=name) for key, name in SHIPPED.items()}
            let_publish(groups[MARKETER])
            for person in PEOPLE:
                load_person(person, groups)
        self.stdout.write(f"Loaded {len(PEOPLE)} people, {len(SOURCES)} sources and the pages.")


def load_source(slug: str, uri: str, name: str, customers: list[str], types: list[str]) -> None:
    source, _ = Source.objects.update_or_create(
        slug=slug,
        defaults={
            "uri": uri,
            "name": name,
            "all_customers": not customers,
            "customers": customers,
            "types": types,
            # A carrier that is quiet says nothing about how old the orders are.
            "watched": not types,
        },
    )
    key = signatures.decode(secret_of(slug))
    kept = [row for row in secrets.live() if row.source_id == source.pk]
    if all(secrets.unseal(bytes(row.sealed)) != key for row in kept):
        secrets.create(source, secret_of(slug))


def load_group(name: str, codenames: tuple[str, ...]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.add(
        _permission("wagtailadmin", "access_admin"),
        *Permission.objects.filter(content_type__app_label="oms_portal", codename__in=codenames),
    )
    return group


def let_publish(group: Group) -> None:
    """All pages, and the images that stand in them or in a brand."""
    root, images = Page.get_first_root_node(), Collection.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page"):
        permission = _permission("wagtailcore", codename)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for codename in ("add_image", "choose_image"):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=images, permission=_permission("wagtailimages", codename)
        )


def _permission(app_label: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def load_person(person: Person, groups: dict[str, Group]) -> None:
    first, _, last = person.name.partition(" ")
    user, new = get_user_model().objects.get_or_create(
        username=person.email,
        defaults={"email": person.email, "first_name": first, "last_name": last},
    )
    password = password_of(person.email)
    if new or not user.check_password(password):
        user.set_password(password)
        user.save()
    EmailAddress.objects.get_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    user.groups.add(*(groups[key] for key in person.staff))
    if person.company:
        load_membership(user, person)


def load_membership(user: Any, person: Person) -> None:
    company = company_of(person.company)
    membership, _ = Membership.objects.update_or_create(
        user=user,
        company=company,
        role=person.role,
        defaults={
            "include_subsidiaries": person.subsidiaries,
            "all_ship_tos": person.ship_to is None,
        },
    )
    if person.ship_to:
        # Its name and street come with the customer's first event.
        place, _ = Address.objects.get_or_create(
            company=company, ref=person.ship_to, defaults={"name": person.ship_to}
        )
        membership.ship_tos.set([place])
