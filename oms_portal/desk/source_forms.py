"""What is asked of a source, of a new key and of a rotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oms_portal.erp import keys, secrets
from oms_portal.erp.models import Source
from oms_portal.erp.schemas import TYPES


if TYPE_CHECKING:
    _SourceForm = forms.ModelForm[Source]
else:
    # Django's own class takes no parameter.
    _SourceForm = forms.ModelForm


class Lines(forms.CharField):
    """A list of texts, one in each line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else "\n".join(map(str, value or ()))
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class SourceForm(_SourceForm):
    customers = Lines(
        label=_("Customers"),
        help_text=_("The refs of the customers it may speak for, one in each line."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    types = forms.MultipleChoiceField(
        label=_("Types"),
        help_text=_("What it may tell of. With none marked, everything."),
        choices=[(name, name) for name in TYPES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Source
        fields = [
            "name",
            "slug",
            "uri",
            "active",
            "all_customers",
            "customers",
            "types",
            "watched",
            "stale_after",
        ]
        labels = {
            "name": _("Name"),
            "slug": _("Short name"),
            "uri": _("Source as it stands in its events"),
            "active": _("Active"),
            "all_customers": _("May speak for all customers"),
            "watched": _("Watched"),
            "stale_after": _("Stale after (seconds)"),
        }
        help_texts = {
            "slug": _("As it stands in addresses, for example: main"),
            "uri": _("For example: /erp/main"),
            "active": _("Nothing is taken from a source that is not active."),
            "watched": _("Customers are told when it was last heard, and when it is too long ago."),
            "stale_after": _("So long may it be silent. Empty: as the site’s settings say."),
        }


class SourceChangeForm(SourceForm):
    """Its names are how it is known to itself: they stay."""

    class Meta(SourceForm.Meta):
        fields = [name for name in SourceForm.Meta.fields if name not in ("slug", "uri")]


class KeyForm(forms.Form):
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[
            ("events:write", _("send events")),
            ("events:read", _("read what became of its events")),
            ("events:replay", _("have its events replayed")),
        ],
        initial=list(keys.SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Ends after (days)"),
        help_text=_("Empty: never."),
        min_value=1,
        max_value=3650,
        required=False,
    )


class OverlapForm(forms.Form):
    hours = forms.IntegerField(
        label=_("The old one stays valid for (hours)"),
        min_value=0,
        max_value=secrets.MAX_OVERLAP_HOURS,
        initial=secrets.OVERLAP_HOURS,
    )
