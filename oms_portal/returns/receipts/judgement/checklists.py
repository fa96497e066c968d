"""What is looked at, and what belongs to goods, by the category of their article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..rules import Checklist, in_language


Entry = tuple[str, str]


def checklists_now() -> list[Checklist]:
    return list(Checklist.objects.filter(active=True))


def checklist_of(category: str, known: Iterable[Checklist]) -> Checklist | None:
    """The first that is for this category, or for all. Pure."""
    folded = category.casefold()
    for each in known:
        if not each.categories or folded in {one.casefold() for one in each.categories}:
            return each
    return None


def entries(told: Sequence[dict[str, object]]) -> list[Entry]:
    """(code, words) of ``Checklist.checks`` or ``accessories``, in the reader's language."""
    found = []
    for each in told:
        code, texts = str(each.get("code") or ""), each.get("texts")
        words = in_language(texts) if isinstance(texts, dict) else ""
        if code:
            found.append((code, words or code))
    return found
