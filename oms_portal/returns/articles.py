"""What is known of an article by its SKU: patterns, and the first group that fits. Pure but for
``articles_now``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from django.utils.translation import get_language

from .rules import Article


def is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def fits(text: str, patterns: Sequence[str]) -> bool:
    """Whether a whole text is one of these, written in capitals or not: "*" stands for any
    characters, "?" for one; nothing else has a meaning of its own."""
    folded = text.casefold()
    return any(fnmatchcase(folded, one.casefold().replace("[", "[[]")) for one in patterns)


class Articles:
    """The groups in their order, asked for many SKUs."""

    def __init__(self, rows: Iterable[Article]) -> None:
        self._groups = [_Group(row) for row in rows]
        self._found: dict[str, Article | None] = {}

    def of(self, sku: str) -> Article | None:
        """The first group that fits; None for no SKU, and where none does."""
        if sku not in self._found:
            fitting = (group.row for group in self._groups if sku and group.fits(sku))
            self._found[sku] = next(fitting, None)
        return self._found[sku]


class _Group:
    def __init__(self, row: Article) -> None:
        self.row = row
        self._whole = {one.casefold() for one in row.skus if not is_pattern(one)}
        self._patterns = [one for one in row.skus if is_pattern(one)]

    def fits(self, sku: str) -> bool:
        return sku.casefold() in self._whole or fits(sku, self._patterns)


def articles_now() -> Articles:
    return Articles(Article.objects.all())


def in_language(texts: Mapping[str, str]) -> str:
    """Staff's own words by language: the reader's, else English, else any; "" where there is none."""
    language = get_language() or "en"
    for name in (language, language.partition("-")[0], "en"):
        if text := texts.get(name):
            return str(text)
    return str(next(filter(None, texts.values()), ""))
