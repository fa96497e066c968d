"""The frames of the wire, in and out (subprotocol oms.live.v1)."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


PROTOCOL = "oms.live.v1"
MAX_BYTES = 64 * 1024
MAX_TOPICS = 50
_MAX_VERSION = 2**63 - 1
_NAME = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_MAX_TICKET = 16 * 1024

# Close codes. Servers refuse an application anything but 1000 and 3000 to 4999.
BAD_FRAME = 4400
SIGNED_OUT = 4401
NOT_ALLOWED = 4403
TOO_SLOW = 4408
TOO_MANY = 4429
RESTART = 4503


class BadFrame(ValueError):
    """What came is no frame of ours; the text says why, in words a developer understands."""


@dataclass(frozen=True)
class Join:
    name: str
    ticket: str
    version: int


@dataclass(frozen=True)
class Sub:
    joins: tuple[Join, ...]


@dataclass(frozen=True)
class Unsub:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Ping:
    pass


@dataclass(frozen=True)
class Frame:
    """A text to be sent, encoded once: ``wire`` is the whole websocket frame (RFC 6455, 5.2)."""

    payload: bytes

    @cached_property
    def wire(self) -> bytes:
        size = len(self.payload)
        if size < 126:
            return b"\x81" + bytes([size]) + self.payload
        if size < 1 << 16:
            return b"\x81\x7e" + struct.pack("!H", size) + self.payload
        return b"\x81\x7f" + struct.pack("!Q", size) + self.payload

    @property
    def text(self) -> str:
        return self.payload.decode()


def encode(op: str, **fields: Any) -> Frame:
    text = json.dumps({"op": op, **fields}, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate in a text would end the socket; browsers show it as U+FFFD too.
    return Frame(text.encode("utf-8", "replace"))


def parse(message: Mapping[str, Any]) -> Sub | Unsub | Ping:
    """What an ASGI ``websocket.receive`` asks for; BadFrame where it is nothing we know."""
    text = message.get("text")
    if text is None:
        raise BadFrame("text frames only")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise BadFrame("frame too large")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None
    match frame:
        case {"op": "ping"}:
            return Ping()
        case {"op": "sub", "topics": list(topics)} if len(topics) <= MAX_TOPICS:
            return Sub(tuple(_join(topic) for topic in topics))
        case {"op": "unsub", "topics": list(topics)} if len(topics) <= MAX_TOPICS:
            return Unsub(tuple(_name(topic) for topic in topics))
    raise BadFrame("unknown frame")


def _join(topic: Any) -> Join:
    match topic:
        case [name, str(ticket), int(version)] if (
            not isinstance(version, bool)
            and 0 <= version <= _MAX_VERSION
            and len(ticket) <= _MAX_TICKET
        ):
            return Join(_name(name), ticket, version)
    raise BadFrame("a topic is [name, ticket, version]")


def _name(name: Any) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise BadFrame("no name of a topic")
