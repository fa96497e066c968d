"""What somebody may want of goods that they have: a return, an exchange, a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from oms_portal.returns.kinds import Kind


_HINTS: Mapping[str, str | Lazy] = {
    Kind.RETURN: _("Send goods back that you don’t need, and get a credit note."),
    Kind.EXCHANGE: _("Get the right item instead of the one you have."),
    Kind.CLAIM: _("Tell us of goods that are missing, damaged or wrong."),
}


@dataclass(frozen=True)
class KindChoice:
    value: str
    label: str | Lazy
    hint: str | Lazy
    chosen: bool


def kinds(chosen: str) -> list[KindChoice]:
    return [KindChoice(kind.value, kind.label, _HINTS[kind], kind.value == chosen) for kind in Kind]
