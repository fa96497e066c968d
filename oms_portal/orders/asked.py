"""Which part of an order is asked for: pages of its lines and of its deliveries. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar


LINES, DELIVERIES = 50, 8
ONLY = ("open", "late")

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """A page of something, counted from 1; one that is beyond the end is the last."""

    number: int = 1
    size: int = LINES
    total: int = 0

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def here(self) -> int:
        return min(max(1, self.number), self.last)

    @property
    def start(self) -> int:
        return (self.here - 1) * self.size

    @property
    def stop(self) -> int:
        return min(self.start + self.size, self.total)

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        return rows[self.start : self.stop]


@dataclass(frozen=True)
class Asked:
    """``find`` is a piece of an item number, a description, a line number or a serial number;
    ``only`` one of ONLY or ""; ``grouped`` lines stand under the deliveries they come in.

    Without ``lines`` or ``history`` these are not read at all.
    """

    find: str = ""
    only: str = ""
    grouped: bool = False
    page: int = 1
    deliveries: int = 1
    lines: bool = True
    history: bool = True

    @property
    def narrowed(self) -> bool:
        return bool(self.find or self.only)


# The first page of all lines and deliveries.
FIRST = Asked()
