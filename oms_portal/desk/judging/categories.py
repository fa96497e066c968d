"""The field for categories of article groups, as rules and checklists ask for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.desk.lists import Commas, check_known
from oms_portal.desk.return_policy_form import known_names


UNKNOWN = gettext_lazy(
    "No article group has this category: %(names)s. Known: %(known)s. Give it to an article group "
    "first."
)


class Categories(Commas):
    """Empty: all."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Categories"), required=False)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Any:
        names = ", ".join(sorted(known_names()["categories"])) or "–"
        self.help_text = _(
            "Of article groups, with commas between them. Empty: all. Known: %(names)s"
        ) % {"names": names}
        return super().get_bound_field(form, field_name)

    def validate(self, value: Any) -> None:
        super().validate(value)
        check_known(value, known_names()["categories"], UNKNOWN)
