"""The grades that most warehouses work by, and a first checklist, in all languages of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from oms_portal.erp.inbox import writing
from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.rules import Checklist, Grade


# Code, name, example, whether it is accepted, what becomes of it.
GRADES: tuple[tuple[str, str, str, bool, str], ...] = (
    (
        "a",
        gettext_noop("A · As new"),
        gettext_noop("Sealed, or opened and complete, without any trace of use."),
        True,
        Disposition.RESTOCK,
    ),
    (
        "b",
        gettext_noop("B · Opened"),
        gettext_noop("Works, complete; the packaging is torn, or there are slight marks."),
        True,
        Disposition.B_GRADE,
    ),
    (
        "c",
        gettext_noop("C · Used or faulty"),
        gettext_noop("Marks of use, or a fault that can be mended; parts may be missing."),
        True,
        Disposition.REFURBISH,
    ),
    (
        "d",
        gettext_noop("D · Not to be taken back"),
        gettext_noop("Broken by use, made to measure, or not what we sold."),
        False,
        Disposition.SEND_BACK,
    ),
)
CHECKS: Mapping[str, str] = {
    "article": gettext_noop("It is the article that was announced"),
    "packaging": gettext_noop("The packaging is whole"),
    "surface": gettext_noop("No scratches, dents or dirt"),
    "works": gettext_noop("It works, as far as one can see"),
}
ACCESSORIES: Mapping[str, str] = {
    "manual": gettext_noop("Manual"),
    "cables": gettext_noop("Cables and small parts"),
    "packaging": gettext_noop("Original packaging"),
}


def fill() -> bool:
    """Make them where there are no grades at all; whether that was done."""
    with writing():
        if Grade.objects.exists():
            return False
        for position, (code, name, example, accepted, disposition) in enumerate(GRADES):
            Grade.objects.get_or_create(
                code=code,
                defaults={
                    "texts": _spoken(name),
                    "examples": _spoken(example),
                    "accepted": accepted,
                    "disposition": disposition,
                    "position": position,
                },
            )
        if not Checklist.objects.exists():
            name = gettext("For all articles")
            Checklist.objects.create(
                name=name, checks=_entries(CHECKS), accessories=_entries(ACCESSORIES)
            )
    return True


def _entries(told: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "texts": _spoken(words)} for code, words in told.items()]


def _spoken(text: str) -> dict[str, str]:
    """In each language of the site that has words for it."""
    found = {"en": text}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words = gettext(text)
        if words != text:
            found[code] = words
    return found
