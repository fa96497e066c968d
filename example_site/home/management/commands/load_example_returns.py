"""Some returns in each stage, once the orders are there and the sandbox ERP runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from example_site.home.returns.story import load_story


class Command(BaseCommand):
    help = "Make the demo's returns; web, worker and sandbox ERP have to run."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Returns: {', '.join(load_story())}")
