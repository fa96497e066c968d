"""The form for a checklist: for which articles, what to look at, and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from oms_portal.desk.reordering import place_last
from oms_portal.returns.receipts.rules import Checklist

from .categories import Categories
from .codes import Entries


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Checklist"), ("name", "categories", "active")),
    (gettext_lazy("What is on it"), ("checks", "accessories")),
)

if TYPE_CHECKING:
    _ChecklistForm = forms.ModelForm[Checklist]
else:
    # Django's own class takes no parameter.
    _ChecklistForm = forms.ModelForm


class ChecklistForm(_ChecklistForm):
    categories = Categories()
    checks = Entries(
        label=gettext_lazy("What to look at"),
        help_text=gettext_lazy(
            "One a line, the same lines in each language; – where there are no words yet."
        ),
    )
    accessories = Entries(
        label=gettext_lazy("What belongs to it"),
        help_text=gettext_lazy("One a line. Whoever inspects marks what is missing."),
    )

    class Meta:
        model = Checklist
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {"name": gettext_lazy("Name"), "active": gettext_lazy("Active")}
        help_texts = {
            "name": gettext_lazy("For you and your colleagues."),
            "active": gettext_lazy("A checklist that is not active is passed over."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("checks", "accessories"):
            field: Any = self.fields[name]
            field.kept = getattr(self.instance, name)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def save(self, commit: bool = True) -> Checklist:
        place_last(self.instance)
        return super().save(commit)
