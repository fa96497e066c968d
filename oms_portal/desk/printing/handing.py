"""A print as an answer: its file, sent while it is made."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from oms_portal.fragments.download import guarded, streamed
from oms_portal.returns.papers import MEDIA
from oms_portal.returns.receipts.models import PrintJob
from oms_portal.returns.receipts.printing.making import file_of


class _Begun(Iterator[bytes]):
    """Pieces of which the first is there already."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces = pieces
        self._first = next(pieces, None)
        self.is_empty = self._first is None

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return next(self._pieces) if first is None else first

    def close(self) -> None:
        self._pieces.close()


def handed(request: HttpRequest, job: PrintJob) -> StreamingHttpResponse | None:
    """None where nothing of it can be printed; ``job.skipped`` says why."""
    pieces = _Begun(file_of(job, get_language() or "en"))
    if pieces.is_empty:
        return None
    response = StreamingHttpResponse(streamed(request, pieces), content_type=MEDIA[job.format])
    response["Cache-Control"] = "private, no-store"
    name = f"{job.template}-{timezone.localdate().isoformat()}-{job.total}.{job.format}"
    return guarded(response, name)
