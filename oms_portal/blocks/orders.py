"""The order blocks: a list, one order in full, one order at a glance."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.orders.sorting import Sort, sort_of

from .base import PortalBlock
from .reactions import Reactions


DEFAULT_ROWS = 10
# Stands for the order in a reversed URL until the script knows which one it is.
_ANY = "ORDER"


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


class OneOrderBlock(PortalBlock):
    """Shows the order named by ``?order=`` in the page's address, else asks for its number."""

    reactions = Reactions(label=_("Texts for states of the order"))

    class Meta:
        template = "oms_portal/blocks/one_order.html"

    def fragment_url(self) -> str:
        """With ``{order}`` where the order's slug goes."""
        url = reverse(f"oms_portal:fragment_{self.fragment}", args=[_ANY])
        return url.replace(_ANY, "{order}")


class OrderDetailBlock(OneOrderBlock):
    """One order in full: lines, dates, deliveries, parcels, papers and history."""

    fragment = "order"

    class Meta:
        icon = "doc-full-inverse"
        label = _("Order detail")
        description = _("One order in full: lines, dates, deliveries with their parcels, history.")
        form_layout = blocks.BlockGroup(
            children=["heading", "reactions"], settings=[*PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your order")}

    def sample(self, value: Any) -> str:
        return samples.order()


class OrderTrackerBlock(OneOrderBlock):
    """Where one order is: a line with steps, what comes next, and its deliveries."""

    fragment = "tracker"

    class Meta:
        icon = "oms-tracker"
        label = _("Order tracker")
        description = _("Where one order is now and what comes next, on a line with steps.")
        form_layout = blocks.BlockGroup(
            children=["heading", "reactions"], settings=[*PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Where is my order?")}

    def sample(self, value: Any) -> str:
        return samples.tracker()
