"""Returns: what may come back (the ledger), what was asked for, its events and photos."""

from __future__ import annotations

from decimal import Decimal
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models.functions import Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oms_portal.changes.steps import Step
from oms_portal.customers.access import placed
from oms_portal.customers.models import Company
from oms_portal.erp.models import Source
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.models import Order

from .kinds import (
    Acceptance,
    Claim,
    Condition,
    Kind,
    Method,
    Outcome,
    Reception,
    ReturnState,
)
from .rules import ReturnPlace, ReturnReason


def new_key() -> str:
    return token_urlsafe(16)


def _quantity() -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))


class ReturnableLine(models.Model):
    """The ledger: how much of one order line in one delivery may come back, and how much is on
    returns already. ``thread`` is the delivery's, so it outlasts the ERP's renumbering.

    ``reserved`` grows by one conditional UPDATE only (``ledger.reserve``). What the ERP corrects
    below it is never refused: ``over_by`` says how much too much is reserved.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="returnable")
    line_ref = models.CharField(max_length=100)
    thread = models.CharField(max_length=120)
    cap = _quantity()
    reserved = _quantity()
    over_by = _quantity()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line_ref", "thread"], name="oms_returnable_line"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    cap__gte=0,
                    reserved__gte=0,
                    over_by__gte=0,
                    # SQLite reckons with floats.
                    reserved__lte=Round(models.F("cap") + models.F("over_by"), precision=6),
                ),
                name="oms_returnable_never_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order"], name="oms_returnable_over", condition=models.Q(over_by__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.line_ref} {self.reserved}/{self.cap}"


class Return(models.Model):
    """One RMA: goods of one company and one ship-to, from one order or several, in one currency.

    ``number`` is ours (``numbers``): "R", nine digits, a check digit. ``destination`` is frozen when
    it is submitted: {"ref", "name", "kind", "address": {…}}. ``pickup`` is {"on", "from", "to",
    "contact", "phone"}; ``expected`` {"credit", "fee", "shipping", "total"} in ``currency``, our
    estimate alone; ``credit_note`` {"number", "amount", "currency"} the ERP's word.
    ``version`` grows with each move; the pages' forms bear it. Times are in UTC.
    """

    number = models.CharField(max_length=13, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="returns")
    ship_to_ref = models.CharField(max_length=100, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="returns")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RETURN)
    state = models.CharField(max_length=20, choices=ReturnState, default=ReturnState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    currency = models.CharField(max_length=3, blank=True)
    method = models.CharField(max_length=20, choices=Method, blank=True)
    place = models.ForeignKey(ReturnPlace, models.SET_NULL, null=True, blank=True, related_name="+")
    # Where it is sent from: an address as on the wire.
    sender = models.JSONField(default=dict)
    # The last nine digits of the phone number there, or at the pick-up: to find it when they call.
    phone_digits = models.CharField(max_length=9, blank=True)
    destination = models.JSONField(default=dict)
    pickup = models.JSONField(default=dict, blank=True)
    carrier = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    parcel_count = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True)
    expected = models.JSONField(default=dict)
    # Who decides: "auto", "agent" or "erp".
    approval = models.CharField(max_length=10, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    form_key = models.CharField(max_length=64)
    form_digest = models.CharField(max_length=64, blank=True)
    # An edited return is a new one: it takes the place of the old in one transaction.
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    command = models.ForeignKey(
        Command, models.SET_NULL, null=True, blank=True, related_name="returns"
    )
    # What we asked the customer (info_needed), and what they said.
    question = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    # Why it did not come to be: a code of ours (``reasons``) or the ERP's, and words of staff.
    answer_code = models.CharField(max_length=100, blank=True)
    answer_text = models.TextField(blank=True)
    # The newest event of the ERP that told of it, as ``erp.messages.rank_of``.
    rank = models.CharField(max_length=400, blank=True)
    erp_ref = models.CharField(max_length=100, blank=True)
    credit_note = models.JSONField(null=True, blank=True)
    replacement_order_ref = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The last day on which the goods may be handed over; then it expires.
    expires_on = models.DateField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "return")
        verbose_name_plural = _("returns")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("decide_return", "Can approve, decline and ask about returns"),
            ("receive_return", "Can scan, count and print at the returns desk"),
            ("inspect_return", "Can inspect what came and decide what becomes of it"),
            ("lead_return", "Can override rules, waive fees and confirm as a second person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "form_key"], name="oms_return_form"),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="oms_return_company"),
            models.Index(fields=["state", "submitted_at"], name="oms_return_state"),
            models.Index(fields=["tracking_number"], name="oms_return_tracking"),
            models.Index(fields=["phone_digits"], name="oms_return_phone"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_goods_back(self) -> bool:
        return self.method != Method.NOTHING


class ReturnLine(models.Model):
    """Some units of one delivered line. ``terms`` is what the policy said when it was submitted
    (``policy.Terms.frozen``); ``credit`` and ``fee`` our estimate. Two axes: what came
    (``reception``) and whether it is taken (``acceptance``). ``ref`` is its name on the wire."""

    rma = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    ref = models.CharField(max_length=20)
    returnable = models.ForeignKey(ReturnableLine, models.PROTECT, related_name="lines")
    # Copied, so that it still reads right when the ERP drops the line.
    sku = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    unit = models.CharField(max_length=10)
    delivery = models.CharField(max_length=100, blank=True)
    claim = models.CharField(max_length=10, choices=Claim, blank=True)
    reason = models.ForeignKey(ReturnReason, models.PROTECT, null=True, related_name="+")
    condition = models.CharField(max_length=10, choices=Condition, blank=True)
    text = models.TextField(blank=True)
    serials = models.JSONField(default=list)
    lot = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    exchange_sku = models.CharField(max_length=100, blank=True)
    requested = _quantity()
    approved = _quantity()
    received = _quantity()
    accepted = _quantity()
    rejected = _quantity()
    # What went back to the ledger, once.
    released = _quantity()
    disposition = models.CharField(max_length=100, blank=True)
    reception = models.CharField(max_length=15, choices=Reception, default=Reception.AWAITING)
    acceptance = models.CharField(max_length=16, choices=Acceptance, default=Acceptance.PENDING)
    terms = models.JSONField(default=dict)
    credit = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    fee = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rma", "ref"], name="oms_return_line_ref"),
            models.UniqueConstraint(fields=["rma", "returnable"], name="oms_return_line_once"),
            models.CheckConstraint(
                condition=models.Q(
                    requested__gt=0,
                    approved__gte=0,
                    received__gte=0,
                    accepted__gte=0,
                    rejected__gte=0,
                    released__gte=0,
                    released__lte=models.F("requested"),
                ),
                name="oms_return_line_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rma} {self.ref}: {self.requested} {self.unit} {self.sku}"

    @property
    def expected(self) -> Decimal:
        """How much of it is to come."""
        return self.approved if self.rma.approved_at else self.requested


class ReturnEvent(Step):
    """One step of a return. ``sets`` is what it wrote: {"rma": {column: value}, "lines": {ref:
    {column: value}}}; all of a return's events laid on top of each other give its stored row
    (``history.folded``)."""

    rma = models.ForeignKey(Return, models.CASCADE, related_name="events")
    state = models.CharField(max_length=20, choices=ReturnState)
    sets = models.JSONField(default=dict)


class Picture(models.Model):
    """A photo, written anew from its pixels into private storage. ``name`` is as the person called
    it, cleaned; for people to read, never for a path."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    file = models.CharField(max_length=200)
    name = models.CharField(max_length=150, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.key


class Evidence(Picture):
    """A photo of a return, or of a line of it; ``at_desk``: our returns desk took it."""

    rma = models.ForeignKey(Return, models.CASCADE, related_name="evidence")
    line = models.ForeignKey(
        ReturnLine, models.SET_NULL, null=True, blank=True, related_name="evidence"
    )
    at_desk = models.BooleanField(default=False)


placed(Return, company="company_id", ship_to="ship_to_ref")
placed(Evidence, company="rma__company_id", ship_to="rma__ship_to_ref")
