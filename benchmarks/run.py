"""Print every figure, a line each: name, ours, reference, unit, ratio, goal.

``python -m benchmarks.run`` runs all, ``python -m benchmarks.run events`` one of them. A module of
this package that has ``figures()``, an iterator of Figure and Skipped, is listed in BENCHMARKS.
"""

from __future__ import annotations

import sys
from importlib import import_module

from .figures import HEADER


BENCHMARKS = (
    "order_list",
    "search",
    "fragment",
    "events",
    "commands",
    "live",
    "labels",
    "scan",
    "prints",
    "queues",
)


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are {', '.join(BENCHMARKS)}.")
        return 2
    print(HEADER, flush=True)
    for name in names or BENCHMARKS:
        for figure in import_module(f"benchmarks.{name}").figures():
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
