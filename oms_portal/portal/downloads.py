"""The order list as a file, sent while it is still being read."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor, actor_for
from oms_portal.fragments.download import guarded, streamed
from oms_portal.orders.exports import Row, heads, rows
from oms_portal.orders.filters import Filters
from oms_portal.orders.sheets import TYPES, WRITERS
from oms_portal.orders.sorting import Sort

from .showing import language_of


# Seconds after which a file that is still being written asks for its reader's rights again.
ASKED_AGAIN = 2.0


class Withdrawn(Exception):
    """The reader may no longer see what the file is of: it breaks off, as a failed download."""


def file_of(
    request: HttpRequest, kind: str, actor: Actor, sort: Sort, filters: Filters
) -> HttpResponseBase:
    """The orders of the list with their lines; ``kind`` is csv or xlsx."""
    language, now = language_of(request), timezone.now()
    with translation.override(language):
        name = _("orders")
        found = _while_allowed(request, actor, rows(actor, sort, filters, now))
        pieces = WRITERS[kind](heads(), found)
    spoken = _spoken(pieces, language)
    response = StreamingHttpResponse(streamed(request, spoken), content_type=TYPES[kind])
    return guarded(response, f"{name}-{timezone.localdate(now).isoformat()}.{kind}")


def _while_allowed(request: HttpRequest, actor: Actor, found: Iterator[Row]) -> Iterator[Row]:
    """The rows, for as long as the visitor may see at that company what ``actor`` may."""
    company_id, asked = actor.grants[0].company_id, time.monotonic()
    for row in found:
        if time.monotonic() - asked >= ASKED_AGAIN:
            if actor_for(request.user).at(company_id).rights != actor.rights:
                raise Withdrawn
            asked = time.monotonic()
        yield row


def _spoken(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The pieces, each made in the reader's language: by then the request is long over."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
