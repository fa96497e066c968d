"""The form for a word: codes are offered, ours and those that were seen, and any may be typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.orders.codes import REASONS
from oms_portal.orders.messages import reason
from oms_portal.orders.models import OrderStatus, ShipmentStatus, TrackingStatus
from oms_portal.words.models import Audience, Kind, StatusWord, UnknownCode


_OURS = (
    (Kind.ORDER, OrderStatus),
    (Kind.SHIPMENT, ShipmentStatus),
    (Kind.TRACKING, TrackingStatus),
)


def languages() -> list[tuple[str, Any]]:
    return [(code, name) for code, name in settings.LANGUAGES]


def offered() -> Iterator[tuple[str, str]]:
    """Codes with what they are: first those that nobody gave a word to yet, then ours."""
    for row in UnknownCode.objects.order_by("-last_seen_at"):
        yield (
            row.code,
            _("%(kind)s, seen on %(example)s")
            % {
                "kind": row.get_kind_display(),
                "example": row.example,
            },
        )
    for kind, statuses in _OURS:
        for code, label in statuses.choices:
            yield code, _("%(kind)s: %(word)s") % {"kind": kind.label, "word": label}
    for code in REASONS:
        yield code, _("%(kind)s: %(word)s") % {"kind": Kind.REASON.label, "word": reason(code)}


class CodeInput(forms.TextInput):
    """A field for any text, with a list of codes to choose from."""

    template_name = "oms_portal/desk/code_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_codes"
        return {**context, "offered": offered()}


if TYPE_CHECKING:
    _WordForm = forms.ModelForm[StatusWord]
else:
    # Django's own class takes no parameter.
    _WordForm = forms.ModelForm


class WordForm(_WordForm):
    audience = forms.ChoiceField(
        label=gettext_lazy("Shown to"),
        choices=[("", gettext_lazy("Everybody")), *Audience.choices],
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=lambda: [("", _("All languages")), *languages()],
        required=False,
    )

    class Meta:
        model = StatusWord
        fields = ["kind", "code", "word", "text", "audience", "language", "site"]
        labels = {
            "kind": gettext_lazy("Kind"),
            "code": gettext_lazy("Code"),
            "word": gettext_lazy("Word"),
            "text": gettext_lazy("Explanation"),
            "site": gettext_lazy("Site"),
        }
        help_texts = {
            "code": gettext_lazy(
                "As your ERP or the carrier sends it, or one of the portal’s own."
            ),
            "word": gettext_lazy("What people read instead of the code: short and plain."),
            "text": gettext_lazy("A sentence beneath it, where one helps. It may stay empty."),
            "site": gettext_lazy("Empty: on all sites."),
        }
        widgets = {"code": CodeInput()}

    def clean(self) -> dict[str, Any]:
        """One word for a code, audience, language and site; codes are compared without case."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        same = StatusWord.objects.exclude(pk=self.instance.pk).filter(
            kind=cleaned.get("kind"),
            code__iexact=cleaned.get("code") or "",
            audience=cleaned.get("audience") or "",
            language=cleaned.get("language") or "",
            site=cleaned.get("site"),
        )
        if same.exists():
            self.add_error("code", _("This code has a word for these people already."))
        return cleaned
