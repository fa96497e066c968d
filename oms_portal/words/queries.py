"""The word for a code: by audience, brand and language; the ERP's own code before ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language

from .book import Entry, book, key_of
from .models import Audience


_site: ContextVar[str] = ContextVar("oms_portal_words_site", default="")
_audience: ContextVar[str] = ContextVar("oms_portal_words_audience", default=Audience.CUSTOMER)


def word(
    kind: str,
    code: str,
    default: str | Lazy,
    *,
    raw: str = "",
    audience: str = "",
    language: str = "",
    site: str = "",
) -> str:
    """Plain text, to be escaped by whoever draws it. ``raw`` is the ERP's own code: it is never
    shown itself. Without ``language`` the active one counts, without ``site`` (a pk) that of
    ``speaking_at``, without ``audience`` that of ``speaking_to``, or customers."""
    found = entry(kind, code, raw=raw, audience=audience, language=language, site=site)
    return found.word if found else str(default)


def entry(
    kind: str,
    code: str,
    *,
    raw: str = "",
    audience: str = "",
    language: str = "",
    site: str = "",
) -> Entry | None:
    """The narrowest entry that fits: by site, then audience, then language; None for none."""
    asked = (
        site or _site.get(),
        str(audience or _audience.get()),
        (language or get_language() or "").lower(),
    )
    held = book()
    for each in (raw, code):
        fitting = [row for row in held.entries.get(key_of(kind, each), ()) if _fits(row, *asked)]
        if each and fitting:
            return max(fitting, key=lambda row: (row.site, row.audience, len(row.language)))
    return None


def knows(kind: str, code: str) -> bool:
    """Whether anybody gave this code a word, for whichever audience, site and language."""
    return key_of(kind, code) in book().entries


def differ_by_site() -> bool:
    """Whether the words of one site may be others than those of the next."""
    return book().by_site


@contextmanager
def speaking_at(site: str) -> Iterator[None]:
    """Within this context the words are those of a site, by its pk; "" for the general ones."""
    token = _site.set(site)
    try:
        yield
    finally:
        _site.reset(token)


@contextmanager
def speaking_to(audience: str) -> Iterator[None]:
    """Within this context the words are those for an audience: the order's page as staff read it."""
    token = _audience.set(audience)
    try:
        yield
    finally:
        _audience.reset(token)


def _fits(row: Entry, site: str, audience: str, language: str) -> bool:
    mine = row.language.lower()
    return (
        row.site in ("", site)
        and row.audience in ("", audience)
        and (not mine or language == mine or language.startswith(f"{mine}-"))
    )
