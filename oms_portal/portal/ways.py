"""The ways through the portal that its frame offers, with the one that the visitor is on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .rights import holds


_OF_A_RETURN = (
    "return",
    "return_new",
    "return_items",
    "return_reasons",
    "return_method",
    "return_check",
    "return_verb",
)
_OF_AN_ORDER = ("order", "packing_list", "change", "cancel", "change_request", "change_verb")


@dataclass(frozen=True)
class Way:
    """``current``: "page" on the page itself, "true" on one below it, else empty."""

    label: str
    url: str
    shape: str
    current: str = ""


def ways(request: HttpRequest) -> list[Way]:
    """For people who are signed in; a stranger is shown none."""
    if not request.user.is_authenticated:
        return []
    return list(_ways(request))


def _ways(request: HttpRequest) -> Iterator[Way]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    for name, label, shape, below in _plan():
        if name == "people" and not holds(request, "invite"):
            continue
        current = "page" if here == name else "true" if here in below else ""
        yield Way(label, reverse(f"oms_portal:{name}"), shape, current)


def _plan() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Each page's name, its word, its shape, and the pages below it."""
    return (
        ("home", _("Overview"), "home", ()),
        ("orders", _("Orders"), "list", _OF_AN_ORDER),
        ("returns", _("Returns"), "back", _OF_A_RETURN),
        ("updates", _("Updates"), "pulse", ()),
        ("documents", _("Documents"), "paper", ()),
        ("people", _("People"), "people", ("invite", "member")),
    )
