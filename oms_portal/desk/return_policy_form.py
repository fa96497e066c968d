"""The form for a return policy: conditions, the time, ways and money, what is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.returns.kinds import Kind, Method
from oms_portal.returns.policy import SUITED
from oms_portal.returns.rules import Article, ReturnPolicy

from .language_texts import keep
from .lists import check_countries, check_known
from .reordering import place_last
from .return_policy_fields import GROUPS, PolicyFields


_Approval = ReturnPolicy.Approval
_KNOWN = {
    "categories": gettext_lazy(
        "No article group has this category: %(names)s. Known: %(known)s. Give it to an article "
        "group first."
    ),
    "brands": gettext_lazy(
        "No article group has this brand: %(names)s. Known: %(known)s. Give it to an article group "
        "first."
    ),
    "tags": gettext_lazy(
        "No article group has this tag: %(names)s. Known: %(known)s. Give it to an article group "
        "first."
    ),
}

if TYPE_CHECKING:
    _PolicyForm = forms.ModelForm[ReturnPolicy]
else:
    # Django's own class takes no parameter.
    _PolicyForm = forms.ModelForm


class PolicyForm(PolicyFields, _PolicyForm):
    class Meta:
        model = ReturnPolicy
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {
            "name": gettext_lazy("Name"),
            "active": gettext_lazy("Active"),
            "allowed": gettext_lazy("Can be returned"),
            "window_from": gettext_lazy("Counted from"),
            "pays": gettext_lazy("Who pays the way back"),
            "asks_text": gettext_lazy("Asks for a description"),
            "asks_serial": gettext_lazy("Asks for the serial number"),
            "approval": gettext_lazy("Approved"),
        }
        help_texts = {
            "name": gettext_lazy("For you and your colleagues; customers never see it."),
            "active": gettext_lazy("A policy that is not active is passed over."),
        }
        widgets = {"pays": forms.RadioSelect, "approval": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.final_sale is not None:
            self.initial["final_sale"] = "yes" if self.instance.final_sale else "no"
        keep(self.fields["refusal"], self.instance.refusal)
        for name, known in known_names().items():
            self.fields[name].help_text = _(
                "Of article groups, with commas between them. Empty: all. Known: %(names)s"
            ) % {"names": ", ".join(sorted(known)) or "–"}

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings, those with an error first of all in sight."""
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean_countries(self) -> list[str]:
        told: list[str] = self.cleaned_data["countries"]
        check_countries(told)
        return told

    def clean_categories(self) -> list[str]:
        return self._known("categories")

    def clean_tags(self) -> list[str]:
        return self._known("tags")

    def clean_brands(self) -> list[str]:
        return self._known("brands")

    def clean_fee_percent(self) -> Decimal:
        return self.cleaned_data["fee_percent"] or Decimal(0)

    def clean_fee_fixed(self) -> Decimal:
        return self.cleaned_data["fee_fixed"] or Decimal(0)

    def clean_shipping_fee(self) -> Decimal:
        return self.cleaned_data["shipping_fee"] or Decimal(0)

    def clean_photos(self) -> int:
        return self.cleaned_data["photos"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("value_from"), cleaned.get("value_below")
        if low is not None and high is not None and high <= low:
            self.add_error("value_below", _("This must be more than the value it begins from."))
        if cleaned.get("hand_over_days") is None and "hand_over_days" not in self.errors:
            cleaned["hand_over_days"] = ReturnPolicy._meta.get_field("hand_over_days").default
        if cleaned.get("allowed"):
            self._clean_ways(cleaned)
            self._clean_outcomes(cleaned)
        self._clean_approval(cleaned)
        return cleaned

    def _known(self, name: str) -> list[str]:
        told: list[str] = self.cleaned_data[name]
        check_known(told, known_names()[name], _KNOWN[name])
        return told

    def _clean_ways(self, cleaned: dict[str, Any]) -> None:
        ways = cleaned.get("methods") or []
        if Method.NOTHING in ways and len(ways) > 1:
            self.add_error(
                "methods",
                _("“%(nothing)s” stands for itself: mark it alone, or the other ways.")
                % {"nothing": Method.NOTHING.label},
            )

    def _clean_outcomes(self, cleaned: dict[str, Any]) -> None:
        """Of each kind it is for there must be something to ask for."""
        told = cleaned.get("outcomes") or []
        for kind in cleaned.get("kinds") or []:
            if told and not set(told) & set(SUITED[kind]):
                self.add_error(
                    "outcomes",
                    _("None of these suits this kind: %(kind)s. Mark one of: %(outcomes)s.")
                    % {
                        "kind": Kind(kind).label,
                        "outcomes": ", ".join(str(one.label) for one in SUITED[kind]),
                    },
                )

    def _clean_approval(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("approval") != _Approval.BELOW:
            cleaned["approval_below"] = None
            self.errors.pop("approval_below", None)
        elif not cleaned.get("approval_below") and "approval_below" not in self.errors:
            self.add_error("approval_below", _("Say below which value it is approved at once."))

    def save(self, commit: bool = True) -> ReturnPolicy:
        place_last(self.instance)
        return super().save(commit)


def known_names() -> dict[str, set[str]]:
    """What article groups have of each."""
    rows = list(Article.objects.values_list("category", "brand", "tags"))
    return {
        "categories": {category for category, _brand, _tags in rows if category},
        "brands": {brand for _category, brand, _tags in rows if brand},
        "tags": {tag for _category, _brand, tags in rows for tag in tags},
    }
