"""Fetch a paper from where the ERP says it lies, and believe nothing of it.

Only hosts that the site lists for the source are asked (OMS_PORTAL["DOCUMENT_HOSTS"]), over https,
at an address that was looked up once and is not of a private network, without redirects, with
limits of time and size. What comes is kept in a file until all of it is there, so that a visitor
gets a whole paper or an honest "no".
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import urlsplit

from oms_portal.conf import settings

from .line import Line, cut_at


TOTAL = 15.0
LARGEST = 20 * 1024 * 1024
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024
# A request line of visible ASCII only: nothing that could end it and begin another.
_PLAIN = re.compile(r"[!-~]{1,2000}")

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotListed(Exception):
    """The site does not let papers be fetched from there; nobody was asked."""


class Unavailable(Exception):
    """The ERP did not give the paper: away, an error, a redirect, or not the paper it promised."""


class TooSlow(Unavailable):
    """It did not answer in time."""


@dataclass(frozen=True)
class Place:
    """Where a paper may be fetched: host and port, over https or, on this machine, http."""

    host: str
    port: int
    target: str
    secure: bool


@dataclass(frozen=True)
class Fetched:
    """A whole paper, to be read from its start; ``length`` in bytes."""

    file: IO[bytes]
    length: int


def fetch(url: str, source: str, magic: bytes = b"") -> Fetched:
    """The bytes at ``url`` for the source of this slug; they begin with ``magic``.

    Raises NotListed, TooSlow or Unavailable. Call it outside of transactions.
    """
    listed = tuple(settings().DOCUMENT_HOSTS.get(source, ()))
    place = _place(url, listed)
    ends = time.monotonic() + TOTAL
    address = _look_up(place, listed)
    with _answer(place, address, ends) as response:
        return _keep(response, magic, ends)


def _place(url: str, listed: Iterable[str]) -> Place:
    """Where the URL leads, if the site lists that place word for word."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise NotListed from error
    secure = parts.scheme == "https"
    if not _PLAIN.fullmatch(url) or "@" in parts.netloc or "\\" in url or not host:
        raise NotListed
    named = f"[{host}]" if ":" in host else host
    name = f"{named}:{port}" if port not in (None, 443 if secure else 80) else named
    if (name if secure else f"{parts.scheme}://{name}") not in {each.lower() for each in listed}:
        raise NotListed
    if not secure and not (parts.scheme == "http" and _is_loopback(host)):
        raise NotListed
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port or (443 if secure else 80), target, secure)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _look_up(place: Place, listed: Iterable[str]) -> str:
    """The address to connect to. One name that leads to a private place beside a public one is
    none to trust, so all of them must be allowed."""
    try:
        told = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable("its name is unknown") from error
    addresses = [str(entry[4][0]) for entry in told]
    if not addresses or not all(_allowed(address, place, listed) for address in addresses):
        raise NotListed
    return addresses[0]


def _allowed(text: str, place: Place, listed: Iterable[str]) -> bool:
    address = _unwrapped(ipaddress.ip_address(text.partition("%")[0]))
    if not place.secure:
        return address.is_loopback
    if address.is_global and not address.is_multicast:
        return True
    networks = [ipaddress.ip_network(each) for each in listed if "/" in each and "//" not in each]
    return text == place.host or any(address in network for network in networks)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


@contextmanager
def _answer(place: Place, address: str, ends: float) -> Iterator[http.client.HTTPResponse]:
    """The answer, of which only the head was read: from the address that was looked up, under the
    name that was asked for. Whatever drips is cut off when time is up."""
    line = Line(place.host, place.port, (address,), place.secure)
    with cut_at(line, ends) as late:
        try:
            line.connect()
            if late.is_set():
                # The time was up before there was a line to cut.
                raise TimeoutError
            line.sock.settimeout(max(0.1, ends - time.monotonic()))
            line.request(
                "GET", place.target, headers={"Accept": "*/*", "Accept-Encoding": "identity"}
            )
            response = line.getresponse()
            if response.status != 200:
                raise Unavailable(f"it answered {response.status}")
            yield response
        except TimeoutError as error:
            raise TooSlow("it did not answer in time") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise (TooSlow if late.is_set() else Unavailable)(type(error).__name__) from error


def _keep(response: http.client.HTTPResponse, magic: bytes, ends: float) -> Fetched:
    if (response.length or 0) > LARGEST or response.getheader("Content-Encoding"):
        raise Unavailable("too large, or packed")
    promised, length, head = response.length, 0, b""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  its reader closes it
    try:
        while chunk := response.read1(_CHUNK):
            length += len(chunk)
            head = (head + chunk)[: len(magic)] if len(head) < len(magic) else head
            if not magic.startswith(head):
                raise Unavailable("it is no paper of that type")
            if length > LARGEST:
                raise Unavailable("too large")
            if time.monotonic() > ends:
                break
            file.write(chunk)
        if time.monotonic() > ends:
            raise TooSlow("it did not end in time")
        if not length or head != magic or (promised is not None and length != promised):
            raise Unavailable("it broke off")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Fetched(file, length)
