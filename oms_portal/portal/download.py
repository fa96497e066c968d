"""A paper as an answer: never shown inside the page, never kept, never believed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from oms_portal.orders.models import Document


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


def guarded(response: HttpResponseBase, name: str, length: int | None = None) -> HttpResponseBase:
    """With the headers of a download (WIRE section 4)."""
    safe = _UNSAFE.sub("_", name).strip(". ")[-120:] or "document"
    response["Content-Disposition"] = content_disposition_header(True, safe) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Referrer-Policy"] = "no-referrer"
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


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await sync_to_async(file.read)(_CHUNK):
            yield chunk
