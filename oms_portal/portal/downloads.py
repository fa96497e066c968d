"""The order list as a file, sent while it is still being read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor
from oms_portal.fragments.download import guarded
from oms_portal.orders.exports import heads, rows
from oms_portal.orders.filters import Filters
from oms_portal.orders.sheets import TYPES, WRITERS
from oms_portal.orders.sorting import Sort

from .showing import language_of


def file_of(
    request: HttpRequest, kind: str, actor: Actor, sort: Sort, filters: Filters
) -> HttpResponseBase:
    """The orders of the list with their lines; ``kind`` is csv or xlsx."""
    language, now = language_of(request), timezone.now()
    with translation.override(language):
        name = _("orders")
        pieces = WRITERS[kind](heads(), rows(actor, sort, filters, now))
    spoken = _spoken(pieces, language)
    # A server that runs on an event loop would first collect all that a plain iterator gives.
    content = _awaited(spoken) if isinstance(request, ASGIRequest) else spoken
    response = StreamingHttpResponse(content, content_type=TYPES[kind])
    return guarded(response, f"{name}-{timezone.localdate(now).isoformat()}.{kind}")


def _spoken(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The pieces, each made in the reader's language: by then the request is long over."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(_following)
    while (piece := await following(pieces)) is not None:
        yield piece


def _following(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
