"""What a wish is for: the whole order, one delivery, or some items; and what is wrong with it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes import reasons
from oms_portal.changes.refusals import Refused
from oms_portal.changes.standing import Standing
from oms_portal.changes.wishes import Scope, Wish
from oms_portal.customers.models import Address


# Prefix of the choice of one delivery; its thread follows.
DELIVERY = "delivery:"
# More choices than these stand in a list that opens.
RADIOS = 8
# Where a member of the wish is typed, where its name is another.
_TYPED_AT = {
    "ship_to_ref": "place",
    "address": "place",
    "requested": "day",
    "requested.to": "day_to",
    "thread": "scope",
    "lines": "scope",
    "cancel": "scope",
}


@dataclass(frozen=True)
class Trouble:
    """An error as the summary names it; ``id`` is the field's, "" for the whole form."""

    id: str
    label: str
    text: str


class ScopeForm(forms.Form):
    """With ``judged`` what was ``typed`` is checked; without, it is only shown again. ``first`` is
    the scope that is chosen where nothing was typed."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What is it for?"),
        error_messages={
            "required": gettext_lazy("Please choose what it is for."),
            "invalid_choice": gettext_lazy("This can no longer be changed. Please choose again."),
        },
    )
    # The places that can be chosen, if any.
    book: Sequence[Address] = ()

    def __init__(
        self,
        typed: QueryDict,
        *,
        judged: bool,
        standing: Standing,
        scopes: Iterable[tuple[str, str]],
        first: str = "",
    ) -> None:
        super().__init__(
            typed if judged else None,
            initial=typed.dict(),
            auto_id="oms-%s",
            use_required_attribute=False,
        )
        self.typed = typed
        self.standing = standing
        choices = list(scopes)
        field = self.fields["scope"]
        field.widget = forms.RadioSelect() if len(choices) <= RADIOS else forms.Select()
        field.choices = choices  # type: ignore[attr-defined]  # stubs see a plain Field
        # What can't be chosen any more leaves the choice open: it is never the whole instead.
        chosen = typed.get("scope", "" if first == DELIVERY else first) or choices[0][0]
        self.initial["scope"] = chosen if chosen in dict(choices) else ""

    @abstractmethod
    def wish(self) -> Wish:
        """What was typed, as ``actions.begin`` takes it; of a valid form."""

    @property
    def picked(self) -> list[str]:
        """The refs of the items that were marked."""
        return list(dict.fromkeys(self.typed.getlist("lines")))

    def clean_scope(self) -> str:
        """Items that were chosen are never sent as a wish for more than them."""
        chosen: str = self.cleaned_data["scope"]
        if self.picked and chosen != Scope.LINES:
            raise forms.ValidationError(
                _("You chose some items below. Please choose items here, too, or clear them there.")
            )
        return chosen

    def scope_of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The scope as a ``Wish`` takes it."""
        chosen = data["scope"]
        if chosen.startswith(DELIVERY):
            return {"scope": Scope.SHIPMENT.value, "thread": chosen.removeprefix(DELIVERY)}
        if chosen == Scope.LINES:
            lines = tuple({"ref": ref} for ref in self.picked)
            return {"scope": Scope.LINES.value, "lines": lines}
        return {"scope": Scope.ORDER.value}

    def troubles(self) -> list[Trouble]:
        """All errors, in the order of the fields."""
        whole = [Trouble("", "", str(error)) for error in self.non_field_errors()]
        return whole + [
            Trouble(_place_of(self[name]), str(self[name].label), str(error))
            for name in self.fields
            for error in self[name].errors
        ]

    def refuse(self, refused: Refused) -> None:
        """Say at each field why the wish was not carried out, and above them all where none is."""
        for member, why in refused.fields.items():
            self.add_error(self._typed_at(member), _said(why))
        if not refused.fields:
            self.add_error(None, refused.words or _said(refused.code))

    def _typed_at(self, member: str) -> str | None:
        whole = member.split(".")[0]
        names = (member.replace(".", "_"), _TYPED_AT.get(member), _TYPED_AT.get(whole, whole))
        return next((name for name in names if name and name in self.fields), None)


def _said(why: str) -> str:
    """The words for a code; what is no code is words already."""
    known = why in reasons.REFUSED or why in reasons.CLOSED
    return str(reasons.words(why)) if known else why or _("Please check this.")


def _place_of(bound: forms.BoundField) -> str:
    """Where a link to the field leads: of several choices to the first."""
    several = isinstance(bound.field.widget, forms.RadioSelect)
    return f"{bound.auto_id}_0" if several else str(bound.auto_id)
