"""What a customer types to cancel an order, a delivery, or so much of some items; and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses import clean_text
from oms_portal.changes.models import Aspect
from oms_portal.changes.refusals import Refused
from oms_portal.changes.standing import Standing
from oms_portal.changes.wishes import Scope, Wish
from oms_portal.fragments.routes import part_title
from oms_portal.orders.locales import number

from .changing_items import Item
from .changing_scope import DELIVERY, ScopeForm, Trouble
from .quantities import read_quantity


# Before the ref of the line whose quantity it is.
QUANTITY = "quantity:"
TEXT = 500
REASONS: Mapping[str, str | Lazy] = {
    "mistake": gettext_lazy("Ordered by mistake"),
    "too_many": gettext_lazy("Ordered too many"),
    "not_needed": gettext_lazy("No longer needed"),
    "too_late": gettext_lazy("Comes too late"),
    "other": gettext_lazy("Another reason"),
}


@dataclass(frozen=True)
class Row:
    """An item with what was typed for it, and what is wrong with that."""

    item: Item
    name: str
    typed: str
    error: str


class CancelForm(ScopeForm):
    """``left`` is how much of each line can still be cancelled."""

    why = forms.ChoiceField(label=gettext_lazy("Why do you cancel?"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Anything we should know? (optional)"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(
        self,
        typed: QueryDict,
        *,
        judged: bool,
        standing: Standing,
        left: Mapping[str, Decimal],
        first: str = "",
    ) -> None:
        scopes = _scopes(standing)
        super().__init__(typed, judged=judged, standing=standing, scopes=scopes, first=first)
        self.left = left
        self.faults: dict[str, str] = {}
        reasons = [("", _("Please choose")), *REASONS.items()]
        self.fields["why"].choices = reasons  # type: ignore[attr-defined]  # stubs see a plain Field

    @property
    def picked(self) -> list[str]:
        """The refs of the lines that a quantity was typed for."""
        names = (name for name in self.typed if name.startswith(QUANTITY))
        return [name.removeprefix(QUANTITY) for name in names if self._text(name)]

    def _text(self, name: str) -> str:
        return self.typed.get(name, "").strip()

    def clean_words(self) -> str:
        try:
            return clean_text(self.cleaned_data["words"], TEXT)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == Scope.LINES:
            data["counts"] = dict(self._counts())
            if not data["counts"] and not self.faults:
                self.add_error("scope", _("Please say how much of which items."))
        if not data.get("why") and "why" not in self.errors:
            self.add_error("why", _("Please choose a reason."))
        return data

    def _counts(self) -> Iterator[tuple[str, Decimal]]:
        for ref in self.picked:
            try:
                count = read_quantity(self._text(QUANTITY + ref))
            except ValueError:
                self.faults[ref] = _("Please write a number that is greater than 0.")
                continue
            if ref not in self.left:
                self.add_error(None, _("One of the items can no longer be cancelled."))
            elif count > self.left[ref]:
                most = {"number": number(self.left[ref])}
                self.faults[ref] = _("You can cancel %(number)s at most.") % most
            else:
                yield ref, count

    def is_valid(self) -> bool:
        return super().is_valid() and not self.faults

    def refuse(self, refused: Refused) -> None:
        """As of every form; what is said of a line stands at the line."""
        of_lines = {
            member.removeprefix("cancel."): why
            for member, why in refused.fields.items()
            if member.removeprefix("cancel.") in self.left
        }
        for ref in of_lines:
            self.faults[ref] = _("So much of it can no longer be cancelled.")
        if not of_lines:
            super().refuse(refused)

    def wish(self) -> Wish:
        data = self.cleaned_data
        counts = data.get("counts", {})
        cancel = [{"line_ref": ref, "quantity": f"{count:f}"} for ref, count in counts.items()]
        reason = ". ".join(filter(None, (str(REASONS[data["why"]]), data["words"])))
        scope = self.scope_of(data)
        if counts:
            scope["lines"] = tuple({"ref": ref} for ref in counts)
        return Wish(requested={"cancel": cancel, "reason": reason}, **scope)

    def rows(self, items: tuple[Item, ...]) -> list[Row]:
        return [
            Row(
                item,
                QUANTITY + item.ref,
                self.typed.get(QUANTITY + item.ref, ""),
                self.faults.get(item.ref, ""),
            )
            for item in items
        ]

    def troubles_of(self, items: tuple[Item, ...]) -> list[Trouble]:
        wrong = [Trouble(i.id, i.title, self.faults[i.ref]) for i in items if i.ref in self.faults]
        return [*self.troubles(), *wrong]


def _scopes(standing: Standing) -> list[tuple[str, str]]:
    parts = [part for part in standing.changeable(Aspect.CANCEL) if part.thread]
    told = [(DELIVERY + part.thread, part_title(part)) for part in parts]
    whole = (Scope.ORDER.value, _("Everything that can still be cancelled"))
    return [whole, *told, (Scope.LINES.value, _("Some items, or a part of them"))]
