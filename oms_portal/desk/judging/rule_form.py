"""The form for an inspection rule: for which goods it is, and what it suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from oms_portal.desk.lists import Ticks
from oms_portal.desk.reordering import place_last
from oms_portal.desk.return_policy_fields import amount, reason_choices
from oms_portal.returns.receipts.rules import DispositionRule, Grade
from oms_portal.returns.rules import ReturnPolicy

from .categories import Categories
from .grade_form import check_kept


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Rule"), ("name", "active")),
    (gettext_lazy("For which goods"), ("policy", "grades", "reasons", "categories")),
    (gettext_lazy("What is suggested"), ("accepted", "disposition", "fee_percent")),
)
_ALL = gettext_lazy("With none marked, all of them.")

if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[DispositionRule]
else:
    # Django's own class takes no parameter.
    _RuleForm = forms.ModelForm


class RuleForm(_RuleForm):
    policy = forms.ModelChoiceField(
        label=gettext_lazy("Return policy"),
        help_text=gettext_lazy("By which the goods were sent back. Empty: whichever it was."),
        queryset=ReturnPolicy.objects.all(),
        required=False,
    )
    grades = Ticks(
        label=gettext_lazy("Grades"),
        help_text=_ALL,
        choices=lambda: [(grade.code, grade.words) for grade in Grade.objects.all()],
    )
    reasons = Ticks(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("With none marked, all of them. A heading means all below it."),
        choices=lambda: reason_choices(),
    )
    categories = Categories()
    fee_percent = amount(
        gettext_lazy("Fee (%)"),
        gettext_lazy("Of the net value. 0: no fee; empty: as the policy has it."),
        most=100,
    )

    class Meta:
        model = DispositionRule
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {
            "name": gettext_lazy("Name"),
            "active": gettext_lazy("Active"),
            "accepted": gettext_lazy("Accept"),
            "disposition": gettext_lazy("What becomes of it"),
        }
        help_texts = {
            "name": gettext_lazy("For you and your colleagues; customers never see it."),
            "active": gettext_lazy("A rule that is not active is passed over."),
        }

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        super().clean()
        return check_kept(self)

    def save(self, commit: bool = True) -> DispositionRule:
        place_last(self.instance)
        return super().save(commit)
