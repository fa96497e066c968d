"""What the API says of itself: JSON Schema of every event, and the parts of its OpenAPI."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from ninja import NinjaAPI
from pydantic import BaseModel, Field, JsonValue, create_model

from .calls import BATCH_MEDIA, EVENT_MEDIA, MAX_ITEMS, PROBLEM_MEDIA
from .problems import Json
from .schemas import TYPES, Envelope, Version, Wire


_REF = "#/components/schemas/{model}"


class FieldError(BaseModel):
    pointer: str = Field(description="RFC 6901")
    code: str
    detail: str


class ProblemBody(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[FieldError] = []


class Taken(BaseModel):
    """``problem`` says why where the state is "quarantined"."""

    state: Literal["applied", "pending", "superseded", "ignored", "quarantined", "duplicate"]
    problem: ProblemBody | None = None


class Result(BaseModel):
    """One item of a batch: ``status`` is what it would have been answered alone."""

    id: str
    status: int
    state: str
    problem: ProblemBody | None = None


class Results(BaseModel):
    results: list[Result]


class EventState(BaseModel):
    id: str
    source: str
    type: str
    subject: str
    time: str
    received_at: str
    state: str
    attempts: int
    applied_at: str | None = None
    problem: dict[str, JsonValue] | None = None


class EventPage(BaseModel):
    events: list[EventState]
    next: str | None = Field(None, description="The cursor of the next page.")


class Reference(BaseModel):
    kind: str
    ref: str


class Fetching(BaseModel):
    """The records that are to be fetched again."""

    fetch: list[Reference]


def schema(event_type: str) -> Json | None:
    """JSON Schema 2020-12 of a whole event of this type, or of the "envelope"; None if unknown."""
    if event_type == "envelope":
        return _schema(Envelope)
    return _schema(_event(event_type)) if event_type in TYPES else None


def openapi(api: NinjaAPI, root: str) -> Json:
    """OpenAPI 3.1 of the API that hangs under ``root``."""
    told: Json = dict(api.get_openapi_schema(path_prefix="/"))
    told["servers"] = [{"url": root.rstrip("/")}]
    components = told["components"]
    for model in (Envelope, ProblemBody):
        own = model.model_json_schema(ref_template=_REF)
        components["schemas"].update(own.pop("$defs", {}))
        components["schemas"][model.__name__] = own
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks 1.0.0, with webhook-id and webhook-timestamp.",
        },
    }
    return told


def about(*statuses: int, body: Json | None = None, private: bool = True) -> Json:
    """The part of an operation that its code can't tell: problems, body and who may call."""
    problem = {PROBLEM_MEDIA: {"schema": {"$ref": _REF.format(model="ProblemBody")}}}
    named = {*statuses, *({401, 403, 429, 503} if private else ())}
    extra: Json = {
        "responses": {
            status: {"description": _SAID.get(status, "Refused"), "content": problem}
            for status in sorted(named)
        }
    }
    if private:
        extra["security"] = [{"bearer": []}, {"signature": []}]
    if body:
        extra["requestBody"] = {"required": True, "content": body}
    return extra


_ENVELOPE: Json = {"$ref": _REF.format(model="Envelope")}
EVENT_BODY: Json = {media: {"schema": _ENVELOPE} for media in EVENT_MEDIA}
BATCH_BODY: Json = {
    media: {"schema": {"type": "array", "maxItems": MAX_ITEMS, "items": _ENVELOPE}}
    for media in BATCH_MEDIA
}
ANY_BODY: Json = {"*/*": {"schema": {}}}
_SAID = {
    400: "No JSON as this API takes it",
    401: "No or wrong authentication",
    403: "Not allowed for that customer, type or scope",
    404: "Not there",
    409: "The same id came before with other content, or the body is no longer kept",
    411: "No Content-Length",
    413: "Too large",
    415: "Wrong media type",
    422: "Not an event as this API takes it",
    429: "Too many; see Retry-After",
    503: "Nothing was stored; see Retry-After",
}


def _schema(model: type[Wire]) -> Json:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}


@cache
def _event(event_type: str) -> type[Wire]:
    kind, record = TYPES[event_type]
    name = record.__name__
    members: dict[str, Any] = {kind: (record, ...)}
    data = create_model(f"{name}Data", __base__=Version, **members)
    fields: dict[str, Any] = {"type": (Literal[event_type], ...), "data": (data, ...)}
    return create_model(f"{name}Event", __base__=Envelope, **fields)
