"""An order's papers in words, with the way to each."""

from __future__ import annotations

from datetime import tzinfo

from django.urls import reverse
from django.utils.translation import gettext_lazy

from oms_portal.orders.detail import DocumentDetail

from . import shown_order as shown
from .formats import day_stamp


KINDS = {
    "confirmation": gettext_lazy("Order confirmation"),
    "delivery_note": gettext_lazy("Delivery note"),
    "packing_list": gettext_lazy("Packing list"),
    "invoice": gettext_lazy("Invoice"),
    "credit_note": gettext_lazy("Credit note"),
    "proof_of_delivery": gettext_lazy("Proof of delivery"),
    "other": gettext_lazy("Other document"),
}
_TYPES = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "application/xml": "XML",
    "text/xml": "XML",
    "text/csv": "CSV",
    "text/plain": gettext_lazy("Text"),
}


def show_paper(paper: DocumentDetail, slug: str, zone: tzinfo, number: str = "") -> shown.Paper:
    """``number`` is the order's, where papers of several stand together."""
    at_hand = paper.has_content or bool(paper.url)
    return shown.Paper(
        kind=str(KINDS.get(paper.kind, KINDS["other"])),
        number=paper.number,
        issued=day_stamp(paper.issued_on, zone),
        url=reverse("oms_portal:document", args=[slug, paper.id]) if at_hand else "",
        media=str(_TYPES.get(paper.media_type.split(";")[0].strip().lower(), "")),
        order=number,
        order_url=reverse("oms_portal:order", args=[slug]) if number else "",
    )
