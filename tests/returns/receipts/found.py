"""A return whose goods came and were counted, made row by row, and people who judge them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import Finding, Receipt
from oms_portal.returns.receipts.rules import Grade
from tests import factories
from tests.returns.scene import NOW, Scene, item


def grades() -> list[Grade]:
    """A as new, to stock; B sold cheaper; C refurbished; D not taken, back to the customer."""
    return [
        Grade.objects.create(
            code=code,
            texts={"en": words},
            examples={"en": f"Like {words}"},
            accepted=code != "d",
            disposition=disposition,
            position=position,
        )
        for position, (code, words, disposition) in enumerate(
            (
                ("a", "As new", "restock"),
                ("b", "Opened", "b_grade"),
                ("c", "Used", "refurbish"),
                ("d", "Broken", "send_back"),
            )
        )
    ]


def counted(scene: Scene, told: bool = True, **counts: str) -> Return:
    """A return of L1 (and of L3 where it is counted) of which so many were counted; ``told``: the
    ERP knows."""
    lines = [item("5"), *([item("2", "L3")] if "L3" in counts else [])]
    rma = scene.send(*lines)
    receipt = Receipt.objects.create(rma=rma, arrived_at=NOW, counted_at=NOW if told else None)
    for line in rma.lines.all():
        count = counts.get(line.returnable.line_ref, "5")
        Finding.objects.create(
            receipt=receipt, line=line, sku=line.sku, unit=line.unit, counted=Decimal(count)
        )
    return rma


def finding(rma: Return, line_ref: str = "L1") -> Finding:
    return Finding.objects.get(receipt__rma=rma, line__returnable__line_ref=line_ref)


def stray(rma: Return, count: str = "1", sku: str = "OTHER") -> Finding:
    """Something that nobody announced."""
    return Finding.objects.create(
        receipt=Receipt.objects.get(rma=rma),
        found="unexpected",
        sku=sku,
        description="A chair",
        counted=Decimal(count),
    )


def receipt_of(rma: Return) -> Receipt:
    return Receipt.objects.select_related("command").get(rma=rma)


def inspector(email: str = "desk@shop.example", *, lead: bool = False) -> Any:
    user = factories.person(email)
    names = ["inspect_return", *(["lead_return"] if lead else [])]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user
