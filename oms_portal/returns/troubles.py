"""What keeps a label from the customer is staff's to see to, once a return however many fail."""

from __future__ import annotations

from oms_portal.notifications.alerts import raise_alert, settle_alert

from .kinds import LabelState
from .models import Return
from .parcels import Label, ReturnParcel


_LONGEST = 300


def shortened(trouble: str) -> str:
    return trouble.replace("\0", "")[:_LONGEST]


def tell(rma: Return, trouble: str) -> None:
    """In the transaction that notes the trouble."""
    ref = rma.lines.values_list("returnable__order__ref", flat=True).first() or ""
    raise_alert("label_trouble", _about(rma), order_ref=ref, trouble=shortened(trouble))


def settle(rma: Return) -> None:
    """In the transaction that ended one; the alert stays while there is another."""
    parcels = ReturnParcel.objects.filter(rma=rma.pk).exclude(trouble="")
    labels = Label.objects.filter(parcel__rma=rma.pk, state=LabelState.READY).exclude(trouble="")
    if not (parcels.exists() or labels.exists()):
        settle_alert("label_trouble", _about(rma))


def _about(rma: Return) -> str:
    return f"return:{rma.pk}"
