"""What the returns desk keeps: scans, receipts, what was found, verdicts, strays, prints."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms_portal.erp.outbox.models import Command
from oms_portal.returns.models import Picture, Return, ReturnLine

from .kinds import Disposition, Found, JobState, ScanKind, ScanResult, StrayState
from .rules import Grade


def _quantity() -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))


class Receipt(models.Model):
    """What the desk found of one return, from the first scan or count of it on. ``counted_at`` is
    when its count was told to the ERP, ``decided_at`` when its verdicts were; both are None again
    as soon as more is counted or judged. ``command`` is the newest of its commands, ``refused``
    that the ERP said no to it. ``version`` grows with all that people decide, not with scans; it
    is 0 where a return was over when its parcel came, until somebody lets its goods in."""

    rma = models.OneToOneField(Return, models.CASCADE, related_name="receipt")
    version = models.PositiveIntegerField(default=1)
    arrived_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    command = models.ForeignKey(
        Command, models.SET_NULL, null=True, blank=True, related_name="receipts"
    )
    refused = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["arrived_at"],
                name="oms_receipt_open",
                condition=models.Q(decided_at__isnull=True),
            ),
            models.Index(
                fields=["rma"], name="oms_receipt_refused", condition=models.Q(refused=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.rma)

    @property
    def is_kept_out(self) -> bool:
        return self.version == 0


class Finding(models.Model):
    """So many of one article found in a return: of a line as announced, of something else in its
    place (``line`` says whose), or of what nobody announced. ``damaged`` are among ``counted``.

    ``counted`` changes by one UPDATE with F() in the transaction of the scan that says so, so it is
    the sum of the scans' ``delta`` whatever two stations do. So does ``judged``, the sum of its
    verdicts: what was judged is neither counted away nor judged twice.
    """

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="findings")
    line = models.ForeignKey(
        ReturnLine, models.CASCADE, null=True, blank=True, related_name="findings"
    )
    found = models.CharField(max_length=12, choices=Found, default=Found.EXPECTED)
    sku = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=250, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    counted = _quantity()
    damaged = _quantity()
    judged = _quantity()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(found="expected"),
                name="oms_finding_of_line",
            ),
            models.UniqueConstraint(
                fields=["receipt", "sku", "description"],
                condition=models.Q(found="unexpected"),
                name="oms_finding_unexpected",
            ),
            models.UniqueConstraint(
                fields=["line", "sku", "description"],
                condition=models.Q(found="wrong"),
                name="oms_finding_wrong",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    counted__gte=0,
                    damaged__gte=0,
                    damaged__lte=models.F("counted"),
                    judged__gte=0,
                    # SQLite reckons with floats.
                    judged__lte=Round(models.F("counted"), precision=6),
                ),
                name="oms_finding_counts",
            ),
            models.CheckConstraint(
                condition=models.Q(found="unexpected", line__isnull=True)
                | models.Q(found__in=["expected", "wrong"], line__isnull=False),
                name="oms_finding_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.found} {self.counted} {self.sku or self.description}"


class FoundSerial(models.Model):
    """A serial number that was read off goods; each counts once in a return. ``shipped``: whether
    it is one of those that were delivered with the line."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="serials")
    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="+")
    serial = models.CharField(max_length=100)
    shipped = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "serial"], name="oms_serial_once"),
        ]
        indexes = [models.Index(fields=["serial"], name="oms_serial_found")]

    def __str__(self) -> str:
        return self.serial


