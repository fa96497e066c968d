"""Blocks written down as a StreamField keeps them."""

from __future__ import annotations

import json
from typing import Any


Block = tuple[str, Any]


def body(*blocks: Block) -> str:
    return json.dumps(stream(*blocks))


def stream(*blocks: Block) -> list[dict[str, Any]]:
    return [{"type": kind, "value": value} for kind, value in blocks]


def named(rows: list[tuple[str, ...]], *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
