"""From parsed JSON to a checked event, or to the errors that a sender can act on."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .models import Source
from .problems import Json, Problem
from .schemas import TYPES, Envelope, Version, Wire


MAX_ERRORS = 50


class BadData(Exception):
    """A good envelope around data that can't be taken: a matter for the quarantine."""

    def __init__(self, code: str, detail: str, errors: list[Json] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(422, code, detail, errors=errors or ())


def read(source: Source, payload: Any) -> Envelope:
    """The envelope. Problem 422 where it is malformed, 403 where it is not this source's to send."""
    try:
        envelope = Envelope.model_validate(payload)
    except ValidationError as error:
        raise Problem(
            422,
            "bad-envelope",
            "The event is no CloudEvents 1.0 envelope as this API takes it.",
            errors=errors_of(error, payload),
        ) from None
    if envelope.source != source.uri:
        raise Problem(403, "foreign-source", "This caller may not send events of that source.")
    if not source.speaks_of(envelope.type):
        raise Problem(403, "type-not-allowed", "This source may not send events of that type.")
    return envelope


def known(envelope: Envelope) -> bool:
    return envelope.type in TYPES


def read_data(envelope: Envelope) -> tuple[str, Wire, int]:
    """The kind, the record and its version of an event of a known type. BadData otherwise."""
    kind, schema = TYPES[envelope.type]
    errors: list[Json] = []
    version = _part(Version, envelope.data, "/data", errors)
    if kind in envelope.data:
        record = _part(schema, envelope.data[kind], f"/data/{kind}", errors)
    else:
        errors.append({"pointer": f"/data/{kind}", "code": "missing", "detail": "Field required"})
    if errors:
        raise BadData("bad-data", f"The data are no {kind} as this API takes it.", errors)
    return kind, record, version.version


def errors_of(error: ValidationError, value: Any, base: str = "") -> list[Json]:
    """Pydantic's errors as ``{"pointer", "code", "detail"}``."""
    return [
        {
            "pointer": base + _pointer(found["loc"], value, found["type"]),
            "code": found["type"],
            "detail": found["msg"].removeprefix("Value error, ")[:300],
        }
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ][:MAX_ERRORS]


def _part(model: type[Wire], value: Any, base: str, errors: list[Json]) -> Any:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors += errors_of(error, value, base)
        return None


def _pointer(loc: tuple[int | str, ...], value: Any, code: str) -> str:
    """RFC 6901. A location also names the branches of unions, which no document has."""
    steps: list[str] = []
    for at, part in enumerate(loc):
        inside = isinstance(value, dict) and part in value
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            inside = True
        if inside:
            value = value[part]
        elif code != "missing" or at < len(loc) - 1:
            continue
        steps.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{step}" for step in steps)
