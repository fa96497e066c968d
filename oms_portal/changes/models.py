"""What was asked for, what was approved, what happened to it; and the rules that decide."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oms_portal.customers.access import placed
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.models import Order

from .steps import Step


class Aspect(models.TextChoices):
    """What of an order can be changed; each is offered where rules and connector allow it."""

    ADDRESS = "address", _("Delivery address")
    CONTACT = "contact", _("Contact and phone")
    INSTRUCTIONS = "instructions", _("Delivery instructions")
    DATE = "date", _("Delivery date")
    METHOD = "method", _("Way of delivery")
    CANCEL = "cancel", pgettext_lazy("verb", "Cancel")


class RequestState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING_CUSTOMER = "awaiting_customer", _("Waiting for your word")
    SUBMITTED = "submitted", pgettext_lazy("change", "Requested")
    IN_REVIEW = "in_review", _("Being reviewed")
    SENT = "sent", _("Being passed on")
    ACCEPTED = "accepted", _("Being carried out")
    APPLIED = "applied", _("Done")
    COUNTERED = "countered", _("Another offer")
    REJECTED = "rejected", _("Not possible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Too late")
    FAILED = "failed", _("Not passed on")


# Only their author sees them; nobody acts on them yet.
PRIVATE = (RequestState.DRAFT, RequestState.AWAITING_CUSTOMER)
OPEN = (
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.SENT,
    RequestState.ACCEPTED,
    RequestState.COUNTERED,
    RequestState.FAILED,
)
CLOSED = (
    RequestState.APPLIED,
    RequestState.REJECTED,
    RequestState.WITHDRAWN,
    RequestState.EXPIRED,
)


def new_key() -> str:
    return token_urlsafe(16)


class ChangeRequest(models.Model):
    """One wish of a customer for one order, some of its lines or one of its deliveries.

    ``requested`` and ``approved`` have the same shape, and only the members that are to change::

        {"ship_to_ref": str, "address": {name, lines[], city, region, postal_code, country,
         contact, phone, instructions}, "contact": str, "phone": str, "instructions": str,
         "requested": {"from", "to"?}, "method": "parcel|freight|pickup", "pickup_ref": str,
         "cancel": [{"line_ref", "quantity"}], "reason": str}

    ``before`` is what the ERP said of the same members when it was submitted. ``basis`` is the
    digest of what the form showed (``standing.basis_of``): whoever submits on an older one is told.
    ``counter`` is {"by": "erp"|"staff", "text"?, "reference"?, "fee"?: {amount, currency}, and the
    members that it offers instead}. Times are in UTC; ``cutoff_at`` None: no hour is known.
    """

    class Scope(models.TextChoices):
        ORDER = "order", _("The whole order")
        LINES = "lines", _("Some items")
        SHIPMENT = "shipment", _("One delivery")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="change_requests")
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.ORDER)
    # Of the scope: [{"ref", "quantity"?}] of lines; the delivery's thread, and what it is called.
    lines = models.JSONField(default=list, blank=True)
    thread = models.CharField(max_length=120, blank=True)
    delivery = models.CharField(max_length=100, blank=True)
    requested = models.JSONField(default=dict)
    approved = models.JSONField(null=True, blank=True)
    before = models.JSONField(default=dict)
    counter = models.JSONField(null=True, blank=True)
    # What the customer was told before sending: [{"kind", …}] (``impact``), and why it is risky.
    impact = models.JSONField(default=list, blank=True)
    risks = models.JSONField(default=list, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    cutoff_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The form's own key, minted when it was rendered: the same form makes one request.
    form_key = models.CharField(max_length=64)
    form_digest = models.CharField(max_length=64)
    command = models.ForeignKey(
        Command, models.SET_NULL, null=True, blank=True, related_name="change_requests"
    )
    # Why it did not come to be: a code of ours (``reasons``) or of the ERP, and words of staff.
    answer_code = models.CharField(max_length=100, blank=True)
    answer_text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering = ["-created_at", "-pk"]
        permissions = [("decide_changerequest", "Can approve, counter and reject change requests")]
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "form_key"], name="oms_change_form"),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="oms_change_state"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def wanted(self) -> dict[str, Any]:
        """What is to be carried out: what was approved, else what was asked for."""
        values: dict[str, Any] = self.requested if self.approved is None else self.approved
        return values


class ChangeEvent(Step):
    """One step of a request."""

    request = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="events")
    state = models.CharField(max_length=20, choices=RequestState)
    data = models.JSONField(default=dict)


class CutoffRule(models.Model):
    """Until when something can still be changed. Of the active rules the first that fits decides,
    for each delivery and each aspect; what no rule fits is closed.

    An empty list of a condition fits everything. ``states`` are shipment statuses, or "none" for
    units that lie in no delivery yet; ``value_from`` and ``value_to`` are the order's net value.
    """

    class Closes(models.TextChoices):
        NEVER = "never", _("Can be changed at any time")
        ALREADY = "already", _("Can no longer be changed")
        HOURS = "hours", _("Until some hours before dispatch")
        DAYS = "days", _("Until a time of day, some working days before dispatch")

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)
    aspects = models.JSONField(_("what"), default=list, blank=True)
    states = models.JSONField(_("states of the delivery"), default=list, blank=True)
    carriers = models.JSONField(_("carriers"), default=list, blank=True)
    methods = models.JSONField(_("ways of delivery"), default=list, blank=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    value_from = models.DecimalField(
        _("net value from"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    value_to = models.DecimalField(
        _("net value below"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    closes = models.CharField(_("limit"), max_length=10, choices=Closes)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    days = models.PositiveIntegerField(_("working days"), null=True, blank=True)
    at = models.TimeField(_("time of day"), null=True, blank=True)
    # What a change costs and how much later the goods come, as far as the rule can tell.
    fee = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(_("currency"), max_length=3, blank=True)
    later = models.PositiveIntegerField(_("working days later"), null=True, blank=True)
    reason = models.CharField(_("reason for customers"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("cut-off rule")
        verbose_name_plural = _("cut-off rules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class RiskPolicy(models.Model):
    """Which requests a person looks at before they go to the ERP. One row; without it, these
    defaults. ``value_above`` is the order's net value, whatever its currency."""

    new_country = models.BooleanField(_("Goes to another country"), default=True)
    po_box = models.BooleanField(_("Goes to a PO box"), default=True)
    contact_and_address = models.BooleanField(
        _("Changes contact and address together"), default=True
    )
    new_address = models.BooleanField(
        _("Goes to an address that is not in the book"), default=False
    )
    value_above = models.DecimalField(
        _("Order value above"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        default=10_000,
    )

    class Meta:
        verbose_name = _("review rule")
        verbose_name_plural = _("review rules")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class PickupPlace(models.Model):
    """A branch where customers may fetch their goods."""

    ref = models.CharField(_("code at the ERP"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("address"), blank=True)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("pick-up place")
        verbose_name_plural = _("pick-up places")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


placed(ChangeRequest, company="order__company_id", ship_to="order__ship_to_ref")
