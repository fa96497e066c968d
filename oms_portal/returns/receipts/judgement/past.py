"""Where a serial number came back before: what one unit has been through."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from oms_portal.returns.models import Return
from oms_portal.returns.receipts.models import FoundSerial


def returns_of(serials: Collection[str], rma: Return) -> Mapping[str, list[Return]]:
    """By the number: the other returns on which our desk read it, the newest first; one query."""
    rows = FoundSerial.objects.filter(serial__in=serials).exclude(receipt__rma=rma.pk)
    found: dict[str, list[Return]] = {}
    for each in rows.select_related("receipt__rma").order_by("-receipt__rma__created_at", "-pk"):
        found.setdefault(each.serial, []).append(each.receipt.rma)
    return found
