"""The blocks of one order: all of it, and where it is at a glance."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.fragments.asking import SECTIONS

from .base import PortalBlock
from .reactions import Reactions


# Stands for the order in a reversed URL until the script knows which one it is.
_ANY = "ORDER"
_WORDS = {
    "facts": _("Order details and addresses"),
    "lines": _("Lines with quantities, dates and prices"),
    "deliveries": _("What comes when, and deliveries with their parcels"),
    "documents": _("Documents"),
    "history": _("What happened so far"),
    "changes": _("What can be changed, and changes that were asked for"),
    "returns": _("What is sent back, and the way to send items back"),
}


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

    sections = blocks.MultipleChoiceBlock(
        required=False,
        choices=[(name, _WORDS[name]) for name in SECTIONS],
        default=list(SECTIONS),
        widget=forms.CheckboxSelectMultiple,
        label=_("Sections"),
        help_text=_("Where an order stands is always said. With nothing chosen all are shown."),
    )

    class Meta:
        icon = "oms-order"
        label = _("Order detail")
        description = _("One order in full: lines, dates, deliveries with their parcels, history.")
        form_layout = blocks.BlockGroup(
            children=["heading", "sections", "reactions"], settings=[*PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your order")}

    def params(self, value: Any) -> dict[str, str]:
        chosen = self._chosen(value)
        return {} if chosen == SECTIONS else {"show": ",".join(chosen)}

    def sample(self, value: Any) -> str:
        return samples.order(show=self._chosen(value))

    def _chosen(self, value: Any) -> tuple[str, ...]:
        wanted = value.get("sections") or SECTIONS
        return tuple(name for name in SECTIONS if name in wanted) or SECTIONS


class OrderTrackerBlock(OneOrderBlock):
    """Where one order is: a line with steps, what comes next, and its deliveries."""

    fragment = "tracker"

    parcels = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("Links to the carriers"),
        help_text=_("Below each delivery that is on its way, where its parcels can be followed."),
    )

    class Meta:
        icon = "oms-tracker"
        label = _("Order tracker")
        description = _("Where one order is now and what comes next, on a line with steps.")
        form_layout = blocks.BlockGroup(
            children=["heading", "parcels", "reactions"], settings=[*PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {
            "heading": _("Where is my order?"),
            "parcels": True,
        }

    def params(self, value: Any) -> dict[str, str]:
        return {} if self._with_parcels(value) else {"parcels": "no"}

    def sample(self, value: Any) -> str:
        return samples.tracker(parcels=self._with_parcels(value))

    def _with_parcels(self, value: Any) -> bool:
        return value.get("parcels") is not False
