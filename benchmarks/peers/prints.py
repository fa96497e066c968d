"""The desk's form for labels, with parcels that nobody has printed yet."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from typing import Any

import django
from django.core.management import call_command

from benchmarks.meter import serve


# Of one return.
PARCELS = 99
URL = "/admin/oms/returns/labels/"


def main() -> None:
    from django.test import Client

    from oms_portal.returns.receipts.models import PrintJob
    from tests import factories
    from tests.desk.conftest import staff

    call_command("migrate", verbosity=0)
    factories.source()
    factories.site()
    client = Client()
    clerk = staff("clerk@shop.example", "view_return", "receive_return")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    returns = _counting()

    def posted(codes: list[str]) -> Any:
        told = {"template": "return", "medium": "4x6", "start": "1", "copies": "1"}
        again = {"numbers": "\n".join(codes), "reason": "Measured"}
        return client.post(URL, told | again)

    def first_byte() -> float:
        """In seconds; all but the first label stay as they are."""
        started = time.perf_counter()
        answer = posted(many)
        assert next(iter(answer.streaming_content)).startswith(b"%PDF-")
        taken = time.perf_counter() - started
        answer.close()
        return taken

    def whole(count: int) -> dict[str, float]:
        """Seconds, and megabytes that the process has grown by."""
        codes = _parcels(count, returns)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        pages = sum(piece.count(b"/Type/Page/") for piece in posted(codes).streaming_content)
        taken = time.perf_counter() - started
        assert pages == count, PrintJob.objects.latest("pk").skipped
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        return {"seconds": taken, "megabytes": grown / 1024}

    whole(5)
    many = _parcels(1000, returns)
    serve(
        {
            "first byte": first_byte,
            "whole 100": lambda: whole(100),
            "whole 1000": lambda: whole(1000),
        }
    )


def _counting() -> Iterator[Any]:
    from tests.returns.parcels import approved

    number = 0
    while True:
        number += 1
        yield approved(order=f"SO-{number}", parcels=PARCELS)


def _parcels(count: int, returns: Iterator[Any]) -> list[str]:
    """The codes of so many, each with a label that was never drawn."""
    from django.utils import timezone

    from oms_portal.returns import labels_data
    from oms_portal.returns.kinds import LabelState, ParcelState
    from oms_portal.returns.models import Return
    from oms_portal.returns.parcels import Label, ReturnParcel

    codes: list[str] = []
    while len(codes) < count:
        rma: Return = next(returns)
        parcels = list(rma.parcels.order_by("sequence")[: count - len(codes)])
        frozen = labels_data.frozen(parcels[0], timezone.now())
        Label.objects.bulk_create(
            Label(parcel=parcel, state=LabelState.VERIFIED, data=_told(frozen, parcel.code))
            for parcel in parcels
        )
        ReturnParcel.objects.filter(rma=rma).update(state=ParcelState.READY, next_attempt_at=None)
        codes += [parcel.code for parcel in parcels]
    return codes


def _told(frozen: dict[str, Any], code: str) -> dict[str, Any]:
    return {**frozen, "label": {**frozen["label"], "parcel": code}}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")
    django.setup()
    main()
