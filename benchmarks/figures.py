"""A figure: one thing measured, ours beside a reference, and how it reads on a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``ours`` and ``reference`` in the same unit; the goals bound the ratio of the two."""

    name: str
    ours: float
    reference: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    @property
    def met(self) -> bool:
        low, high = self.at_least, self.at_most
        return (low is None or self.ratio >= low) and (high is None or self.ratio <= high)

    def line(self) -> str:
        goal = "".join(
            f"  goal {sign} {bound:g}{'' if self.met else '  MISSED'}"
            for sign, bound in (("<=", self.at_most), (">=", self.at_least))
            if bound is not None
        )
        values = f"{self.ours:>12,.3f} {self.reference:>12,.3f} {self.unit:<8}"
        return f"{self.name:<58} {values} {self.ratio:>8.3f}{goal}"


@dataclass(frozen=True)
class Skipped:
    """A figure that could not be taken on this machine, and why."""

    name: str
    why: str

    def line(self) -> str:
        return f"{self.name:<58} skipped: {self.why}"


HEADER = f"{'figure':<58} {'ours':>12} {'reference':>12} {'unit':<8} {'ratio':>8}"
