"""Why a verb is not carried out. Nothing was written when one of these is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oms_portal.changes.addresses import clean_text


if TYPE_CHECKING:
    from .models import Return


class Refused(Exception):
    """It can't be; ``reasons.words`` has the sentence for ``code`` and ``data``.

    ``lines`` and ``fields`` say what is wrong where, as codes or whole sentences: ``lines`` by
    ReturnLine.ref, or in ``save_draft`` by the place of the line in the wish ("0", "1", …);
    ``fields`` by member of the wish ("method", "pickup.on", "note").
    """

    def __init__(
        self,
        code: str,
        *,
        lines: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
        **data: Any,
    ) -> None:
        super().__init__(code)
        self.code, self.data = code, data
        self.lines, self.fields = dict(lines or {}), dict(fields or {})


class Illegal(Refused):
    """The return is in a state that knows no such verb; ``possible`` are those it knows."""

    def __init__(self, possible: Iterable[str]) -> None:
        super().__init__("illegal")
        self.possible = tuple(possible)


class Stale(Refused):
    """The return moved since the form was drawn; ``rma`` is how it is now (412)."""

    def __init__(self, rma: Return) -> None:
        super().__init__("stale")
        self.rma = rma


class KeyReused(Refused):
    """The form's key came before with another content (422)."""

    def __init__(self) -> None:
        super().__init__("key_reused")


class Short(Refused):
    """Somebody else returns some of it already; ``available`` is what is left, by ReturnLine.ref."""

    def __init__(self, available: Mapping[str, Decimal]) -> None:
        super().__init__("short", lines=dict.fromkeys(available, "short"))
        self.available = dict(available)


def read_text(
    text: str, longest: int, name: str, clean: Callable[[str, int], str] = clean_text
) -> str:
    """What was typed for the member ``name``, cleaned; Refused with a sentence where it can't be
    taken."""
    try:
        return clean(text, longest)
    except ValueError as error:
        raise Refused("invalid", fields={name: str(error)}) from None
