"""Goods that came and were decided about, row by row; and what is read off their labels."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pypdfium2
import zxingcpp

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Finding, Receipt, Verdict
from oms_portal.returns.receipts.rules import Grade


_keys = count(1)


def decided(rma: Return, quantity: str = "2", disposition: str = "restock", **told: Any) -> Verdict:
    """Of the return's one line; ``sku`` or ``description``: of something nobody announced."""
    receipt, _ = Receipt.objects.get_or_create(rma=rma)
    other = {name: told.pop(name) for name in ("sku", "description") if name in told}
    kind = {"found": "unexpected", **other} if other else {"line": rma.lines.get()}
    finding, _ = Finding.objects.get_or_create(
        receipt=receipt, **kind, defaults={"counted": Decimal(100)}
    )
    grade, _ = Grade.objects.get_or_create(
        code="a", defaults={"texts": {"en": "A – as new", "de": "A – wie neu"}}
    )
    usual = {"grade": grade, "accepted": True, "form_key": f"decided-{next(_keys)}"}
    return Verdict.objects.create(
        finding=finding,
        quantity=Decimal(quantity),
        disposition=disposition,
        **{**usual, **told},
    )


def codes(content: bytes) -> list[list[str]]:
    """The bar codes on each page, from the top."""
    with pypdfium2.PdfDocument(content) as document:
        seen = [zxingcpp.read_barcodes(p.render(scale=203 / 72).to_pil()) for p in document]
    return [
        [c.text for c in sorted(found, key=lambda c: c.position.top_left.y)
         if c.format.name == "Code128"]
        for found in seen
    ]  # fmt: skip


def texts(content: bytes) -> list[str]:
    """What is written on each page."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]
