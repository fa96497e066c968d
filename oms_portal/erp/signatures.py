"""Standard Webhooks 1.0.0, symmetric: ``v1`` is HMAC-SHA256 over ``id.timestamp.body``.

Nothing here raises on what a stranger sends; comparisons are on bytes and in constant time.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass


PREFIX = "whsec_"
# Standard Webhooks asks for 24 to 64 bytes.
SECRET_BYTES = range(24, 65)
MAX_SIGNATURES = 20
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


@dataclass(frozen=True)
class Signed:
    """What a call's three headers and its raw body say; not yet believed."""

    message: bytes
    timestamp: int
    signatures: tuple[bytes, ...]


def read(headers: Mapping[str, str], body: bytes) -> Signed | None:
    """The signed message of a call; None where a header is missing or malformed.

    ``headers`` are looked up in lower case ("webhook-id"); a request's own ignore case anyhow.
    """
    name = _bytes(headers.get("webhook-id", ""))
    stamp = _bytes(headers.get("webhook-timestamp", ""))
    given = _bytes(headers.get("webhook-signature", ""))
    signatures = tuple(
        part[3:].rstrip(b"=") for part in given.split()[:MAX_SIGNATURES] if part.startswith(b"v1,")
    )
    if not name or not signatures or not _TIMESTAMP.fullmatch(stamp):
        return None
    return Signed(b".".join((name, stamp, body)), int(stamp), signatures)


def matches(secret: bytes, signed: Signed) -> bool:
    """Whether one of the signatures is by this secret; the time is not looked at."""
    expected = _digest(secret, signed.message).rstrip(b"=")
    found = False
    for signature in signed.signatures:
        found |= hmac.compare_digest(expected, signature)
    return found


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a call, as a sender makes them from its ``whsec_`` secret."""
    message = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + _digest(decode(secret), message).decode(),
    }


def encode(secret: bytes) -> str:
    return PREFIX + b64encode(secret).decode()


def decode(secret: str) -> bytes:
    """The key bytes of a ``whsec_`` secret. ValueError where it is none."""
    text = secret.removeprefix(PREFIX)
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise ValueError("a webhook secret is base64 after whsec_") from error
    if len(key) not in SECRET_BYTES:
        raise ValueError("a webhook secret has 24 to 64 bytes")
    return key


def _digest(secret: bytes, message: bytes) -> bytes:
    return b64encode(hmac.digest(secret, message, "sha256"))


def _bytes(header: str) -> bytes:
    # Servers hand header bytes on as Latin-1 text; anything wider never came over the wire.
    try:
        return header.encode("latin-1")
    except UnicodeEncodeError:
        return header.encode("utf-8", "replace")
