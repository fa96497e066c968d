"""The wire's values: what a record's members may hold, and what a sender is told otherwise.

Quantities and money are strings holding decimals; instants carry an offset; dates without a time
stay dates. Lengths fit the columns, so no database is the first to complain.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
)


MAX_INTEGER = 2**53 - 1
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
_MONEY = re.compile(r"-?\d{1,13}(\.\d{1,6})?")
# SQLite keeps 15 digits: with six decimals, more than twelve before them may be rounded up to what
# the column can no longer be read as.
_QUANTITY = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
# CloudEvents 1.0, type String: no control characters and no noncharacters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def _decimal(pattern: re.Pattern[str]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str) or not pattern.fullmatch(value) or not value.isascii():
            raise ValueError('must be a string holding a decimal, such as "2.5"')
        return Decimal(value)

    return read


def _moment(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a string holding a date or an instant")
    if len(value) == 10:
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("an instant must carry its offset")
    return _utc(moment)


def _instant_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be a string holding an RFC 3339 instant with its offset")
    return value


def _utc(moment: datetime) -> datetime:
    """In UTC. ERPs write the ends of the calendar for "never": kept a day within, so that the
    instant can be shown in any zone."""
    try:
        return min(max(moment.astimezone(UTC), _FIRST), _LAST)
    except OverflowError as error:
        raise ValueError("the instant is out of range") from error


def _plain_text(value: str) -> str:
    if _CONTROL.search(value) or len(value.encode()) > 255:
        raise ValueError("must have no control characters and at most 255 bytes in UTF-8")
    return value


def _base64(value: str) -> str:
    try:
        b64decode(value, validate=True)
    except ValueError:
        raise ValueError("must be base64 (RFC 4648, section 4), with its padding") from None
    return value


Quantity = Annotated[
    Decimal,
    BeforeValidator(_decimal(_QUANTITY)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_QUANTITY.pattern}$"}),
]
# For prices of one unit, which may be finer than any currency.
Price = Quantity
Money = Annotated[
    Decimal,
    BeforeValidator(_decimal(_MONEY)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_MONEY.pattern}$"}),
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant_text),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]
Ref = Annotated[str, Field(min_length=1, max_length=100)]
Text50 = Annotated[str, Field(max_length=50)]
Text100 = Annotated[str, Field(max_length=100)]
Text200 = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=4000)]
Link = Annotated[str, Field(max_length=2000)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Gln = Annotated[str, Field(max_length=13)]
Base64 = Annotated[str, Field(max_length=262_144), AfterValidator(_base64)]
PlainText = Annotated[str, Field(max_length=255), AfterValidator(_plain_text)]
Attribute = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain_text)]
