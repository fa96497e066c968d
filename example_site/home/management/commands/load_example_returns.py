"""Some returns in each stage, once the orders are there and the sandbox ERP runs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from example_site.home.returns.practice import load_practice
from example_site.home.returns.story import load_story


class Command(BaseCommand):
    help = "Make the demo's returns; web, worker and sandbox ERP have to run."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only-desk", action="store_true", help="Those for practice at the returns desk alone."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = [*([] if options["only_desk"] else load_story()), *load_practice()]
        self.stdout.write(f"Returns: {', '.join(numbers)}")
