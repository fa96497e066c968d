"""The API under ``api/v1/``: what the ERP calls. Problems are RFC 9457 throughout."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Annotated, Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError as CallError

from . import auth, calls, documents, health, hooks, inbox, limits, queries, retries, strict_json
from .documents import ANY_BODY, BATCH_BODY, EVENT_BODY, about
from .inbox import Outcome
from .models import InboundEvent, Source
from .problems import Json, Problem
from .scopes import scope_of, scoped, unscoped


log = logging.getLogger(__name__)

MAX_PAGE = 100
State = InboundEvent.State
_SENT = (400, 409, 411, 413, 415, 422)

api = NinjaAPI(
    title="Order portal: events in",
    version="1.0.0",
    description="CloudEvents 1.0 in, what became of them out.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="oms_portal_api",
)


@api.post(
    "events",
    response={202: documents.Taken, 200: documents.Taken},
    openapi_extra=about(*_SENT, body=EVENT_BODY),
    summary="One event",
)
@scoped("events:write")
def post_event(request: HttpRequest) -> HttpResponse:
    calls.refuse_while_draining()
    raw = calls.read(request, calls.MAX_EVENT, calls.EVENT_MEDIA)
    caller = _caller(request, raw, post_event)
    limits.count_events(caller.source, 1)
    strict = calls.wants_strict(request)
    outcome = inbox.receive(caller.source, raw, strict=strict, request_id=calls.request_id(request))
    return _told(request, outcome, strict)


@api.post(
    "events/batch",
    response=documents.Results,
    openapi_extra=about(400, 411, 413, 415, body=BATCH_BODY),
    summary=f"Up to {calls.MAX_ITEMS} events; [] is a heartbeat",
)
@scoped("events:write")
def post_batch(request: HttpRequest) -> HttpResponse:
    calls.refuse_while_draining()
    raw = calls.read(request, calls.MAX_BATCH, calls.BATCH_MEDIA)
    caller = _caller(request, raw, post_batch)
    try:
        items = strict_json.load_items(raw)
    except strict_json.BadJson as error:
        raise inbox.bad_json(error) from None
    if len(items) > calls.MAX_ITEMS:
        raise Problem(413, "too-many-items", f"A batch has up to {calls.MAX_ITEMS} events.")
    limits.count_events(caller.source, max(1, len(items)))
    strict = calls.wants_strict(request)
    outcomes = inbox.receive_items(
        caller.source, items, strict=strict, request_id=calls.request_id(request)
    )
    response = calls.answer({"results": [_result(outcome) for outcome in outcomes]})
    return _preferred(response, strict)


@api.post(
    "events/validate",
    response=documents.Taken,
    openapi_extra=about(*_SENT, body=EVENT_BODY),
    summary="The same checks, strictly; stores nothing",
)
@scoped("events:write")
def validate_event(request: HttpRequest) -> HttpResponse:
    calls.refuse_while_draining()
    raw = calls.read(request, calls.MAX_EVENT, calls.EVENT_MEDIA)
    caller = _caller(request, raw, validate_event)
    limits.count_events(caller.source, 1)
    return _told(request, inbox.validate(caller.source, raw), strict=False)


@api.get(
    "events",
    response=documents.EventPage,
    openapi_extra=about(422),
    summary="The caller's own events, newest first",
)
@scoped("events:read")
def list_events(
    request: HttpRequest,
    state: State | None = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
) -> HttpResponse:
    caller = _caller(request, calls.read(request, calls.MAX_EVENT), list_events)
    rows = InboundEvent.objects.filter(source=caller.source).defer("body").order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=cursor)
    page = list(rows[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    return calls.answer(
        {
            "events": [_shown(row, caller.source) for row in page],
            "next": str(page[-1].pk) if more else None,
        }
    )


@api.get("events/{source}/{path:id}/replay", include_in_schema=False)
@scoped("events:read")
def get_event_named_replay(request: HttpRequest, source: str, id: str) -> HttpResponse:
    """An event whose own id ends like the path of a replay."""
    return get_event(request, source, f"{id}/replay")


@api.post(
    "events/{source}/{path:id}/replay",
    response=documents.Taken,
    openapi_extra=about(404, 409, 411, 413),
    summary="Project a stored event again",
)
@scoped("events:replay")
def replay_event(request: HttpRequest, source: str, id: str) -> HttpResponse:
    calls.refuse_while_draining()
    caller = _caller(request, calls.read(request, calls.MAX_EVENT), replay_event)
    limits.count_events(caller.source, 1)
    return _told(request, retries.replay(_own(caller.source, source, id)), strict=False)


@api.get(
    "events/{source}/{path:id}",
    response=documents.EventState,
    openapi_extra=about(404),
    summary="What became of an event",
)
@scoped("events:read")
def get_event(request: HttpRequest, source: str, id: str) -> HttpResponse:
    caller = _caller(request, calls.read(request, calls.MAX_EVENT), get_event)
    return calls.answer(_shown(_own(caller.source, source, id), caller.source))


@api.post(
    "hooks/{source}",
    response={202: documents.Fetching},
    openapi_extra=about(400, 404, 411, 413, body=ANY_BODY),
    summary="A system's native webhook",
)
@unscoped("the connector of the system proves the call")
def post_hook(request: HttpRequest, source: str) -> HttpResponse:
    calls.refuse_while_draining()
    raw = calls.read(request, calls.MAX_BATCH)
    translate = hooks.translator_of(source)
    sender = Source.objects.filter(slug=source, active=True).first() if translate else None
    if translate is None or sender is None:
        raise Problem(404, "no-hook", "No system's webhooks are taken here.")
    try:
        refs = translate({name.lower(): value for name, value in request.headers.items()}, raw)
    except hooks.Refused:
        limits.count_failure(request)
        raise Problem(401, "not-authenticated", "The webhook is not proven.") from None
    except ValueError:
        raise Problem(400, "bad-hook", "The webhook makes no sense to its connector.") from None
    limits.count_events(sender, 1)
    queries.touch(sender)
    return calls.answer({"fetch": [{"kind": ref.kind, "ref": ref.ref} for ref in refs]}, 202)


@api.get("schema/{type}", openapi_extra=about(404, private=False), summary="JSON Schema of a type")
@unscoped("schemas are public")
def get_schema(request: HttpRequest, type: str) -> HttpResponse:
    found = documents.schema(type)
    if found is None:
        raise Problem(404, "no-such-type", "There is no event type of that name.")
    return calls.answer(found, media="application/schema+json")


@api.get("openapi.json", include_in_schema=False)
@unscoped("the description is public")
def get_openapi(request: HttpRequest) -> HttpResponse:
    root = reverse("oms_portal:api_root")
    return calls.answer(documents.openapi(api, root))


@api.get("healthz", openapi_extra=about(private=False), summary="Alive")
@unscoped("says nothing but alive")
def healthz(request: HttpRequest) -> HttpResponse:
    return calls.answer({"status": "alive"})


@api.get("readyz", openapi_extra=about(503, private=False), summary="Ready, with ages and lags")
@unscoped("says ages and counts only")
def readyz(request: HttpRequest) -> HttpResponse:
    ready, report = health.readiness()
    if ready:
        return calls.answer({"status": "ready", **report})
    problem = Problem(503, "not-ready", "This server takes no traffic now.")
    response = calls.tell(request, {**report, **problem.body()})
    response["Retry-After"] = "5"
    return response


@unscoped("there is nothing")
def not_found(request: HttpRequest) -> HttpResponse:
    return calls.tell_problem(request, Problem(404, "not-found", "There is nothing here."))


def _caller(request: HttpRequest, raw: bytes, operation: Callable[..., Any]) -> auth.Caller:
    """Who calls, and proven to have the scope that the operation declares."""
    scope = scope_of(operation)
    if scope is None or not scope.name:
        raise LookupError(f"{operation.__name__} declares no scope")
    caller = auth.authenticate(request, raw)
    caller.require(scope.name)
    return caller


def _own(source: Source, slug: str, event_id: str) -> InboundEvent:
    """An event of the caller's own source; another's answers exactly as a missing one."""
    row = None
    if slug == source.slug and "\0" not in event_id:
        row = InboundEvent.objects.filter(source=source, event_id=event_id).first()
    if row is None:
        raise Problem(404, "no-such-event", "There is no event of that id.")
    return row


def _told(request: HttpRequest, outcome: Outcome, strict: bool) -> HttpResponse:
    if outcome.problem and outcome.status >= 400:
        response = calls.tell(request, outcome.problem)
    else:
        told: Json = {"state": outcome.state}
        if outcome.problem:
            told["problem"] = outcome.problem
        response = calls.answer(told, outcome.status)
    return _preferred(response, strict)


def _preferred(response: HttpResponse, strict: bool) -> HttpResponse:
    if strict:
        response["Preference-Applied"] = "handling=strict"
    return response


def _result(outcome: Outcome) -> Json:
    told: Json = {"id": outcome.event_id, "status": outcome.status, "state": outcome.state}
    return told | ({"problem": outcome.problem} if outcome.problem else {})


def _shown(row: InboundEvent, source: Source) -> Json:
    return {
        "id": row.event_id,
        "source": source.uri,
        "type": row.type,
        "subject": row.subject,
        "time": row.occurred_at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "state": row.state,
        "attempts": row.attempts,
        "applied_at": row.applied_at.isoformat() if row.applied_at else None,
        "problem": row.problem,
    }


def _on_problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return calls.tell_problem(request, problem)


def _on_database(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("the database failed call %s", calls.request_id(request), exc_info=error)
    return calls.tell_problem(request, inbox.unavailable())


def _on_bad_call(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {
            "pointer": "",
            "parameter": str(found["loc"][-1]),
            "code": found["type"],
            "detail": found["msg"],
        }
        for found in error.errors
    ]
    problem = Problem(422, "bad-parameter", "A parameter is not as it must be.", errors=errors)
    return calls.tell_problem(request, problem)


def _on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return not_found(request)


def _on_failure(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("call %s failed", calls.request_id(request), exc_info=error)
    return calls.tell_problem(request, calls.failed())


api.add_exception_handler(Problem, _on_problem)
api.add_exception_handler(Error, _on_database)
api.add_exception_handler(CallError, _on_bad_call)
api.add_exception_handler(Http404, _on_missing)
api.add_exception_handler(Exception, _on_failure)