class DeskScan(models.Model):
    """One scan, or one count by hand, by its browser's own id: the same id again changes nothing and
    is answered by ``answer``. ``station`` is the place's name, ``tab`` one window of it, in which
    scans are numbered by ``sequence``; what opened last there is what articles count on."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    text = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=10, choices=ScanKind)
    result = models.CharField(max_length=12, choices=ScanResult)
    rma = models.ForeignKey(Return, models.CASCADE, null=True, related_name="desk_scans")
    # Of a parcel's code: which.
    parcel = models.CharField(max_length=15, blank=True)
    finding = models.ForeignKey(Finding, models.SET_NULL, null=True, related_name="scans")
    delta = _quantity()
    damaged = _quantity()
    # A later one took it back.
    undone = models.BooleanField(default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    station = models.CharField(max_length=100, blank=True)
    tab = models.CharField(max_length=32, blank=True)
    sequence = models.BigIntegerField(default=0)
    # By the browser's clock, and by ours.
    scanned_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    answer = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["tab", "-sequence"], name="oms_scan_tab"),
            models.Index(fields=["rma", "-at"], name="oms_scan_of_return"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.result}"


class Verdict(models.Model):
    """What was decided about so many of what was found. ``suggested`` is the disposition the rules
    proposed, ``checks`` {code: True|False}, ``missing`` codes of accessories that lack. ``reason``
    is for the customer, word for word; ``note`` for colleagues.

    One that needs a second person (``needs_second``) is told the ERP when ``second`` has agreed,
    who is never ``actor``. ``told_at`` is when the ERP was told, None again where it said no.
    """

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="verdicts")
    quantity = _quantity()
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True, related_name="+")
    accepted = models.BooleanField()
    disposition = models.CharField(max_length=12, choices=Disposition)
    suggested = models.CharField(max_length=12, choices=Disposition, blank=True)
    serials = models.JSONField(default=list)
    checks = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    # In the return's currency, of all units together.
    fee = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    fee_waived = models.BooleanField(default=False)
    waiver_reason = models.CharField(max_length=250, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    form_key = models.CharField(max_length=64, unique=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    needs_second = models.BooleanField(default=False)
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    # When its put-away label was printed first.
    printed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="oms_verdict_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.disposition}"


class StrayParcel(models.Model):
    """A parcel that came and that nobody knows, until it is matched with a return or closed."""

    number = models.CharField(max_length=13, unique=True)
    state = models.CharField(max_length=10, choices=StrayState, default=StrayState.OPEN)
    # What was scanned, where there was a code at all.
    code = models.CharField(max_length=250, blank=True, db_index=True)
    carrier = models.CharField(max_length=100, blank=True)
    sender = models.TextField(blank=True)
    contents = models.TextField(blank=True)
    damaged = models.BooleanField(default=False)
    station = models.CharField(max_length=100, blank=True)
    form_key = models.CharField(max_length=64, unique=True)
    rma = models.ForeignKey(Return, models.SET_NULL, null=True, blank=True, related_name="strays")
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        verbose_name = _("unknown parcel")
        verbose_name_plural = _("unknown parcels")
        ordering = ["found_at", "pk"]
        indexes = [
            models.Index(
                fields=["found_at"], name="oms_stray_open", condition=models.Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StrayPhoto(Picture):
    """What an unknown parcel looks like."""

    stray = models.ForeignKey(StrayParcel, models.CASCADE, related_name="photos")


class Presence(models.Model):
    """That somebody has a return open at the desk; over some seconds after ``seen_at``."""

    rma = models.ForeignKey(Return, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    station = models.CharField(max_length=100, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rma", "user"], name="oms_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.rma}"


class QueueView(models.Model):
    """A filtered queue under a name, somebody's own or everybody's (``shared``); ``query`` as in
    the queue's address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="oms_queue_view_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PrintJob(models.Model):
    """One print at the desk: of labels by their keys, or of verdicts' put-away labels by theirs.
    ``made`` grows while it is streamed; ``skipped`` [[number, why]]; ``printed`` is what the person
    at the printer said afterwards, None while nobody did."""

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.MAKING)
    template = models.CharField(max_length=20)
    medium = models.CharField(max_length=30)
    format = models.CharField(max_length=10, default="pdf")
    start = models.PositiveIntegerField(default=1)
    copies = models.PositiveIntegerField(default=1)
    labels = models.JSONField(default=list)
    verdicts = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list)
    station = models.CharField(max_length=100, blank=True)
    printer = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=250, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    printed = models.BooleanField(null=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("print")
        verbose_name_plural = _("prints")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="oms_print_job_newest"),
            models.Index(fields=["actor", "-at"], name="oms_print_job_of"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.at:%Y-%m-%d %H:%M}"
