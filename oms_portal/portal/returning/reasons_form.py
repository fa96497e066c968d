"""What a customer says of one item: why, how it is, what they would like instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses import clean_line, clean_text
from oms_portal.fragments.formats import quantity
from oms_portal.fragments.returning.lines import show_photo
from oms_portal.fragments.returning.shown import Photo
from oms_portal.returns.kinds import Condition, Kind, Outcome
from oms_portal.returns.reason_tree import Heading
from oms_portal.returns.rules import ReturnReason
from oms_portal.returns.wishes import WishLine

from ..changing_scope import Trouble
from .drafts import line_of
from .judging import Judged


# Longest description, and longest number of an article or a lot.
TEXT, LINE = 2000, 100
# Members that a line has fields for, in their order on the page.
MEMBERS = (
    "reason", "condition", "text", "serials", "lot", "outcome", "exchange_sku", "photos",
)  # fmt: skip


class ReasonSelect(forms.Select):
    """Each option says what is asked for with it, so that the page's style shows it at once."""

    asks: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if asked := self.asks.get(str(value)):
            option["attrs"]["data-asks"] = asked
        return option


@dataclass(frozen=True)
class Tree:
    """The reasons of this kind of return, as a select takes them."""

    choices: Sequence[Any]
    asks: Mapping[str, str]
    claims: Mapping[str, str]

    @classmethod
    def of(cls, headings: Iterable[Heading]) -> Tree:
        choices: list[Any] = [("", _("Please choose"))]
        rows: list[ReturnReason] = []
        for heading in headings:
            below = [(row.code, row.words) for row in heading.reasons]
            choices.append((heading.row.words, below) if below else _option(heading.row))
            rows += heading.reasons or (heading.row,)
        return cls(
            choices,
            {row.code: " ".join(_asked_by(row)) for row in rows},
            {row.code: row.claim for row in rows},
        )


def _option(row: ReturnReason) -> tuple[str, str]:
    return row.code, row.words


def _asked_by(row: ReturnReason) -> list[str]:
    asked = {
        "photos": row.photos,
        "text": row.asks_text,
        "serials": row.asks_serial,
        "lot": row.asks_lot,
    }
    return [name for name, wanted in asked.items() if wanted]


