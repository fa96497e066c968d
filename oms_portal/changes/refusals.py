"""Why a verb is not carried out. Nothing was written when one of these is raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from .standing import Standing


class Refused(Exception):
    """It can't be; ``code`` is one of ``reasons``, which has the words for the customer, ``words``
    staff's own in place of those. ``fields`` are the codes or sentences by member of the wish
    ("address.postal_code")."""

    def __init__(
        self, code: str, fields: Mapping[str, str] | None = None, *, words: str = ""
    ) -> None:
        super().__init__(code)
        self.code, self.fields, self.words = code, dict(fields or {}), words


class Illegal(Refused):
    """The request is in a state that knows no such verb; ``possible`` are those it knows."""

    def __init__(self, possible: Iterable[str]) -> None:
        super().__init__("illegal")
        self.possible = tuple(possible)


class Stale(Refused):
    """What the form showed is no longer so; ``standing`` is how it is now (412)."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("stale")
        self.standing = standing


class KeyReused(Refused):
    """The form's key came before with another content (422)."""

    def __init__(self) -> None:
        super().__init__("key_reused")
