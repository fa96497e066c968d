"""What a return policy is made of, as fields for staff."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from oms_portal.returns.kinds import Condition, Kind, Method, Outcome, PlaceKind
from oms_portal.returns.policy import MOST_PHOTOS
from oms_portal.returns.rules import ReturnPlace, ReturnReason

from .language_texts import Texts
from .lists import Commas, PerLine, Ticks


LONGEST_WINDOW, LONGEST_HAND_OVER = 3_650, 365
# The form's fields under their headings.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Name"), ("name", "active")),
    (
        gettext_lazy("What it is for"),
        ("kinds", "reasons", "conditions", "categories", "tags", "brands", "final_sale",
         "companies", "countries", "value_from", "value_below"),
    ),
    (
        gettext_lazy("May it come back, and until when"),
        ("allowed", "refusal", "window_days", "window_from"),
    ),
    (
        gettext_lazy("How it comes back, and what for"),
        ("methods", "outcomes", "destination", "hand_over_days", "keep_below"),
    ),
    (gettext_lazy("What it costs"), ("fee_percent", "fee_fixed", "shipping_fee", "pays")),
    (
        gettext_lazy("What we ask for, and who decides"),
        ("photos", "photos_from", "asks_text", "asks_serial", "approval", "approval_below"),
    ),
)  # fmt: skip
_ALL = gettext_lazy("With none marked, all of them.")


def amount(label: Any, help_text: Any = "", *, most: int = 10**7) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=Decimal(0),
        max_value=Decimal(most),
        decimal_places=2,
        required=False,
    )


def count(label: Any, help_text: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most, required=False
    )


class PolicyFields(forms.Form):
    kinds = Ticks(label=gettext_lazy("Kinds"), help_text=_ALL, choices=Kind.choices)
    reasons = Ticks(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("With none marked, all of them. A heading means all below it."),
        choices=lambda: reason_choices(),
    )
    conditions = Ticks(
        label=gettext_lazy("Condition of the goods"), help_text=_ALL, choices=Condition.choices
    )
    categories = Commas(label=gettext_lazy("Categories"), required=False)
    tags = Commas(label=gettext_lazy("Tags"), required=False)
    brands = Commas(label=gettext_lazy("Brands"), required=False)
    final_sale = forms.TypedChoiceField(
        label=gettext_lazy("Final sale"),
        choices=[
            ("", gettext_lazy("Does not matter")),
            ("yes", gettext_lazy("Only articles of final sale")),
            ("no", gettext_lazy("Only other articles")),
        ],
        coerce=lambda told: told == "yes",
        empty_value=None,
        required=False,
    )
    companies = PerLine(
        label=gettext_lazy("Customers"),
        help_text=gettext_lazy(
            "Customer numbers, one a line. * stands for any characters: 20* is every number that "
            "begins with 20. Empty: all customers."
        ),
        required=False,
    )
    countries = Commas(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy(
            "Where the goods went, as codes of two letters with commas between them: DE, AT. "
            "Empty: everywhere."
        ),
        required=False,
        fold=str.upper,
    )
    refusal = Texts(
        label=gettext_lazy("Why not, for customers"),
        help_text=gettext_lazy("Where it can’t be returned. Empty: the portal’s own words."),
        longest=300,
        required=False,
    )
    window_days = count(
        gettext_lazy("Days"),
        gettext_lazy(
            "The last day ends at midnight where the customer is. 0 is the same day; empty: "
            "without end."
        ),
        0,
        LONGEST_WINDOW,
    )
    methods = Ticks(
        label=gettext_lazy("Ways back"),
        help_text=gettext_lazy(
            "With none marked, all but “Nothing to send back”. Dangerous goods and those that "
            "need cooling are never dropped off at a parcel shop."
        ),
        choices=Method.choices,
    )
    outcomes = Ticks(
        label=gettext_lazy("Outcomes"),
        help_text=gettext_lazy(
            "What customers may ask for. With none marked: a credit note for returns and claims, "
            "a replacement for claims and exchanges, another item for exchanges."
        ),
        choices=Outcome.choices,
    )
    destination = forms.ModelChoiceField(
        label=gettext_lazy("Goes to"),
        help_text=gettext_lazy("Empty: where the delivery came from."),
        queryset=ReturnPlace.objects.exclude(kind=PlaceKind.PARCEL_SHOP),
        required=False,
    )
    hand_over_days = count(
        gettext_lazy("Days for sending it"),
        gettext_lazy("Once it is approved. After that the return expires."),
        1,
        LONGEST_HAND_OVER,
    )
    value_from = amount(gettext_lazy("Net value of the goods from"))
    value_below = amount(gettext_lazy("Net value of the goods below"))
    keep_below = amount(
        gettext_lazy("Nothing to send back below a net value of"),
        gettext_lazy("What is not worth the way is credited all the same. Empty: all comes back."),
    )
    fee_percent = amount(
        gettext_lazy("Restocking fee (%)"),
        gettext_lazy("Of the net value. Reasons can waive the fee."),
        most=100,
    )
    fee_fixed = amount(
        gettext_lazy("Restocking fee (amount)"),
        gettext_lazy("For each item, in the order’s currency; on top of the percentage."),
    )
    shipping_fee = amount(
        gettext_lazy("Way back (amount)"),
        gettext_lazy("Once for each return, where the customer pays it."),
    )
    photos = count(
        gettext_lazy("Photos"),
        gettext_lazy("How many of each item at least. Reasons can ask for more."),
        0,
        MOST_PHOTOS,
    )
    photos_from = amount(
        gettext_lazy("Photos from a net value of"), gettext_lazy("Empty: whatever it is worth.")
    )
    approval_below = amount(gettext_lazy("Approved at once below a net value of"))


def reason_choices() -> list[tuple[str, str]]:
    """Headings, and what is below each of them."""
    rows = list(ReturnReason.objects.all())
    found = []
    for heading in (row for row in rows if row.parent_id is None):
        found.append((heading.code, heading.words))
        below = (row for row in rows if row.parent_id == heading.pk)
        found += [(row.code, f"{heading.words} › {row.words}") for row in below]
    return found
