"""The form for a grade: its name and what is meant by it, and what usually follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.desk.language_texts import Texts, keep
from oms_portal.desk.reordering import place_last
from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.rules import Grade


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Grade"), ("code", "texts", "examples", "active")),
    (gettext_lazy("What usually follows"), ("accepted", "disposition")),
)

if TYPE_CHECKING:
    _GradeForm = forms.ModelForm[Grade]
else:
    # Django's own class takes no parameter.
    _GradeForm = forms.ModelForm


class GradeForm(_GradeForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Your ERP is told this code. One letter can be typed into the scan box. It stays once "
            "it is saved."
        ),
        max_length=20,
    )
    texts = Texts(label=gettext_lazy("Name"), longest=60)
    examples = Texts(
        label=gettext_lazy("Examples"),
        help_text=gettext_lazy("By what people tell it from the others."),
        longest=300,
        rows=2,
        required=False,
    )

    class Meta:
        model = Grade
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {
            "accepted": gettext_lazy("Accepted"),
            "disposition": gettext_lazy("What becomes of it"),
            "active": gettext_lazy("Active"),
        }
        help_texts = {
            "active": gettext_lazy("Nobody can choose a grade that is not active."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep(self.fields["texts"], self.instance.texts)
        keep(self.fields["examples"], self.instance.examples)
        self.fields["code"].disabled = not self.instance._state.adding

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        super().clean()
        return check_kept(self)

    def save(self, commit: bool = True) -> Grade:
        place_last(self.instance)
        return super().save(commit)


def check_kept(form: forms.BaseForm) -> dict[str, Any]:
    """What was told, with a fault where it says to keep what goes back."""
    told: dict[str, Any] = form.cleaned_data
    if told.get("accepted") and told.get("disposition") == Disposition.SEND_BACK:
        form.add_error("disposition", _("What goes back to the customer is not accepted."))
    return told
