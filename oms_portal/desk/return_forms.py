"""What staff fill in to decide about a return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.locales import number
from oms_portal.returns import actions, vouching
from oms_portal.returns.models import Return, ReturnLine

from .deciding import LONGEST_TEXT, Decision, box, note_box, refusal_box
from .texts import plain


_QUANTITY = "quantity_"


class ReturnDecision(Decision):
    def __init__(
        self, data: Any = None, *, rma: Return, lines: Sequence[ReturnLine], verb: str
    ) -> None:
        super().__init__(data, row=rma, verb=verb)
        self.rma, self.lines = rma, lines


class ApproveForm(ReturnDecision):
    """How many of each line; what is left out goes back to the customer's other returns."""

    reason = note_box()
    act: Callable[..., Return] = staticmethod(actions.approve)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in self.lines:
            name = f"{_QUANTITY}{line.ref}"
            self.fields[name] = forms.DecimalField(
                label=_label(line),
                help_text=_("%(count)s asked for") % {"count": number(line.requested)},
                min_value=0,
                max_value=line.requested,
                max_digits=19,
                decimal_places=6,
            )
            self.initial[name] = line.requested.normalize()
        self.order_fields(["version", "key", *self._names(), "reason"])

    @property
    def quantities(self) -> dict[str, str] | None:
        """By the line's ref; None where all is approved as it was asked for."""
        found: dict[str, Decimal] = {
            line.ref: self.cleaned_data[f"{_QUANTITY}{line.ref}"] for line in self.lines
        }
        if all(found[line.ref] == line.requested for line in self.lines):
            return None
        return {ref: f"{count.normalize():f}" for ref, count in found.items()}

    def carry_out(self, user: Any, now: datetime) -> str | None:
        self.act(
            self.rma,
            user,
            now=now,
            quantities=self.quantities,
            reason=self.cleaned_data["reason"],
            key=self.cleaned_data["key"],
        )
        return None

    def _names(self) -> list[str]:
        return [f"{_QUANTITY}{line.ref}" for line in self.lines]


class OverrideForm(ApproveForm):
    reason = box(
        gettext_lazy("Why do you allow it?"),
        gettext_lazy("It stays in the history of the return."),
    )
    act = staticmethod(actions.override)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first := vouching.waiting(self.rma):
            for ref, count in vouching.counts_of(first).items():
                self.initial[f"{_QUANTITY}{ref}"] = Decimal(count)

    def carry_out(self, user: Any, now: datetime) -> str | None:
        super().carry_out(user, now)
        return vouching.VERB if vouching.waiting(self.rma) else None


class DeclineForm(ReturnDecision):
    reason = refusal_box()

    def carry_out(self, user: Any, now: datetime) -> None:
        data = self.cleaned_data
        actions.decline(self.rma, user, data["reason"], now=now, key=data["key"])


class AskForm(ReturnDecision):
    text = box(
        gettext_lazy("What do you want to know?"),
        gettext_lazy("The customer reads this and answers; then you decide."),
        longest=LONGEST_TEXT,
        rows=3,
    )

    def clean_text(self) -> str:
        return self.cleaned("text", LONGEST_TEXT)

    def carry_out(self, user: Any, now: datetime) -> None:
        data = self.cleaned_data
        actions.ask(self.rma, user, data["text"], now=now, key=data["key"])


class CloseForm(ReturnDecision):
    reason = box(
        gettext_lazy("Why is it closed?"),
        gettext_lazy("For your colleagues; the customer does not read it."),
    )

    def carry_out(self, user: Any, now: datetime) -> None:
        data = self.cleaned_data
        actions.close(self.rma, user, now=now, reason=data["reason"], key=data["key"])


FORMS: Mapping[str, type[ReturnDecision]] = {
    "approve": ApproveForm,
    "override": OverrideForm,
    "decline": DeclineForm,
    "ask": AskForm,
    "close": CloseForm,
}


def _label(line: ReturnLine) -> str:
    return f"{line.sku} · {plain(line.description, 60)}".strip(" ·")
