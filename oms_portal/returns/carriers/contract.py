"""What a carrier adapter does. It speaks to the outside: ``create`` and ``void`` in the worker alone,
outside transactions; ``points`` while somebody waits for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Point:
    """A parcel shop: ``ref`` is the carrier's name of it (100 characters at most), ``address`` as on
    the wire; ``name`` and ``hours`` have 200 at most."""

    ref: str
    name: str
    address: Mapping[str, Any]
    hours: str = ""


@dataclass(frozen=True)
class Shipping:
    """What a label is asked for. ``code`` is the parcel's (13 characters), ``method`` a value of
    ``kinds.Method``, ``point`` the ``ref`` of a parcel shop; addresses and ``pickup`` are as on the
    wire, ``weight`` in kg as text ("" where nobody knows)."""

    code: str
    method: str
    sender: Mapping[str, Any]
    receiver: Mapping[str, Any]
    reference: str
    point: str = ""
    pickup: Mapping[str, str] = field(default_factory=dict)
    weight: str = ""


@dataclass(frozen=True)
class File:
    """A label as the carrier made it; its bytes are never changed. ``page`` (from 1) is the one
    that bears the label, None where the portal has to find it."""

    content: bytes
    media_type: Literal["application/pdf", "image/png", "application/zpl"]
    page: int | None = None


@dataclass(frozen=True)
class Made:
    """A label that there is now: ``ref`` is the carrier's name of it, for voiding. ``file`` None: the
    portal draws the label itself, with ``tracking_number`` on it."""

    tracking_number: str
    ref: str = ""
    service: str = ""
    file: File | None = None


class NotNow(Exception):
    """The carrier does not answer, or wants us to wait ``after`` seconds; the outcome is unknown.
    The same ``key`` is asked again."""

    def __init__(self, trouble: str, after: float | None = None) -> None:
        super().__init__(trouble)
        self.after = after


class Refused(Exception):
    """The carrier says no, in words for staff; asking again does not help."""


class Carrier(Protocol):
    """An adapter, made once per process and called by several threads; each verb may take its time.

    ``key`` names a wish for ever: asked twice, an adapter answers with the label it made. Where the
    carrier knows no keys, ``create`` looks there for ``Shipping.reference`` before it makes one.
    ``polled`` says that the carrier pushes no scans, so that the worker asks ``track``.
    """

    slug: str
    name: str
    methods: frozenset[str]
    polled: bool

    def create(self, shipping: Shipping, key: str) -> Made:
        """Make the label, or give back the one that was made. NotNow, Refused; any other exception
        counts as NotNow."""

    def void(self, ref: str, tracking_number: str, key: str) -> None:
        """End the label of this key; one that is void already is none the less void. ``ref`` and
        ``tracking_number`` are "" where nobody knows whether it was made. NotNow, Refused."""

    def track(self, tracking_number: str) -> Sequence[Mapping[str, Any]]:
        """All scans of it so far, as on the wire ({"id", "code", "occurred_at", …}). NotNow."""

    def points(self, country: str, postal_code: str) -> Sequence[Point]:
        """Parcel shops near there, the nearest first; at most 20. Whatever it raises, the customer
        goes on without one."""
