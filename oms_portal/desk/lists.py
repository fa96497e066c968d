"""Fields for lists: texts with commas between them or one a line, and boxes to tick."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oms_portal.changes.addresses.rules import known_countries
from oms_portal.orders.locales import listed

from .texts import plain


# So many of what somebody mistyped are named.
_NAMED = 5


class Commas(forms.CharField):
    """A list of texts with commas between them, each once and written as ``fold`` says."""

    between, break_at, most = ", ", ",", 250

    def __init__(self, *, fold: Any = str, **kwargs: Any) -> None:
        super().__init__(max_length=4_000, **kwargs)
        self.fold = fold

    def prepare_value(self, value: Any) -> Any:
        return self.between.join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        told = (self.fold(one.strip()) for one in re.split(self.break_at, str(value or "")))
        return list(dict.fromkeys(one for one in told if one))

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.between.join(value))
        if len(value) > self.most:
            raise ValidationError(_("That is too many."))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class PerLine(Commas):
    """One text a line, each of ``longest`` characters at most."""

    between, break_at, most = "\n", r"[\r\n]+", 2_000

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.max_length, self.longest = None, longest
        self.validators = []

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if long := [one for one in value if len(one) > self.longest]:
            raise ValidationError(
                _("This line is too long: %(line)s"), params={"line": plain(long[0], 60)}
            )


class Ticks(forms.MultipleChoiceField):
    """Boxes to tick; none stands for all."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


def check_countries(told: Iterable[str]) -> None:
    """ValidationError that names what is no country's code."""
    known = known_countries()
    if unknown := [one for one in told if one not in known]:
        raise ValidationError(
            _("No such country: %(codes)s. Write its code of two letters."),
            params={"codes": ", ".join(unknown[:_NAMED])},
        )


def check_known(told: Iterable[str], known: Iterable[str], words: Any) -> None:
    """ValidationError with ``words`` that names what none of ``known`` is, however it is written."""
    folded = {one.casefold() for one in known}
    if unknown := [one for one in told if one.casefold() not in folded]:
        raise ValidationError(
            words,
            params={
                "names": listed(plain(one, 60) for one in unknown[:_NAMED]),
                "known": listed(sorted(known)) or "–",
            },
        )
