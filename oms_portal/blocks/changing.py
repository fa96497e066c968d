"""What can be changed of one order, and what was asked for: as a marketer places it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.fragments.changing_shown import PARTS

from .base import PortalBlock
from .one_order import OneOrderBlock


def _switch(label: Any, help_text: Any) -> blocks.BooleanBlock:
    return blocks.BooleanBlock(required=False, default=True, label=label, help_text=help_text)


class ChangeDeliveryBlock(OneOrderBlock):
    """One order’s deliveries with the time till which each can be changed, and its requests."""

    fragment = "changes"

    requests = _switch(
        _("What was asked for"),
        _("Requests with both values and what happens next. Offers to decide on are always shown."),
    )
    limits = _switch(
        _("Times and reasons"),
        _("Until when each delivery can be changed, and why another no longer can."),
    )
    cancel = _switch(
        _("Button for cancelling"), _("Beside the button for changing; for those who may.")
    )

    class Meta:
        icon = "oms-changes"
        label = _("Change delivery")
        description = _(
            "What can still be changed of an order, until when, and what was asked for."
        )
        form_layout = blocks.BlockGroup(
            children=["heading", "requests", "limits", "cancel", "reactions"],
            settings=[*PortalBlock.SETTINGS],
        )
        preview_value: ClassVar[dict[str, Any]] = {
            "heading": _("Change your delivery"),
            "requests": True,
            "limits": True,
            "cancel": True,
        }

    def params(self, value: Any) -> dict[str, str]:
        hidden = [part for part in PARTS if value.get(part) is False]
        return {"hide": ",".join(hidden)} if hidden else {}

    def sample(self, value: Any) -> str:
        return samples.changes.changes(self.params(value).get("hide", ""))
