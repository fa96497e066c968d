"""The order list, as a marketer places it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.orders.sorting import Sort, sort_of

from .base import PortalBlock


DEFAULT_ROWS = 10


class OrderListBlock(PortalBlock):
    """The visitor's orders, live; the visitor may sort them in another way."""

    fragment = "orders"

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

    class Meta:
        icon = "list-ul"
        label = _("Order list")
        description = _("The signed-in customer's orders. Changes appear by themselves.")
        form_layout = blocks.BlockGroup(
            children=["heading"], settings=["rows", "sort", *PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your orders"), "rows": 5}

    def params(self, value: Any) -> dict[str, str]:
        sort = sort_of(value.get("sort") or "")
        return {
            "size": str(value.get("rows") or DEFAULT_ROWS),
            "sort": "" if sort == Sort.NEWEST else sort.value,
        }

    def sample(self, value: Any) -> str:
        return samples.orders(sort=sort_of(value.get("sort") or ""))
