from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms_portal.management.routes import Route, all_routes


class Command(BaseCommand):
    help = (
        "Prints every URL of the portal and every topic of its socket with the right it needs; "
        "fails where one needs nothing that anybody declared."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="One JSON array instead of a table."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        routes = all_routes()
        if options["json"]:
            self.stdout.write(json.dumps([_told(route) for route in routes], indent=1))
        else:
            self.stdout.write("\n".join(_table([list(_told(route).values()) for route in routes])))
        if open_doors := [route.path for route in routes if route.needs is None]:
            raise CommandError(f"No right declared for: {', '.join(open_doors)}")


def _told(route: Route) -> dict[str, str]:
    return {
        "kind": route.kind,
        "methods": " ".join(route.methods),
        "path": route.path,
        "name": route.name,
        "needs": "NOT DECLARED" if route.needs is None else str(route.needs),
    }


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    ]
