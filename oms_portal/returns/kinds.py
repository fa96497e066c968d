"""The words of a return: what it is, how it goes, where it stands. Field names as on the wire."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    RETURN = "return", pgettext_lazy("noun", "Return")
    EXCHANGE = "exchange", _("Exchange")
    CLAIM = "claim", _("Claim")


class Claim(models.TextChoices):
    """What is claimed. Of SHORT and MISSING no goods can come back: they never came."""

    SHORT = "short", _("Fewer items than stated")
    DAMAGED = "damaged", _("Arrived damaged")
    WRONG = "wrong", _("Not what was ordered")
    MISSING = "missing", _("Never arrived")


class Outcome(models.TextChoices):
    """What the customer wants for them."""

    CREDIT = "credit", _("Credit note")
    REPLACEMENT = "replacement", _("The same item again")
    EXCHANGE = "exchange", _("Another item instead")
    REPAIR = "repair", _("Repair")
    KEEP = "keep", _("Keep it, with a credit")


class Condition(models.TextChoices):
    UNOPENED = "unopened", _("Unopened")
    OPENED = "opened", _("Opened, not used")
    USED = "used", _("Used")
    DEFECTIVE = "defective", _("Damaged or defective")


class Method(models.TextChoices):
    """How the goods come back."""

    PARCEL_SHOP = "parcel_shop", _("Drop off at a parcel shop, with a label")
    QR = "qr", _("Drop off at a parcel shop, without a printer")
    PICKUP = "pickup", _("Have it picked up")
    BRANCH = "branch", _("Bring it to one of our branches")
    OWN_CARRIER = "own_carrier", _("Send it with a carrier of your own")
    FREIGHT = "freight", _("Freight collection")
    NOTHING = "nothing", _("Nothing to send back")


class ReturnState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REQUESTED = "requested", pgettext_lazy("return", "Requested")
    IN_REVIEW = "in_review", _("Being reviewed")
    INFO_NEEDED = "info_needed", _("We have a question")
    APPROVED = "approved", pgettext_lazy("return", "Approved")
    IN_TRANSIT = "in_transit", pgettext_lazy("return", "On its way to us")
    PARTLY_RECEIVED = "partly_received", _("Partly received")
    RECEIVED = "received", pgettext_lazy("return", "Received by us")
    INSPECTED = "inspected", _("Checked")
    SETTLED = "settled", _("Settled")
    CLOSED = "closed", pgettext_lazy("return", "Completed")
    REJECTED = "rejected", pgettext_lazy("return", "Not possible")
    CANCELLED = "cancelled", pgettext_lazy("return", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("return", "Expired")


# Only their author sees them.
PRIVATE = (ReturnState.DRAFT,)
# Waiting for our word, the customer's or the ERP's; no goods have moved.
ASKED = (ReturnState.REQUESTED, ReturnState.IN_REVIEW, ReturnState.INFO_NEEDED)
MOVING = (ReturnState.IN_TRANSIT, ReturnState.PARTLY_RECEIVED)
OPEN = (*ASKED, ReturnState.APPROVED, *MOVING, ReturnState.RECEIVED, ReturnState.INSPECTED)
ENDED = (
    ReturnState.SETTLED,
    ReturnState.CLOSED,
    ReturnState.REJECTED,
    ReturnState.CANCELLED,
    ReturnState.EXPIRED,
)
# No goods are bound any more: what was reserved goes back to the ledger.
FREED = (ReturnState.REJECTED, ReturnState.CANCELLED, ReturnState.EXPIRED)


class Reception(models.TextChoices):
    """Of a line: whether its goods came."""

    AWAITING = "awaiting", _("Awaited")
    IN_TRANSIT = "in_transit", pgettext_lazy("return", "On its way to us")
    RECEIVED = "received", pgettext_lazy("return", "Received by us")
    WRONG_ITEM = "wrong_item", _("Something else came")
    LOST = "lost", _("Lost on the way")
    NOT_RETURNED = "not_returned", _("Not sent back")
    NOT_REQUIRED = "not_required", _("Nothing to send back")
    CANCELLED = "cancelled", pgettext_lazy("return", "Withdrawn")


class Acceptance(models.TextChoices):
    """Of a line: whether the goods that came are taken."""

    PENDING = "pending", _("To be checked")
    MANUAL = "manual", _("A person looks at it")
    ACCEPTED = "accepted", pgettext_lazy("return", "Accepted")
    PARTLY_ACCEPTED = "partly_accepted", _("Partly accepted")
    REJECTED = "rejected", _("Not accepted")


class PlaceKind(models.TextChoices):
    WAREHOUSE = "warehouse", _("Warehouse")
    BRANCH = "branch", _("Branch")
    VENDOR = "vendor", _("Vendor")
    PARCEL_SHOP = "parcel_shop", _("Parcel shop")


class LabelState(models.TextChoices):
    """Only a ``VERIFIED`` one is handed out; the last four are over for good."""

    READY = "ready", _("Being checked")
    VERIFIED = "verified", _("Valid")
    USED = "used", _("Used")
    VOIDED = "voided", _("Void")
    EXPIRED = "expired", pgettext_lazy("label", "Expired")
    SUPERSEDED = "superseded", _("Replaced by a newer one")


class ParcelState(models.TextChoices):
    """``WANTED``: a label is to be made; ``ASKED``: a carrier was asked and has not answered."""

    WANTED = "wanted", _("Label is being made")
    ASKED = "asked", _("Label is being made")
    FAILED = "failed", _("Label could not be made")
    READY = "ready", _("Ready to be sent")
    HANDED_OVER = "handed_over", _("Handed over")
    IN_TRANSIT = "in_transit", _("On its way")
    DELIVERED = "delivered", _("Arrived")
    LOST = "lost", _("Lost")
    VOIDED = "voided", _("Void")
