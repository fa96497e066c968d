"""A paper as an answer: never shown inside the page, never kept, never believed.

Customers and staff get it from here; which papers somebody may have is asked before.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from typing import IO, TypeVar

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from oms_portal.erp.connectors import documents as connector
from oms_portal.erp.limits import count
from oms_portal.orders.models import Document
from oms_portal.orders.papers import teller_of
from oms_portal.orders.sheets import TYPES as SHEETS
from oms_portal.orders.sheets import as_csv

from .packing import Sheet


R = TypeVar("R", bound=HttpResponseBase)

log = logging.getLogger(__name__)

# One person's downloads; whoever wants more at once is a program.
FETCHES_PER_MINUTE = 60

_CHUNK = 64 * 1024
# What may keep its name: its ending, and how its bytes begin. All else is just bytes.
TYPES = {
    "application/pdf": ("pdf", b"%PDF-"),
    "image/png": ("png", b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": ("jpg", b"\xff\xd8\xff"),
    "application/xml": ("xml", b""),
    "text/xml": ("xml", b""),
    "text/csv": ("csv", b""),
    "text/plain": ("txt", b""),
}
_UNSAFE = re.compile(r"[^\w.\- ]+")


class Refused(Exception):
    """Why somebody gets no paper now, in words for them: what is the matter, and what to do."""

    def __init__(self, status: HTTPStatus, headline: str, words: str) -> None:
        super().__init__(headline)
        self.status, self.headline, self.words = status, headline, words


def handed(request: HttpRequest, document: Document) -> HttpResponseBase:
    """The paper's bytes: as sent along, else as the ERP's own server gives them at this moment.

    Raises Refused.
    """
    if count("document", str(request.user.pk)) > FETCHES_PER_MINUTE:
        raise _refused(HTTPStatus.TOO_MANY_REQUESTS)
    if document.content is not None:
        return stored(document)
    media = media_of(document)
    try:
        fetched = connector.fetch(document.url, teller_of(document), magic_of(media))
    except connector.NotListed as why:
        raise _refused(HTTPStatus.NOT_FOUND) from why
    except connector.TooSlow as why:
        raise _refused(HTTPStatus.GATEWAY_TIMEOUT) from why
    except connector.Unavailable as why:
        log.warning("document %s could not be fetched: %s", document.pk, why)
        raise _refused(HTTPStatus.BAD_GATEWAY) from why
    return sent(request, document, fetched.file, fetched.length, media)


def _refused(status: HTTPStatus) -> Refused:
    said = {
        HTTPStatus.NOT_FOUND: (
            _("This document is not available online"),
            _("We have it, but it can’t be downloaded here. Please ask us for it."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("One moment, please"),
            _("You have opened many documents in a short time. Please try again in a minute."),
        ),
    }
    away = (
        _("This document can’t be fetched right now"),
        _("Our system does not answer. Please try again in a few minutes, or ask us for it."),
    )
    return Refused(status, *said.get(status, away))


def media_of(document: Document) -> str:
    """The type it was told with, where that is one of ours; else plain bytes."""
    told = document.media_type.partition(";")[0].strip().lower()
    return told if told in TYPES else "application/octet-stream"


def magic_of(media: str) -> bytes:
    return TYPES[media][1] if media in TYPES else b""


def stored(document: Document) -> HttpResponseBase:
    """The bytes that the ERP sent along; what begins like another type is just bytes."""
    content = bytes(document.content or b"")
    media = media_of(document)
    if not content.startswith(magic_of(media)):
        media = "application/octet-stream"
    return guarded(HttpResponse(content, media), _name(document, media), len(content))


def sent(
    request: HttpRequest, document: Document, file: IO[bytes], length: int, media: str
) -> HttpResponseBase:
    """What was fetched, piece by piece from the file it is kept in."""
    return guarded(_body(request, file, media), _name(document, media), length)


def packed(sheet: Sheet) -> HttpResponse:
    """A packing list as a file of comma-separated values."""
    heads, *rows = sheet.table
    response = HttpResponse(b"".join(as_csv(heads, rows)), SHEETS["csv"])
    return guarded(response, f"{sheet.number}.csv")


def guarded(response: R, name: str, length: int | None = None, *, inline: bool = False) -> R:
    """With the headers of a download (WIRE section 4); ``inline``: a picture, shown where it is."""
    safe = _UNSAFE.sub("_", name).strip(". ")[-120:] or "document"
    disposition = content_disposition_header(not inline, safe) or "attachment"
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    if length is not None:
        response["Content-Length"] = str(length)
    return response


def _name(document: Document, media: str) -> str:
    ending = TYPES[media][0] if media in TYPES else "bin"
    return f"{document.number or document.kind}.{ending}"


def _body(request: HttpRequest, file: IO[bytes], media: str) -> HttpResponseBase:
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=media)
    return StreamingHttpResponse(_pieces(file), content_type=media)


def streamed(
    request: HttpRequest, pieces: Iterator[bytes]
) -> Iterable[bytes] | AsyncIterator[bytes]:
    """What is sent while it is still being made. A server that runs on an event loop would first
    collect all that a plain iterator gives."""
    return _awaited(pieces) if isinstance(request, ASGIRequest) else pieces


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(_following)
    try:
        while (piece := await following(pieces)) is not None:
            yield piece
    finally:
        await sync_to_async(_ended)(pieces)


def _following(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _ended(pieces: Iterator[bytes]) -> None:
    """Whoever makes them may write down that nobody takes them any more: not on the event loop."""
    if close := getattr(pieces, "close", None):
        close()


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await sync_to_async(file.read)(_CHUNK):
            yield chunk
