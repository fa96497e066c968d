"""The form for a cut-off rule: boxes to tick, lists with commas, and what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.numbers import list_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.models import Aspect, CutoffRule
from oms_portal.changes.wording import METHODS
from oms_portal.conf import settings

from .cutoff_words import STATES
from .lists import Commas, Ticks, check_countries
from .reordering import place_last


_Closes = CutoffRule.Closes
# What each kind of limit needs, and what is said where it lacks.
_NEEDED = {
    _Closes.HOURS: {"hours": gettext_lazy("Say how many hours before dispatch; 0 is dispatch.")},
    _Closes.DAYS: {
        "days": gettext_lazy("Say how many working days before; 0 is the day of dispatch."),
        "at": gettext_lazy("Say until what time of that day."),
    },
}


if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[CutoffRule]
else:
    # Django's own class takes no parameter.
    _RuleForm = forms.ModelForm


class RuleForm(_RuleForm):
    aspects = Ticks(
        label=gettext_lazy("What may be changed"),
        help_text=gettext_lazy("With none marked, everything."),
        choices=Aspect.choices,
    )
    states = Ticks(
        label=gettext_lazy("States of the delivery"),
        help_text=gettext_lazy("With none marked, in any state."),
        choices=STATES,
    )
    methods = Ticks(
        label=gettext_lazy("Ways of delivery"),
        help_text=gettext_lazy("With none marked, all of them."),
        choices=list(METHODS.items()),
    )
    carriers = Commas(
        label=gettext_lazy("Carriers"),
        required=False,
        fold=str.lower,
    )
    countries = Commas(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy(
            "Where the goods go, as codes of two letters with commas between them: DE, AT. "
            "Empty: everywhere."
        ),
        required=False,
        fold=str.upper,
    )

    closes = forms.ChoiceField(
        label=gettext_lazy("Limit"),
        help_text=gettext_lazy(
            "Days are Monday to Friday and hours by the clock where the goods go. "
            "A delivery without a planned dispatch stays open until its state closes it."
        ),
        choices=_Closes.choices,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = CutoffRule
        fields = [
            "name",
            "active",
            "aspects",
            "states",
            "methods",
            "carriers",
            "countries",
            "value_from",
            "value_to",
            "closes",
            "hours",
            "days",
            "at",
            "fee",
            "fee_currency",
            "later",
            "reason",
        ]
        labels = {
            "name": gettext_lazy("Name"),
            "active": gettext_lazy("Active"),
            "value_from": gettext_lazy("Net value of the order from"),
            "value_to": gettext_lazy("Net value of the order below"),
            "hours": gettext_lazy("Hours before dispatch"),
            "days": gettext_lazy("Working days before dispatch"),
            "at": gettext_lazy("Until (time of that day)"),
            "fee": gettext_lazy("Fee"),
            "fee_currency": gettext_lazy("Currency of the fee"),
            "later": gettext_lazy("Working days later"),
            "reason": gettext_lazy("Reason, for customers"),
        }
        help_texts = {
            "name": gettext_lazy("For you and your colleagues; customers never see it."),
            "active": gettext_lazy("A rule that is not active is passed over."),
            "at": gettext_lazy("For example 14:00."),
            "fee": gettext_lazy("What a change of one delivery costs. Empty: nothing."),
            "fee_currency": gettext_lazy("For example EUR."),
            "later": gettext_lazy("How much later the goods come. Empty: not later."),
            "reason": gettext_lazy(
                "What customers read where it is too late. Empty: the portal’s own words."
            ),
        }
        widgets = {
            "at": forms.TimeInput(format="%H:%M", attrs={"placeholder": "14:00"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carriers"].help_text = _(
            "Codes as your ERP sends them, with commas between them. Empty: all carriers. "
            "Known: %(codes)s"
        ) % {"codes": ", ".join(sorted(settings().CARRIERS))}
        for name, most in (("hours", 2_000), ("days", 250), ("later", 250)):
            self.fields[name].widget.attrs.update(min=0, max=most)

    def clean_countries(self) -> list[str]:
        told: list[str] = self.cleaned_data["countries"]
        check_countries(told)
        return told

    def clean_fee_currency(self) -> str:
        code: str = self.cleaned_data["fee_currency"].strip().upper()
        if code and code not in list_currencies():
            raise ValidationError(_("There is no such currency. Write its code, such as EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._clean_limit(cleaned)
        self._clean_fee(cleaned)
        self._clean_values(cleaned)
        return cleaned

    def _clean_limit(self, cleaned: dict[str, Any]) -> None:
        """What another kind of limit would need is dropped; nobody would see it."""
        needed = _NEEDED.get(cleaned.get("closes", ""), {})
        for name in ("hours", "days", "at"):
            if name not in needed:
                cleaned[name] = None
                self.errors.pop(name, None)
            elif cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, str(needed[name]))
        if (cleaned.get("hours") or 0) > 2_000:
            self.add_error("hours", _("That is too many."))
        for name in ("days", "later"):
            if (cleaned.get(name) or 0) > 250:
                self.add_error(name, _("That is too many."))

    def _clean_fee(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("closes") == _Closes.ALREADY:
            cleaned.update(fee=None, later=None)
        fee = cleaned.get("fee")
        if fee is not None and fee <= 0:
            self.add_error(
                "fee", _("A fee is more than nothing. Leave it empty where there is none.")
            )
        elif fee and not cleaned.get("fee_currency") and "fee_currency" not in self.errors:
            self.add_error("fee_currency", _("Say in which currency the fee is."))
        elif not fee:
            cleaned["fee_currency"] = ""

    def _clean_values(self, cleaned: dict[str, Any]) -> None:
        low, high = cleaned.get("value_from"), cleaned.get("value_to")
        if low is not None and high is not None and high <= low:
            self.add_error("value_to", _("This must be more than the value it begins from."))

    def save(self, commit: bool = True) -> CutoffRule:
        place_last(self.instance)
        return super().save(commit)
