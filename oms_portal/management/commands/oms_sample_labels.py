from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms_portal.management.sample_labels import asked, named, printed, samples
from oms_portal.returns.labels.data import LabelData


class Command(BaseCommand):
    help = (
        "Writes return labels as PDF files, and expect.json, which says what is to be found in each: "
        "every template in every size, with addresses in seven scripts, or those of a JSON file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--data", type=Path, help="A JSON array, with an object for each label."
        )

    def handle(self, *args: Any, folder: Path, data: Path | None, **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        told: dict[str, Any] = {}
        for name, label, size in _asked(data, told) if data else samples():
            try:
                content, told[name] = printed(label, size)
            except ValueError as error:
                told[name] = {"skipped": str(error)}
            else:
                (folder / name).write_bytes(content)
        listing = json.dumps(told, ensure_ascii=False, indent=1)
        (folder / "expect.json").write_text(f"{listing}\n", encoding="utf-8", errors="replace")
        skipped = sum("skipped" in entry for entry in told.values())
        self.stdout.write(f"{len(told) - skipped} labels in {folder}, {skipped} skipped.")


def _asked(path: Path, told: dict[str, Any]) -> Iterator[tuple[str, LabelData, str]]:
    """What a file asks for; what is no label at all is told as skipped at once."""
    try:
        entries = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} can’t be read as JSON: {error}") from error
    if not isinstance(entries, list):
        raise CommandError(f"{path} holds no JSON array.")
    for number, entry in enumerate(entries, start=1):
        try:
            label, size = asked(entry)
        except ValueError as error:
            told[f"{number:04d}.pdf"] = {"skipped": str(error)}
        else:
            yield named(number, label, size), label, size
