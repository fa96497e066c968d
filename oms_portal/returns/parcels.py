"""A return's parcels, their labels, the proofs and the prints of these."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from oms_portal.customers.access import placed

from .kinds import LabelState, ParcelState
from .models import Return, new_key


class ReturnParcel(models.Model):
    """One parcel of a return. ``code`` is scanned: "R", nine digits, two of the parcel, a check
    digit. ``key`` names the wish for a label at the carrier for ever, so that asking twice makes
    one label. Leased by the worker like a command (``fence``)."""

    rma = models.ForeignKey(Return, models.CASCADE, related_name="parcels")
    sequence = models.PositiveIntegerField()
    code = models.CharField(max_length=15, unique=True)
    sscc = models.CharField(max_length=18, blank=True)
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    state = models.CharField(max_length=12, choices=ParcelState, default=ParcelState.WANTED)
    # The slug of the adapter that made its label (OMS_PORTAL["RETURN_CARRIERS"]).
    carrier = models.CharField(max_length=50, blank=True)
    service = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True, db_index=True)
    # The carrier's own name of the shipment: what voiding it asks for.
    carrier_ref = models.CharField(max_length=200, blank=True)
    # To be voided at the carrier, and whether that was done.
    void_wanted = models.BooleanField(default=False)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    # When its carrier was last asked where it is (``polling``).
    tracked_at = models.DateTimeField(null=True)
    # The day it is to be here, as its carrier's scans have it.
    due_on = models.DateField(null=True)
    # When our desk scanned it; ``arrival_told``: the return has heard of it.
    arrived_at = models.DateTimeField(null=True)
    arrival_told = models.BooleanField(default=False)
    damaged = models.BooleanField(default=False)
    # Goods on their way back to the customer: never expected here.
    outward = models.BooleanField(default=False)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["rma", "sequence"], name="oms_return_parcel"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="oms_return_parcel_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["sscc"], name="oms_return_parcel_sscc"),
            models.Index(fields=["state", "due_on"], name="oms_return_parcel_state"),
            models.Index(
                fields=["arrived_at"],
                name="oms_return_parcel_arrived",
                condition=models.Q(arrived_at__isnull=False, arrival_told=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Label(models.Model):
    """One version of a parcel's label. ``data`` is all that it is drawn from (``labels``): same
    data, same bytes. ``carried`` holds a carrier's own file instead, byte for byte.

    Only a verified one can be downloaded; ``link_key`` signs the links to it, a new one revokes
    them. ``valid_until`` is a day of the company's zone, to its end.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    parcel = models.ForeignKey(ReturnParcel, models.CASCADE, related_name="labels")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=LabelState, default=LabelState.READY)
    data = models.JSONField(default=dict)
    carried = models.BinaryField(null=True)
    media_type = models.CharField(max_length=50, blank=True)
    # What its codes must say: [{"symbology", "text"}].
    codes = models.JSONField(default=list)
    link_key = models.CharField(max_length=32, default=new_key)
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "version"], name="oms_label_version"),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=models.Q(state__in=["ready", "verified"]),
                name="oms_label_one_alive",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="oms_label_to_prove",
                condition=models.Q(state="ready"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel} v{self.version}"


class LabelProof(models.Model):
    """That a label, drawn in this size and format, was decoded and said what it must: the hash of
    exactly the bytes that may be handed out. ``size`` bears template and sheet position."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="proofs")
    template = models.CharField(max_length=20)
    size = models.CharField(max_length=30)
    format = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label", "template", "size", "format"], name="oms_label_proof"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.template} {self.size} {self.format}"


class LabelPrint(models.Model):
    """Who was handed a label, when, in which dress. ``via`` is "portal", "link" or "desk";
    ``reason`` is asked for when staff print one again."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="prints")
    at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=10)
    template = models.CharField(max_length=20)
    size = models.CharField(max_length=30)
    format = models.CharField(max_length=10)
    copies = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    station = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=250, blank=True)
    job = models.ForeignKey(
        "oms_portal.PrintJob", models.SET_NULL, null=True, related_name="prints"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"


placed(Label, company="parcel__rma__company_id", ship_to="parcel__rma__ship_to_ref")
