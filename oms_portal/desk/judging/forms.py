"""What is filled in to judge goods: a grade and what follows of it, or what becomes of strange ones."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from oms_portal.desk.deciding import LONGEST_REASON
from oms_portal.desk.lists import Ticks
from oms_portal.orders.snapshots import plain
from oms_portal.returns.receipts.judgement.verdicts import VerdictWish
from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.rules import Grade

from .goods import Goods


# What is done with goods that nobody announced: whether it is taken, and what becomes of it.
STRANGE: dict[str, tuple[Any, bool, str]] = {
    "quarantine": (gettext_lazy("Put it aside"), False, Disposition.QUARANTINE),
    "send_back": (gettext_lazy("Send it back"), False, Disposition.SEND_BACK),
    "take_in": (gettext_lazy("Take it in"), True, ""),
}
_AS_SUGGESTED = gettext_lazy("As suggested")
_ROWS = forms.Textarea(attrs={"rows": 2})


class VerdictForm(forms.Form):
    """Of one article. ``key`` is the form's own."""

    key = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)
    goods = forms.IntegerField(widget=forms.HiddenInput)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), widget=forms.RadioSelect, required=False)
    quantity = forms.CharField(
        label=gettext_lazy("How many"),
        max_length=26,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    serials = Ticks(label=gettext_lazy("Serial numbers of these"))
    checks = Ticks(label=gettext_lazy("Looked at, and in order"))
    missing = Ticks(label=gettext_lazy("Missing"))
    accepted = forms.ChoiceField(
        label=gettext_lazy("Accept it"),
        choices=[
            ("", _AS_SUGGESTED),
            ("yes", gettext_lazy("Accept")),
            ("no", gettext_lazy("Do not accept")),
        ],
        required=False,
    )
    disposition = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=[("", _AS_SUGGESTED), *Disposition.choices],
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("To the customer"),
        help_text=gettext_lazy("The customer reads this, word for word."),
        max_length=LONGEST_REASON,
        widget=_ROWS,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For your colleagues; the customer does not read it."),
        max_length=LONGEST_REASON,
        required=False,
    )
    waived = forms.BooleanField(label=gettext_lazy("Charge no fee"), required=False)
    waiver_reason = forms.CharField(
        label=gettext_lazy("Why no fee is charged"), max_length=250, required=False
    )

    def __init__(self, data: Any = None, *, goods: Goods, grades: list[Grade], lead: bool) -> None:
        super().__init__(data, auto_id="omsdesk-%s")
        choices = [(grade.code, grade.words) for grade in grades]
        if not goods.is_announced:
            choices = [(code, label) for code, (label, _yes, _what) in STRANGE.items()]
        offered: dict[str, Any] = {
            "grade": choices,
            "serials": [(one, one) for one in goods.free],
            "checks": goods.checks,
            "missing": goods.accessories,
        }
        for name, known in offered.items():
            field: Any = self.fields[name]
            field.choices = known
            if not known and name != "grade":
                del self.fields[name]
        self.own = goods
        self.initial = {
            "key": uuid4().hex,
            "goods": goods.finding.pk,
            "quantity": plain(goods.next),
            "grade": "" if goods.is_damaged or not choices else choices[0][0],
            "serials": goods.free if len(goods.free) <= goods.next else (),
        }
        if not lead or not goods.is_announced:
            del self.fields["waived"], self.fields["waiver_reason"]
        if not goods.is_announced:
            del self.fields["accepted"]

    def wish(self) -> VerdictWish:
        told = self.cleaned_data
        chosen = told.get("grade", "")
        wish: dict[str, Any] = {
            "quantity": told["quantity"].replace(",", "."),
            "disposition": told["disposition"],
            "serials": tuple(told.get("serials", ())),
            "checks": {code: code in told.get("checks", ()) for code, _words in self.own.checks},
            "missing": tuple(told.get("missing", ())),
            "waived": told.get("waived", False),
            "waiver_reason": told.get("waiver_reason", ""),
            "reason": told["reason"],
            "note": told["note"],
        }
        if self.own.is_announced:
            return VerdictWish(grade=chosen, accepted=_yes(told.get("accepted", "")), **wish)
        _label, accepted, what = STRANGE.get(chosen, STRANGE["quarantine"])
        usual = what or Disposition.RESTOCK
        return VerdictWish(
            **{**wish, "accepted": accepted, "disposition": wish["disposition"] or usual}
        )


def _yes(told: str) -> bool | None:
    return {"yes": True, "no": False}.get(told)
