"""The words of the returns desk: what was scanned, what came of it, what becomes of goods."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScanKind(models.TextChoices):
    """What was read."""

    PARCEL = "parcel", _("Parcel")
    RETURN = "return", pgettext_lazy("noun", "Return")
    SSCC = "sscc", _("SSCC")
    TRACKING = "tracking", _("Tracking number")
    SERIAL = "serial", _("Serial number")
    ARTICLE = "article", _("Article")
    # Pressed at the desk instead of read: a count set by hand, a find written down, a step back.
    HAND = "hand", _("By hand")
    UNKNOWN = "unknown", _("Unknown")


class ScanResult(models.TextChoices):
    """What came of it; each is told by its own words, sign and sound."""

    ARRIVED = "arrived", _("Parcel is in")
    AGAIN = "again", _("Was scanned before")
    OPENED = "opened", pgettext_lazy("returns desk", "Opened")
    COUNTED = "counted", _("Counted")
    OVER = "over", _("More than expected")
    DAMAGED = "damaged", _("Counted as damaged")
    WRONG = "wrong", _("Something else")
    UNEXPECTED = "unexpected", _("Nobody announced it")
    UNDONE = "undone", pgettext_lazy("scan", "Taken back")
    # Not counted: somebody must look.
    NO_RETURN = "no_return", _("No return is open")
    NOT_IN_IT = "not_in_it", _("Not on this return")
    SERIAL_AGAIN = "serial_again", _("This serial number was counted before")
    OVER_ALREADY = "over_already", _("The return is over")
    SEVERAL = "several", _("More than one fits")
    DIGIT = "digit", _("Wrong check digit")
    FOREIGN = "foreign", _("Not one of our codes")
    UNKNOWN = "unknown", _("Nobody knows it")
    REFUSED = "refused", pgettext_lazy("returns desk", "Not possible")


class Found(models.TextChoices):
    """Of goods: whether they are those that were announced."""

    EXPECTED = "expected", _("As announced")
    # In place of a line's article.
    WRONG = "wrong", _("Something else came")
    UNEXPECTED = "unexpected", _("Nobody announced it")


class Disposition(models.TextChoices):
    """What becomes of goods."""

    RESTOCK = "restock", _("Back to stock")
    B_GRADE = "b_grade", _("Sold as B-grade")
    REFURBISH = "refurbish", _("Refurbish")
    VENDOR = "vendor", _("Back to the vendor")
    QUARANTINE = "quarantine", _("Quarantine")
    SCRAP = "scrap", _("Scrap")
    SEND_BACK = "send_back", _("Back to the customer")


class StrayState(models.TextChoices):
    """A parcel nobody knows."""

    OPEN = "open", pgettext_lazy("parcel", "Unknown")
    MATCHED = "matched", _("Belongs to a return")
    CLOSED = "closed", pgettext_lazy("parcel", "Closed")


class JobState(models.TextChoices):
    """A print of labels."""

    MAKING = "making", _("Being made")
    DONE = "done", pgettext_lazy("print", "Made")
    BROKEN = "broken", _("Broken off")


# Scans that open a return: what is scanned after them counts on it.
OPENING = (ScanResult.ARRIVED, ScanResult.AGAIN, ScanResult.OPENED)
# Scans that changed a count.
COUNTING = (
    ScanResult.COUNTED,
    ScanResult.OVER,
    ScanResult.DAMAGED,
    ScanResult.WRONG,
    ScanResult.UNEXPECTED,
    ScanResult.UNDONE,
)
