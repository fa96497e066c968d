"""The form for a return reason: its words in each language, and what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.returns.kinds import Claim, Kind, Outcome
from oms_portal.returns.policy import MOST_PHOTOS
from oms_portal.returns.rules import ReturnReason

from .language_texts import Texts, keep
from .lists import Ticks
from .reordering import place_last


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Reason"), ("texts", "parent", "code", "active")),
    (gettext_lazy("When it is offered"), ("kinds", "claim")),
    (gettext_lazy("What it asks for"), ("photos", "asks_text", "asks_serial", "asks_lot")),
    (gettext_lazy("What follows from it"), ("liability", "waives_fee", "outcome")),
)

if TYPE_CHECKING:
    _ReasonForm = forms.ModelForm[ReturnReason]
else:
    # Django's own class takes no parameter.
    _ReasonForm = forms.ModelForm


class ReasonForm(_ReasonForm):
    texts = Texts(
        label=gettext_lazy("Words for customers"),
        help_text=gettext_lazy("Short and plain. A language without words shows the first ones."),
        longest=100,
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Under the heading"),
        help_text=gettext_lazy(
            "Empty: it is a heading itself, or a reason of its own where nothing is below it."
        ),
        queryset=ReturnReason.objects.filter(parent=None),
        required=False,
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Your ERP is told this code. Letters, digits, - and _; empty: it is made from the words. "
            "It stays once it is saved."
        ),
        max_length=50,
        required=False,
    )
    kinds = Ticks(
        label=gettext_lazy("Offered for"),
        help_text=gettext_lazy("With none marked, for all of them."),
        choices=Kind.choices,
    )
    photos = forms.IntegerField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy("How many of each item at least."),
        min_value=0,
        max_value=MOST_PHOTOS,
        required=False,
    )

    class Meta:
        model = ReturnReason
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {
            "claim": gettext_lazy("Claims that"),
            "liability": gettext_lazy("Who is liable"),
            "asks_text": gettext_lazy("Asks for a description"),
            "asks_serial": gettext_lazy("Asks for the serial number"),
            "asks_lot": gettext_lazy("Asks for the lot"),
            "outcome": gettext_lazy("Usual outcome"),
            "waives_fee": gettext_lazy("No restocking fee"),
            "active": gettext_lazy("Active"),
        }
        help_texts = {
            "claim": gettext_lazy(
                "For claims. What never came or came short need not be sent back."
            ),
            "liability": gettext_lazy("Decides who pays the way back, where the policy says so."),
            "outcome": gettext_lazy("It is offered first, where the policy knows it."),
            "active": gettext_lazy("Customers can’t choose what is not active."),
        }
        widgets = {"liability": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep(self.fields["texts"], self.instance.texts)
        self.fields["code"].disabled = not self.instance._state.adding
        self.fields["claim"].choices = [("", _("Nothing")), *Claim.choices]  # type: ignore[attr-defined]  # a choice field
        self.fields["outcome"].choices = [("", _("None")), *Outcome.choices]  # type: ignore[attr-defined]  # a choice field

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean_photos(self) -> int:
        return self.cleaned_data["photos"] or 0

    def clean_parent(self) -> ReturnReason | None:
        """Two levels and no more."""
        parent: ReturnReason | None = self.cleaned_data["parent"]
        if parent is None:
            return None
        if parent.pk == self.instance.pk:
            raise forms.ValidationError(_("It can’t stand under itself."))
        if self.instance.pk and self.instance.children.exists():
            raise forms.ValidationError(
                _("It is a heading with reasons below it: move or delete those first.")
            )
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kinds = cleaned.get("kinds") or []
        if cleaned.get("claim") and kinds and Kind.CLAIM not in kinds:
            self.add_error("claim", _("Only claims can claim something: mark them above."))
        if not cleaned.get("code") and "code" not in self.errors and cleaned.get("texts"):
            cleaned["code"] = code_for(cleaned["texts"]["en"])
        return cleaned

    def save(self, commit: bool = True) -> ReturnReason:
        place_last(self.instance)
        return super().save(commit)


def code_for(words: str) -> str:
    """A code that nothing has yet."""
    begin = slugify(words).replace("-", "_")[:40].strip("_") or "reason"
    taken = set(ReturnReason.objects.filter(code__startswith=begin).values_list("code", flat=True))
    number = 2
    code = begin
    while code in taken:
        code, number = f"{begin}_{number}", number + 1
    return code
