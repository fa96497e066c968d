"""The papers of all orders, as a marketer places them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from oms_portal.fragments import samples
from oms_portal.fragments.papers import KINDS

from .base import PortalBlock


DEFAULT_ROWS = 10


class DocumentsBlock(PortalBlock):
    """Confirmations, delivery notes, invoices: the newest first, to be searched by number."""

    fragment = "documents"
    page = "documents"

    rows = blocks.IntegerBlock(
        required=False,
        min_value=5,
        max_value=100,
        default=DEFAULT_ROWS,
        label=_("Rows per page"),
    )
    kind = blocks.ChoiceBlock(
        required=False,
        choices=list(KINDS.items()),
        label=_("Only"),
        help_text=_("What is shown at first; the customer may choose another kind."),
    )

    class Meta:
        icon = "oms-documents"
        label = _("Documents")
        description = _("The customer’s confirmations, delivery notes, invoices and other papers.")
        form_layout = blocks.BlockGroup(
            children=["heading", "kind"], settings=["rows", *PortalBlock.SETTINGS]
        )
        preview_value: ClassVar[dict[str, Any]] = {"heading": _("Your documents"), "rows": 5}

    def params(self, value: Any) -> dict[str, str]:
        kind = value.get("kind") or ""
        rows = value.get("rows") or DEFAULT_ROWS
        return {"kind": kind if kind in KINDS else "", "size": str(rows)}

    def sample(self, value: Any) -> str:
        return samples.documents(**self.params(value))
