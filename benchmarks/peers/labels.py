"""The portal's labels: from their data to the bytes."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from itertools import islice
from typing import Any

import django

from benchmarks.meter import cpu_ms, serve
from benchmarks.peers.parcels import SIZE, label, laid_out, numbers


BATCH = 1000
SINGLES = 40


class Nowhere(RawIOBase):
    """A file that keeps nothing, as a download keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)


def main() -> None:
    from oms_portal.returns.labels.batch import write
    from oms_portal.returns.labels.data import Dress
    from oms_portal.returns.labels.pdf import pdf
    from oms_portal.returns.labels.templates import lay_out

    def labels(count: int) -> Iterator[tuple[int, Any]]:
        return ((number, label(number)) for number in islice(numbers, count))

    def batch(count: int, file: Any) -> None:
        result = write(labels(count), SIZE, Dress("Northwind"), file)
        assert (result.ok, result.skipped) == (count, [])

    def cpu_of_batch() -> float:
        given = list(labels(BATCH))
        dress, nowhere = Dress("Northwind"), Nowhere()
        return cpu_ms(lambda: write(given, SIZE, dress, nowhere), 1) / BATCH

    def cpu_of_one() -> float:
        given = (data for _, data in list(labels(SINGLES)))
        dress = Dress("Northwind")
        return cpu_ms(lambda: pdf(lay_out(next(given), SIZE, dress)), SINGLES)

    def size_of_batch() -> float:
        file = BytesIO()
        batch(BATCH, file)
        return len(file.getvalue()) / BATCH

    def growth(count: int) -> float:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        batch(count, Nowhere())
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    pdf([laid_out(0)])
    serve(
        {
            "batch": cpu_of_batch,
            "single": cpu_of_one,
            "size of one": lambda: len(pdf([laid_out(0)])),
            "size in a batch": size_of_batch,
            "growth 1000": lambda: growth(1000),
            "growth 10000": lambda: growth(10000),
        }
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.site.settings"
    django.setup()
    main()
