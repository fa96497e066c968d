"""What a fragment is, and the registry by which views and sockets find one by its name."""

from __future__ import annotations

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.utils.functional import Promise

from oms_portal.customers.access import Actor


@dataclass(frozen=True)
class Spec:
    """Everything that decides a fragment's HTML besides the data: the topic and the variant.

    ``params`` holds the rights the HTML was made for too (company, ship-tos), so that two people
    share a spec exactly when they may see the same.
    """

    fragment: str
    topic: str
    params: tuple[tuple[str, str], ...]
    language: str

    @property
    def name(self) -> str:
        """The topic's name on the wire: opaque, and guessable by nobody."""
        text = json.dumps([self.fragment, self.topic, self.params, self.language])
        key = f"oms_portal.topic:{settings.SECRET_KEY}".encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def __getitem__(self, key: str) -> str:
        return dict(self.params)[key]


@dataclass(frozen=True)
class Rendered:
    """A fragment at a moment: the root element's HTML, the sentence to announce when it changed,
    and the audience: what its rights hang on besides the person (an order's company and place).
    When the audience moves, the right of every viewer is checked anew. ``say`` may be lazy."""

    html: str
    say: str | Promise = ""
    audience: Hashable = None


class Fragment(ABC):
    """``topic`` shows how its topics read, ``needs`` says the right to them ("view Order"):
    what ``manage.py oms_routes`` lists. A fragment that says neither makes the command fail."""

    name: ClassVar[str]
    topic: ClassVar[str] = ""
    needs: ClassVar[str] = ""
    # A template for what is a person's own beside the text that all share: their saved views, a
    # form with their CSRF token. It comes over HTTP alone, at the head of the root element.
    personal: ClassVar[str] = ""

    def own(self, actor: Actor, spec: Spec) -> dict[str, Any]:
        """What the ``personal`` template draws for this person."""
        return {}

    @abstractmethod
    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """The spec of what this actor asked for; None where it does not exist for them.

        ``params`` come from outside: unknown ones are dropped, bad ones fall back to defaults.
        Fed with the params of a spec it made, it gives that spec back while the right lasts.
        """

    def allowed(self, actor: Actor, spec: Spec) -> bool:
        """Whether this actor may (still) see what the spec shows."""
        return self.spec(actor, dict(spec.params), spec.language) == spec

    @abstractmethod
    def render(self, spec: Spec, version: int) -> Rendered | None:
        """The fragment's HTML now, its root bearing data-topic and data-version; None: gone.

        Deterministic in the committed state, the spec and the version. Nobody's ticket, CSRF
        token or name is in it: one text serves every viewer of the spec.
        """


_registry: dict[str, Fragment] = {}
F = TypeVar("F", bound=type[Fragment])


def register(cls: F) -> F:
    _registry[cls.name] = cls()
    return cls


def fragment(name: str) -> Fragment | None:
    return _registry.get(name)


def fragments() -> list[Fragment]:
    """Every fragment there is, by name."""
    return sorted(_registry.values(), key=lambda each: each.name)
