"""Django's words, kept: it looks through the catalogue of every app at each call, and a label says
some ten words that all others of its language say too."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation


def gettext(message: str) -> str:
    return _said(translation.get_language(), "", message)


def pgettext(context: str, message: str) -> str:
    return _said(translation.get_language(), context, message)


@lru_cache(maxsize=2048)
def _said(language: str | None, context: str, message: str) -> str:
    if context:
        return translation.pgettext(context, message)
    return translation.gettext(message)
