"""A variant of a topic, and who watches it: what the hub keeps in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from oms_portal.customers.access import Actor
from oms_portal.fragments.base import Rendered, Spec, fragment

from .frames import Frame, encode
from .sockets import Socket


class Unknown(Exception):
    """No fragment of that name: a ticket from another release of the site."""


@dataclass(slots=True, eq=False)
class Subscription:
    """One socket's interest in a variant. ``sent`` is the newest version its browser holds."""

    socket: Socket
    sent: int
    # The person was looked at since they joined.
    known: bool = False
    # Their right was checked, and nothing it hangs on moved since.
    cleared: bool = False
    answered: bool = False


# Equal to no fragment's audience: whoever watches is checked at the first rendering.
_NOBODY_YET: Hashable = object()


@dataclass(slots=True, eq=False)
class Variant:
    """What everybody who may see the same sees of one topic, encoded once."""

    spec: Spec
    name: str
    subscriptions: dict[Socket, Subscription] = field(default_factory=dict)
    # The topic's newest version we know of, and the one that ``frame`` shows.
    wanted: int = 0
    version: int = 0
    frame: Frame | None = None
    audience: Hashable = _NOBODY_YET
    task: asyncio.Task[None] | None = None

    @property
    def outdated(self) -> bool:
        """Whether somebody waits for a text newer than the one at hand."""
        return self.wanted > self.version and any(
            sub.sent < self.wanted for sub in self.subscriptions.values()
        )

    @property
    def unsettled(self) -> bool:
        return any(
            sub.known and not (sub.cleared and sub.answered and sub.sent >= self.wanted)
            for sub in self.subscriptions.values()
        )

    @property
    def suspects(self) -> list[Subscription]:
        return [s for s in self.subscriptions.values() if s.known and not s.cleared]

    def doubt(self) -> None:
        for sub in self.subscriptions.values():
            sub.cleared = False

    def hold(self, version: int, rendered: Rendered, as_of: datetime) -> None:
        """Keep this text for everybody; the old right counts only while the audience stays."""
        if rendered.audience != self.audience:
            self.audience = rendered.audience
            self.doubt()
        self.version = version
        snap = {"topic": self.name, "v": version, "as_of": as_of.isoformat()}
        said = {"say": rendered.say} if rendered.say else {}
        self.frame = encode("snap", **snap, html=rendered.html, **said)


def render(spec: Spec, version: int) -> Rendered | None:
    found = fragment(spec.fragment)
    if found is None:
        raise Unknown(spec.fragment)
    rendered = found.render(spec, version)
    return replace(rendered, say=str(rendered.say)) if rendered else None


def judge(spec: Spec, actors: Iterable[Actor]) -> dict[Actor, bool]:
    """Whether each of these people may see the variant now; of unknown fragments nobody sees any."""
    found = fragment(spec.fragment)
    return {actor: found is not None and found.allowed(actor, spec) for actor in actors}
