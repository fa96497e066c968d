"""The outside of a call: its size, media type and wishes on the way in, its frame on the way out."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable
from email.message import Message
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from oms_portal.conf import settings

from .problems import Json, Problem, Unavailable


log = logging.getLogger(__name__)

MAX_EVENT = 256 * 1024
MAX_BATCH = 1024 * 1024
MAX_ITEMS = 500
EVENT_MEDIA = ("application/json", "application/cloudevents+json")
BATCH_MEDIA = ("application/json", "application/cloudevents-batch+json")
PROBLEM_MEDIA = "application/problem+json"

View = Callable[..., HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


def read(request: HttpRequest, limit: int, media: tuple[str, ...] = ()) -> bytes:
    """The raw body, after its size and then its media type were looked at.

    ``media`` empty: any, and a call without a body needs no Content-Length. Problem 411, 413, 415.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not _LENGTH.fullmatch(length):
        if length or media:
            raise Problem(411, "length-required", "Say the body's Content-Length.")
        return b""
    if int(length) > limit:
        raise Problem(413, "too-large", f"The body may have {limit} bytes.")
    if media:
        _check_media(request, media)
    try:
        return bytes(request.read(limit + 1))
    except OSError:
        raise Problem(400, "body-cut-off", "The body ended before its Content-Length.") from None


def refuse_while_draining() -> None:
    if draining():
        raise Unavailable("draining", "This server is about to stop. Nothing was stored.")


def draining() -> bool:
    return bool(settings().DRAIN_FILE) and os.path.exists(settings().DRAIN_FILE)


def wants_strict(request: HttpRequest) -> bool:
    """RFC 7240: ``Prefer: handling=strict``."""
    wishes = re.split(r"[,;]", request.headers.get("prefer", ""))
    return any(re.sub(r'[\s"]', "", wish).lower() == "handling=strict" for wish in wishes)


def request_id(request: HttpRequest) -> str:
    """The caller's X-Request-ID where it is one, or one of ours; the same for the whole call."""
    known: str | None = getattr(request, "_oms_request_id", None)
    if known is None:
        given = request.headers.get("x-request-id", "")
        known = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        request._oms_request_id = known  # type: ignore[attr-defined]  # kept with the request
    return known


def answer(body: Json, status: int = 200, media: str = "application/json") -> HttpResponse:
    return HttpResponse(json.dumps(body), status=status, content_type=media)


def tell(request: HttpRequest, told: Json) -> HttpResponse:
    """A problem's body (``Problem.body()``) as a response."""
    return answer({**told, "request_id": request_id(request)}, told["status"], PROBLEM_MEDIA)


def tell_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    response = tell(request, problem.body())
    for name, value in problem.headers.items():
        response[name] = value
    return response


def framed(view: View) -> View:
    """What all of the API's views have: a request id, no caching, problems for errors, HEAD where
    there is GET; no CSRF, no login, and no transaction around them."""

    @wraps(view)
    def frame(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        except Exception:
            log.exception("call %s failed", request_id(request))
            response = tell_problem(request, failed())
        if response.status_code == 405 and response["Content-Type"] != PROBLEM_MEDIA:
            response = _not_allowed(request, response)
        if head:
            response.content = b""
        response["X-Request-ID"] = request_id(request)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    free: View = csrf_exempt(transaction.non_atomic_requests(login_not_required(frame)))
    return free


def failed() -> Problem:
    return Problem(500, "failed", "Something went wrong here. It was noted under the request id.")


def _not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = sorted(response["Allow"].split(", "))
    if "GET" in allowed:
        allowed.append("HEAD")
    names = ", ".join(allowed)
    problem = Problem(405, "method-not-allowed", f"Allowed here: {names}.")
    problem.headers["Allow"] = names
    return tell_problem(request, problem)


def _check_media(request: HttpRequest, media: tuple[str, ...]) -> None:
    given = Message()
    given["Content-Type"] = re.sub(r"[\r\n]", " ", request.headers.get("content-type", "")) or "x"
    charset = str(given.get_param("charset", "utf-8")).lower()
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if given.get_content_type() not in media or charset not in ("utf-8", "utf8"):
        raise Problem(415, "media-type", f"Send {' or '.join(media)} in UTF-8.")
    if coding != "identity":
        raise Problem(415, "content-encoding", "Send the body without a content encoding.")