class LineForm(forms.Form):
    """Fields for one line of a draft. ``typed`` None shows what the draft says; ``judged`` are its
    terms, which another reason may change: with ``any_outcome`` all are taken, to be judged later.
    """

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you send it back?"), required=False, widget=ReasonSelect
    )
    condition = forms.ChoiceField(
        label=gettext_lazy("What condition is it in?"), required=False, widget=forms.Select
    )
    text = forms.CharField(
        label=gettext_lazy("What should we know about it?"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    serials = forms.MultipleChoiceField(
        label=gettext_lazy("Which serial numbers?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lot = forms.ChoiceField(label=gettext_lazy("Which lot?"), required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What would you like?"), required=False, widget=forms.RadioSelect
    )
    exchange_sku = forms.CharField(
        label=gettext_lazy("Article number of the other item"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self,
        judged: Judged,
        kind: str,
        tree: Tree,
        typed: QueryDict | None,
        *,
        any_outcome: bool = False,
    ) -> None:
        self.judged, self.kind, self.tree = judged, kind, tree
        line = judged.line
        super().__init__(
            typed,
            prefix=line.ref,
            initial=vars(line_of(line)),
            auto_id="oms-%s",
            use_required_attribute=False,
        )
        self._offer(judged, () if any_outcome else judged.terms.outcomes)
        self.photo_faults: list[str] = []

    def _offer(self, judged: Judged, outcomes: Sequence[str]) -> None:
        """The choices of this line; what can't be asked of it has no field."""
        reason = self.fields["reason"]
        reason.choices = self.tree.choices  # type: ignore[attr-defined]  # stubs see a plain Field
        reason.widget.asks = self.tree.asks
        if self.kind == Kind.CLAIM:
            reason.label = _("What is wrong?")
        offered = outcomes or tuple(Outcome.values)
        self._choose("outcome", [(one, str(Outcome(one).label)) for one in offered])
        if len(offered) == 1:
            self.initial["outcome"] = self.initial["outcome"] or offered[0]
        conditions = [(one.value, str(one.label)) for one in Condition]
        self._choose("condition", [("", _("Please choose")), *conditions])
        self._mark(judged)
        if self.kind == Kind.CLAIM:
            del self.fields["condition"]
        if Outcome.EXCHANGE not in offered:
            del self.fields["exchange_sku"]

    def _mark(self, judged: Judged) -> None:
        """Serial numbers and lots: of those that were shipped, or typed where nobody knows them,
        or not so many of them."""
        known = judged.offer
        if known and known.serials and len(known.serials) >= judged.line.requested:
            self._choose("serials", [(one, one) for one in known.serials])
        else:
            attrs = {"rows": 2, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}
            self.fields["serials"] = forms.CharField(
                label=_("Serial numbers, one per line"),
                required=False,
                widget=forms.Textarea(attrs=attrs),
            )
            self.initial["serials"] = "\n".join(judged.line.serials)
        if known and known.lots:
            lots = [("", _("Please choose")), *((one, one) for one in known.lots)]
            self._choose("lot", lots)
        else:
            attrs = {"dir": "auto", "autocomplete": "off"}
            self.fields["lot"] = forms.CharField(
                label=_("Lot number"), required=False, widget=forms.TextInput(attrs=attrs)
            )

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        field.error_messages["invalid_choice"] = _(
            "This can no longer be chosen. Please choose again."
        )

    @property
    def rows(self) -> list[tuple[forms.BoundField, bool]]:
        """Each field, and whether it is asked for some reasons only: then the page's style shows
        it once one of those is chosen."""
        terms = self.judged.terms
        asked = {"serials": terms.asks_serial, "lot": terms.asks_lot}
        return [(bound, not asked.get(bound.name, True)) for bound in self]

    @property
    def quantity(self) -> str:
        return quantity(self.judged.line.requested, self.judged.line.unit)

    @property
    def photos(self) -> list[tuple[str, Photo]]:
        """Each by its key."""
        return [(photo.key, show_photo(photo)) for photo in self.judged.line.evidence.all()]

    def clean_text(self) -> str:
        return _cleaned(clean_text, self.cleaned_data["text"], TEXT)

    def clean_serials(self) -> tuple[str, ...]:
        told = self.cleaned_data["serials"]
        if not isinstance(told, str):
            return tuple(told)
        return tuple(filter(None, map(str.strip, re.split(r"[\n,;]", told))))

    def clean_exchange_sku(self) -> str:
        return _cleaned(clean_line, self.cleaned_data["exchange_sku"], LINE)

    def line(self) -> WishLine:
        """The line with what was typed; what can't be taken stays as it was."""
        told = vars(line_of(self.judged.line)) | {
            name: value for name, value in self.cleaned_data.items() if name in self.fields
        }
        told["claim"] = self.tree.claims.get(told["reason"], "")
        if told["outcome"] != Outcome.EXCHANGE:
            told["exchange_sku"] = ""
        return WishLine(**told)

    def demand(self) -> None:
        """Say at each field what is still missing."""
        for member, words in self.judged.faults.items():
            if member == "photos":
                self.photo_faults.append(words)
            elif member not in self.errors:
                self.add_error(member if member in self.fields else None, words)

    def troubles(self) -> list[Trouble]:
        title = self.judged.line.description or self.judged.line.sku
        found = [Trouble(f"oms-{self.prefix}", title, str(e)) for e in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            several = isinstance(bound.field.widget, forms.RadioSelect)
            place = f"{bound.auto_id}_0" if several else str(bound.auto_id)
            found += [Trouble(place, title, str(error)) for error in bound.errors]
        place = f"oms-{self.prefix}-photos"
        return found + [Trouble(place, title, fault) for fault in self.photo_faults]


def _cleaned(clean: Any, text: str, longest: int) -> str:
    try:
        return str(clean(text, longest))
    except ValueError as problem:
        raise forms.ValidationError(str(problem)) from problem
