"""Texts in the site's languages: one field of a form, with an input for each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from .word_form import languages


class TextsInput(forms.MultiWidget):
    """One input a language, each with its name, its direction and its ``lang``."""

    template_name = "oms_portal/desk/texts_input.html"
    use_fieldset = True

    def __init__(self, codes: list[tuple[str, Any]], *, rows: int = 0) -> None:
        self.codes = codes
        super().__init__({code.replace("-", "_"): _input(code, rows) for code, _name in codes})

    def decompress(self, value: Any) -> list[str]:
        told = value if isinstance(value, Mapping) else {}
        return [str(told.get(code, "")) for code, _name in self.codes]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        inputs = context["widget"]["subwidgets"]
        for each, (_code, language) in zip(inputs, self.codes, strict=True):
            each["language"] = language
        return context


class Texts(forms.MultiValueField):
    """{"en": "…", "de": "…"}, the languages that were written alone. Where ``required``, the
    site's first language is; ``rows`` makes them texts of several lines.

    What is stored in languages that the site no longer has stays (``keep``).
    """

    def __init__(self, *, longest: int = 200, rows: int = 0, **kwargs: Any) -> None:
        self.codes = languages()
        parts = [
            forms.CharField(required=False, max_length=longest, strip=True) for _ in self.codes
        ]
        super().__init__(
            parts, require_all_fields=False, widget=TextsInput(self.codes, rows=rows), **kwargs
        )
        self.kept: Mapping[str, str] = {}

    def compress(self, data_list: Any) -> dict[str, str]:
        typed = zip(self.codes, data_list or [""] * len(self.codes), strict=True)
        told = {code: text for (code, _name), text in typed if text}
        own = {code for code, _name in self.codes}
        others = {code: text for code, text in self.kept.items() if code not in own and text}
        return {**others, **told}

    def clean(self, value: Any) -> dict[str, str]:
        told: dict[str, str] = super().clean(value)
        first, name = self.codes[0]
        if told and first not in told:
            raise ValidationError(
                _("Write it in this language first: %(language)s. It stands in for the others."),
                params={"language": str(name)},
            )
        # Whoever reads another language than those gets the English words.
        return {"en": told[first], **told} if told else {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or {}) != self.compress([one or "" for one in data or []]))


def keep(field: forms.Field, stored: Mapping[str, str]) -> None:
    """Tell a ``Texts`` of a form what is stored."""
    if isinstance(field, Texts):
        field.kept = stored


def _input(code: str, rows: int) -> forms.Widget:
    attrs = {"lang": code, "dir": "rtl" if _is_rtl(code) else "ltr"}
    if rows:
        return forms.Textarea(attrs={**attrs, "rows": rows})
    return forms.TextInput(attrs=attrs)


def _is_rtl(code: str) -> bool:
    try:
        return bool(get_language_info(code)["bidi"])
    except KeyError:
        return False
