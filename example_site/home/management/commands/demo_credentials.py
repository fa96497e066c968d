"""Print, as JSON, all that an outside program needs to use the demo."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from django.urls import reverse

from example_site.credentials import password_of, secret_of
from example_site.home.people import PEOPLE, SOURCES
from example_site.home.returns.practice import desk
from oms_portal.orders.models import Order
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return


class Command(BaseCommand):
    help = "Print addresses, passwords, secrets and order numbers of the demo as JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        everybody = sorted({person.company for person in PEOPLE if person.company})
        host = f"127.0.0.1:{settings.PORT}"
        told = {
            "base_url": f"http://{host}",
            "ws_url": f"ws://{host}/ws/portal/",
            "erp_url": settings.ERP_URL,
            "users": [
                {
                    "email": person.email,
                    "password": password_of(person.email),
                    "company": person.company,
                    "role": person.role,
                    "ship_to": person.ship_to,
                    "staff": list(person.staff),
                }
                for person in PEOPLE
            ],
            "sources": [
                {
                    "source": uri,
                    "slug": slug,
                    "secret": secret_of(slug),
                    "customers": customers or everybody,
                    "types": types,
                }
                for slug, uri, _, customers, types in SOURCES
            ],
            "orders": numbers(Order.objects.all()),
            "returns": numbers(Return.objects.exclude(state__in=PRIVATE)),
            # What is on its way to the returns desk, to be scanned.
            "desk": desk(),
            "fragments": {
                "orders": reverse("oms_portal:fragment_orders"),
                "order": _pattern("fragment_order"),
                "tracker": _pattern("fragment_tracker"),
                "changes": _pattern("fragment_changes"),
                "returns": reverse("oms_portal:fragment_returns"),
                "return": _pattern("fragment_return"),
                "return_start": reverse("oms_portal:fragment_return_start"),
                "freshness": reverse("oms_portal:fragment_freshness"),
            },
        }
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))


def numbers(rows: QuerySet[Any]) -> dict[str, list[str]]:
    """Those of each company, newest first."""
    found: dict[str, list[str]] = {}
    for company, number in rows.values_list("company__ref", "number"):
        found.setdefault(company, []).append(number)
    return found


def _pattern(name: str) -> str:
    return reverse(f"oms_portal:{name}", args=["NUMBER"]).replace("NUMBER", "{number}")
