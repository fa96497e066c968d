"""Lists of words with codes: one a line on the form, as {"code", "texts"} in the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from oms_portal.desk.language_texts import TextsInput
from oms_portal.desk.texts import plain
from oms_portal.desk.word_form import languages


MOST, LONGEST = 30, 120
# In place of words that a language has not.
NOT_YET = "–"


class Entries(forms.MultiValueField):
    """[{"code", "texts": {language: words}}] as one text for each language, an entry a line: the
    same line in each language is the same entry. An entry keeps its code while its words in the
    first language stay, or while as many lines stay in their places."""

    def __init__(self, **kwargs: Any) -> None:
        self.codes = languages()
        parts = [forms.CharField(required=False, strip=True) for _code in self.codes]
        kwargs["widget"] = _Input(self.codes, rows=5)
        super().__init__(parts, require_all_fields=False, required=False, **kwargs)
        self.kept: Sequence[Mapping[str, Any]] = ()

    def prepare_value(self, value: Any) -> Any:
        """A list would be taken for what was typed in each language."""
        rows = isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
        return {"rows": value} if rows else value

    def compress(self, data_list: Any) -> list[dict[str, Any]]:
        typed = [
            [line.strip() for line in text.splitlines() if line.strip()]
            for text in data_list or [""] * len(self.codes)
        ]
        first = typed[0]
        if any(len(lines) > len(first) for lines in typed):
            raise ValidationError(_("One language has more lines than the first one."))
        found: list[dict[str, Any]] = []
        for place, words in enumerate(first):
            told = {
                code: lines[place]
                for (code, _name), lines in zip(self.codes, typed, strict=True)
                if place < len(lines) and lines[place] != NOT_YET
            }
            code = self._code(place, words, found, len(first))
            # Whoever reads another language than those gets the English words.
            found.append({"code": code, "texts": {"en": words, **told}})
        return found

    def clean(self, value: Any) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = super().clean(value) or []
        if len(told) > MOST:
            raise ValidationError(_("That is too many."))
        for each in told:
            if long := next((one for one in each["texts"].values() if len(one) > LONGEST), ""):
                raise ValidationError(
                    _("This line is too long: %(line)s"), params={"line": plain(long, 60)}
                )
        return told

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True

    def _code(self, place: int, words: str, found: Sequence[Mapping[str, Any]], count: int) -> str:
        taken = {str(each["code"]) for each in found}
        language = self.codes[0][0]
        by_words = (one for one in self.kept if _words(one, language) == words)
        named = next(by_words, None)
        if named is None and count == len(self.kept):
            named = self.kept[place]
        if named is not None and named["code"] not in taken:
            return str(named["code"])
        taken |= {str(one["code"]) for one in self.kept}
        begin = slugify(words).replace("-", "_")[:30].strip("_") or "entry"
        numbers = (f"{begin}_{n}" for n in range(2, MOST + 2 + len(taken)))
        return next(code for code in (begin, *numbers) if code not in taken)


class _Input(TextsInput):
    def decompress(self, value: Any) -> list[str]:
        rows = value["rows"] if isinstance(value, Mapping) else []
        told = ([_words(row, code) for row in rows] for code, _name in self.codes)
        return ["\n".join(one or NOT_YET for one in each) if any(each) else "" for each in told]


def _words(row: Mapping[str, Any], language: str) -> str:
    return str((row.get("texts") or {}).get(language, ""))
