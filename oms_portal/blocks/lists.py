"""The order list, as a marketer places it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.fragments.browsing import COLUMNS, USUAL
from oms_portal.orders.filters import Scope
from oms_portal.orders.models import OrderStatus
from oms_portal.orders.sorting import Sort, sort_of

from .base import PortalBlock


DEFAULT_ROWS = 10
# What goes with each switch.
_PARTS = {
    "show_search": ("search",),
    "show_filters": ("filters", "columns", "views"),
    "show_export": ("export",),
}


def _switch(label: Any, help_text: Any = "") -> blocks.BooleanBlock:
    return blocks.BooleanBlock(required=False, default=True, label=label, help_text=help_text)


class OrderListBlock(PortalBlock):
    """The visitor's orders, live; the visitor may narrow and sort them in another way."""

    fragment = "orders"

    scope = blocks.ChoiceBlock(
        required=False,
        choices=[(scope.value, scope.label) for scope in Scope if scope],
        label=_("Which orders"),
        help_text=_(
            "All, unless you choose. Customers may choose otherwise where they can filter."
        ),
    )
    statuses = blocks.MultipleChoiceBlock(
        required=False, choices=OrderStatus.choices, label=_("Only with the status")
    )
    columns = blocks.MultipleChoiceBlock(
        required=False,
        choices=[(name, label) for name, label in COLUMNS.items() if name != "order"],
        default=[name for name in USUAL if name != "order"],
        label=_("Columns"),
        help_text=_("What is shown beside the order’s number."),
    )
    rows = blocks.IntegerBlock(
        required=False,
        min_value=5,
        max_value=100,
        default=DEFAULT_ROWS,
        label=_("Rows per page"),
    )
    sort = blocks.ChoiceBlock(
        required=False,
        choices=Sort.choices,
        default=Sort.NEWEST.value,
        label=_("Sorted at first by"),
    )
    show_search = _switch(_("Search box"))
    show_filters = _switch(
        _("Filters, columns and saved views"), _("Customers choose for themselves what they see.")
    )
    show_export = _switch(_("Download as a file"))

    class Meta:
        icon = "oms-orders"
        label = _("Order list")
        description = _("The signed-in customer’s orders. Changes appear by themselves.")
        form_layout = blocks.BlockGroup(
            children=["heading", "scope"],
            settings=[
                "statuses",
                "columns",
                "rows",
                "sort",
                "show_search",
                "show_filters",
                "show_export",
                *PortalBlock.SETTINGS,
            ],
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your orders"), "rows": 5}

    def params(self, value: Any) -> dict[str, str]:
        sort = sort_of(value.get("sort") or "")
        columns = ["order", *(value.get("columns") or ())]
        chosen = tuple(name for name in COLUMNS if name in columns)
        return {
            "size": str(value.get("rows") or DEFAULT_ROWS),
            "sort": "" if sort == Sort.NEWEST else sort.value,
            "scope": value.get("scope") or "",
            "status": ",".join(value.get("statuses") or ()),
            "columns": "" if chosen in (USUAL, ("order",)) else ",".join(chosen),
            "hide": ",".join(_hidden(value)),
        }

    def sample(self, value: Any) -> str:
        return samples.orders(self.params(value))


def _hidden(value: Any) -> Iterator[str]:
    for switch, parts in _PARTS.items():
        if value.get(switch) is False:
            yield from parts
