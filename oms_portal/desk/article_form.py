"""The form for an article group: the SKUs it stands for, and what is known of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.addresses.rules import countries
from oms_portal.returns.rules import Article

from .language_texts import Texts, keep
from .lists import Commas, PerLine
from .reordering import place_last


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Which articles"), ("name", "skus")),
    (gettext_lazy("What policies ask"), ("category", "brand", "tags", "final_sale")),
    (gettext_lazy("How it travels"), ("hazardous", "cold_chain", "notes")),
    (gettext_lazy("For customs papers"), ("hs_code", "origin", "weight")),
)

if TYPE_CHECKING:
    _ArticleForm = forms.ModelForm[Article]
else:
    # Django's own class takes no parameter.
    _ArticleForm = forms.ModelForm


class ArticleForm(_ArticleForm):
    skus = PerLine(
        label=gettext_lazy("SKUs"),
        help_text=gettext_lazy(
            "One a line, written in capitals or not. * stands for any characters, ? for one: "
            "AX-* is every SKU that begins with AX-."
        ),
        error_messages={"required": gettext_lazy("Write at least one SKU.")},
    )
    tags = Commas(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("With commas between them; policies can ask for them."),
        required=False,
    )
    notes = Texts(
        label=gettext_lazy("How to pack it, for customers"),
        help_text=gettext_lazy("It stands on the page of the return and on the packing slip."),
        longest=300,
        rows=2,
        required=False,
    )
    hs_code = forms.CharField(
        label=gettext_lazy("HS code"),
        help_text=gettext_lazy("6 to 10 digits. Without it no customs papers can be printed."),
        max_length=20,
        required=False,
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Country of origin"),
        choices=lambda: [("", "–"), *countries()],
        required=False,
    )
    weight = forms.DecimalField(
        label=gettext_lazy("Net weight of a unit (kg)"),
        min_value=Decimal("0.0001"),
        max_digits=12,
        decimal_places=4,
        required=False,
    )

    class Meta:
        model = Article
        fields = [name for _heading, names in GROUPS for name in names]
        labels = {
            "name": gettext_lazy("Name"),
            "category": gettext_lazy("Category"),
            "brand": gettext_lazy("Brand"),
            "final_sale": gettext_lazy("Final sale"),
            "hazardous": gettext_lazy("Dangerous goods"),
            "cold_chain": gettext_lazy("Needs cooling"),
        }
        help_texts = {
            "name": gettext_lazy("For you and your colleagues; customers never see it."),
            "category": gettext_lazy("One word that policies can ask for."),
            "final_sale": gettext_lazy(
                "This alone refuses nothing: make a policy for final sale that does."
            ),
            "hazardous": gettext_lazy("It is never dropped off at a parcel shop."),
            "cold_chain": gettext_lazy("It is never dropped off at a parcel shop."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep(self.fields["notes"], self.instance.notes)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    def clean_category(self) -> str:
        return self.cleaned_data["category"].strip()

    def clean_brand(self) -> str:
        return self.cleaned_data["brand"].strip()

    def clean_hs_code(self) -> str:
        """Dots and spaces, as customs write them, are left out (WCO Harmonized System)."""
        code = self.cleaned_data["hs_code"].replace(".", "").replace(" ", "")
        if code and not (code.isascii() and code.isdigit() and 6 <= len(code) <= 10):
            raise ValidationError(_("An HS code has 6 to 10 digits, such as 8482.10."))
        return str(code)

    def save(self, commit: bool = True) -> Article:
        place_last(self.instance)
        return super().save(commit)
