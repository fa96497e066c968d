"""The generic connector: a command is one signed POST, whatever the ERP is behind it."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from threading import Event
from urllib.parse import urlsplit

from django.utils import timezone

from oms_portal import __version__
from oms_portal.erp import signatures

from . import verdicts
from .contract import Outcome, Result, Wish
from .line import Line, cut_at


# Seconds for a whole attempt, and the most that is read of an answer.
TOTAL = 15.0
LARGEST = 64 * 1024
# So many addresses of a name are tried, so that connecting takes no longer than there is time.
_ADDRESSES = 4
CAPABILITIES = ("push.address", "push.date", "push.method", "push.cancel")


class HttpConnector:
    """Posts ``{"id","kind","order","payload","requested_by","on_behalf_of"}`` to ``url``, signed
    with the ``whsec_`` secret (Standard Webhooks 1.0.0, the key being the message's id) and with
    ``Idempotency-Key: "<key>"`` (draft-ietf-httpapi-idempotency-key-header, a quoted string).

    ``allow_http``: the site says that the network up to the ERP is its own. ValueError where the
    URL or the secret is none.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        capabilities: Iterable[str] = CAPABILITIES,
        allow_http: bool = False,
    ) -> None:
        parts = urlsplit(url)
        self.secure = parts.scheme == "https"
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if self.secure else 80)
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.capabilities = frozenset(capabilities)
        signatures.decode(secret)
        self._secret = secret
        if not self.host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
            raise ValueError("the URL of an ERP is https://host/path")
        if not (self.secure or allow_http or _is_loopback(self.host)):
            raise ValueError("commands go over https, or with allow_http=True over http")

    def push(self, command: Wish, key: str) -> Result:
        """One attempt, of 15 s at most. What happens once the ERP was reached, and is no answer,
        is an unknown outcome."""
        ends = time.monotonic() + TOTAL
        try:
            line = self._line()
        except (OSError, UnicodeError) as error:
            return _unreached(error)
        with cut_at(line, ends) as late:
            try:
                line.connect()
            except OSError as error:
                return _unreached(error)
            if late.is_set():
                return _unreached(TimeoutError())
            try:
                return self._exchange(line, late, command, key)
            except (OSError, http.client.HTTPException, ValueError) as error:
                what = TimeoutError() if late.is_set() else error
                return Result(Outcome.RETRY, unknown=True, detail=_why("No answer", what))

    def _line(self) -> Line:
        told = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in told))
        return Line(self.host, self.port, addresses[:_ADDRESSES], self.secure)

    def _exchange(self, line: Line, late: Event, command: Wish, key: str) -> Result:
        body = _body(command, key)
        line.sock.settimeout(TOTAL)
        line.request("POST", self.target, body, self._headers(key, body))
        response = line.getresponse()
        told = _read(response)
        if late.is_set():
            # A body that ends with its line looks whole when it was cut.
            raise TimeoutError
        if told is None:
            return verdicts.odd(response.status, f"The ERP answered {response.status} at length.")
        again = response.getheader("Retry-After", "")
        return verdicts.judge(response.status, told, again, timezone.now())

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Accept": "application/json, application/problem+json",
            "Accept-Encoding": "identity",
            "User-Agent": f"oms-portal/{__version__}",
            "Idempotency-Key": f'"{key}"',
            **signatures.sign(self._secret, key, int(time.time()), body),
        }


def _body(command: Wish, key: str) -> bytes:
    return json.dumps(
        {
            "id": key,
            "kind": command.kind,
            "order": command.order,
            "payload": dict(command.payload),
            "requested_by": command.requested_by,
            "on_behalf_of": command.on_behalf_of,
        },
        separators=(",", ":"),
    ).encode()


def _read(response: http.client.HTTPResponse) -> bytes | None:
    """The whole body; None where it is larger than anybody's answer should be."""
    promised, read = response.length, b""
    while chunk := response.read1(LARGEST):
        read += chunk
        if len(read) > LARGEST:
            return None
    if promised is not None and len(read) != promised:
        raise http.client.IncompleteRead(read, promised - len(read))
    return read


def _unreached(error: Exception) -> Result:
    return Result(Outcome.RETRY, detail=_why("Not reached", error))


def _why(what: str, error: Exception) -> str:
    return f"{what} ({type(error).__name__})."


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
