"""Orders as the ERP tells them. Rows are replaced by events and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oms_portal.customers.access import placed
from oms_portal.customers.models import Company

from .moments import MomentField


class OrderStatus(models.TextChoices):
    """The header's status, computed from the lines' counters (``rollup``)."""

    RECEIVED = "received", _("Received")
    CONFIRMED = "confirmed", _("Confirmed")
    PROCESSING = "processing", _("In preparation")
    PARTIALLY_SHIPPED = "partially_shipped", _("Partly on its way")
    SHIPPED = "shipped", _("On its way")
    PARTIALLY_DELIVERED = "partially_delivered", _("Partly delivered")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    ON_HOLD = "on_hold", _("On hold")


class ShipmentStatus(models.TextChoices):
    """What the seller did with a shipment; the carrier's word is TrackingStatus, apart from it."""

    PLANNED = "planned", _("Planned")
    RELEASED = "released", _("Released to the warehouse")
    PICKING = "picking", _("Being picked")
    PACKED = "packed", _("Packed")
    DISPATCHED = "dispatched", _("Handed to the carrier")
    DELIVERED = "delivered", _("Delivered")
    READY_FOR_PICKUP = "ready_for_pickup", _("Ready for pick-up")
    COLLECTED = "collected", _("Collected")
    RETURNED_TO_SENDER = "returned_to_sender", _("Returned to us")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("In progress")


# A delivery that has not left yet.
HERE = (
    ShipmentStatus.PLANNED,
    ShipmentStatus.RELEASED,
    ShipmentStatus.PICKING,
    ShipmentStatus.PACKED,
)


class TrackingStatus(models.TextChoices):
    """The carrier's word on a parcel."""

    PENDING = "pending", _("Waiting for the carrier")
    PRE_TRANSIT = "pre_transit", _("Announced to the carrier")
    IN_TRANSIT = "in_transit", _("On its way")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    ATTEMPT_FAILED = "attempt_failed", _("Delivery attempt failed")
    AVAILABLE_FOR_PICKUP = "available_for_pickup", _("Waiting at the pick-up point")
    EXCEPTION = "exception", _("Problem on the way")
    RETURNING = "returning", _("On its way back to us")
    RETURNED = "returned", _("Returned to us")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("No longer tracked")
    UNKNOWN = "unknown", _("No news yet")


def _sorted_by(name: str, *fields: str) -> Iterator[models.Index]:
    """What gives the list in order (``sorting``), for a whole company and for one ship-to."""
    for scope, where in (("list", ["company"]), ("place", ["company", "ship_to_ref"])):
        yield models.Index(
            fields=[*where, *fields],
            name=f"oms_order_{scope}_{name}",
            condition=models.Q(archived_at__isnull=True),
        )


def _beginning(name: str, index: str) -> models.Index:
    """What answers "begins with" as well as "is" (PostgreSQL wants an operator class for it)."""
    return models.Index(fields=[name], name=index, opclasses=["varchar_pattern_ops"])


class Order(models.Model):
    """One order, complete. ``slug`` is its name in URLs: the number, made unique where two
    companies share one. Flags that depend on the clock (late, stale) are never stored."""

    ref = models.CharField(max_length=100, unique=True)
    slug = models.CharField(max_length=250, unique=True)
    number = models.CharField(max_length=100)
    company = models.ForeignKey(Company, models.PROTECT, related_name="orders")
    ship_to_ref = models.CharField(max_length=100, blank=True)
    customer_reference = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=19, decimal_places=4)
    tax = models.DecimalField(max_digits=19, decimal_places=4)
    gross = models.DecimalField(max_digits=19, decimal_places=4)
    requested_from = MomentField(null=True)
    requested_to = MomentField(null=True)
    delivery_address = models.JSONField(default=dict)
    billing_address = models.JSONField(null=True)
    terms = models.CharField(max_length=200, blank=True)
    incoterm = models.CharField(max_length=100, blank=True)
    cost_centre = models.CharField(max_length=100, blank=True)
    on_hold = models.BooleanField(default=False)
    raw_status = models.CharField(max_length=200, blank=True)
    version = models.BigIntegerField()
    told_at = models.DateTimeField(help_text="The time of the newest event, by the ERP's clock.")
    # Computed by the roll-up whenever an event or a scan moves the order.
    status = models.CharField(max_length=20, choices=OrderStatus)
    backordered = models.BooleanField(default=False)
    exception = models.BooleanField(default=False)
    correction = models.BooleanField(default=False)
    # When the first open units are due, and when the last are, by the current promises; null once
    # nothing is open. A date ends with its day at the customer's, so "late" is asked when read.
    due = MomentField(null=True)
    promised = MomentField(null=True)
    # What a row of the list says, so that a page of them is one query.
    items = models.PositiveIntegerField(default=0)
    shipments_total = models.PositiveIntegerField(default=0)
    shipments_delivered = models.PositiveIntegerField(default=0)
    # Of the deliveries under way, when the first is expected; and when the last that came, came.
    arriving = MomentField(null=True)
    arrived_at = models.DateTimeField(null=True)
    # SHA-256 of the search terms that stand for it (``SearchTerm``): unchanged, none are written.
    terms_digest = models.CharField(max_length=64, blank=True)
    # What ``history.step`` carries from one event to the next.
    history = models.JSONField(default=dict)
    archived_at = models.DateTimeField(null=True)
    # How many change requests are open (``changes``): not the ERP's, and no event touches it.
    changes_open = models.PositiveIntegerField(default=0)
    # How many returns of its goods are open (``returns``): no event touches it either.
    returns_open = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        indexes = [
            *_sorted_by("placed", "-placed_at", "-id"),
            *_sorted_by("number", "number", "id"),
            *_sorted_by("due", "due", "-placed_at", "-id"),
            models.Index(
                fields=["company", "arriving"],
                name="oms_order_arriving",
                condition=models.Q(arriving__isnull=False, archived_at__isnull=True),
            ),
            models.Index(
                fields=["company", "arrived_at"],
                name="oms_order_arrived",
                condition=models.Q(arrived_at__isnull=False, archived_at__isnull=True),
            ),
            models.Index(
                fields=["company", "-placed_at"],
                name="oms_order_attention",
                condition=models.Q(models.Q(exception=True) | models.Q(on_hold=True)),
            ),
            models.Index(
                fields=["company", "-placed_at"],
                name="oms_order_changing",
                condition=models.Q(changes_open__gt=0),
            ),
            models.Index(
                fields=["company", "-placed_at"],
                name="oms_order_returning",
                condition=models.Q(returns_open__gt=0),
            ),
            # Staff find orders of all companies by how these begin.
            _beginning("number", "oms_order_number"),
            _beginning("customer_reference", "oms_order_reference"),
            models.Index(fields=["-placed_at", "-id"], name="oms_order_newest"),
            models.Index(
                fields=["due"], name="oms_order_due", condition=models.Q(due__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oms_portal:order", args=[self.slug])


class OrderLine(models.Model):
    """A line as told: quantity counters, never a status word. Shown clamped (``counters``)."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        CHARGE = "charge", _("Charge")
        COMMENT = "comment", _("Comment")

    # No index of its own: (order, ref) begins with it. So does a shipment's.
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=100)
    number = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind)
    sku = models.CharField(max_length=100, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    description = models.TextField()
    unit = models.CharField(max_length=10)
    unit_price = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    ordered = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    cancelled = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    confirmed = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    backordered = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    allocated = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    shipped = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    delivered = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    returned = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))
    # As told: [{kind, from, to?, quantity?}], the current ones.
    promises = models.JSONField(default=list)
    serials = models.JSONField(default=list)
    lot = models.CharField(max_length=100, blank=True)
    # Counters that contradict each other, by name; the page shows them clamped.
    contradictions = models.JSONField(default=list)
    # Rolled up, so that an order of thousands of lines is told in a few columns: whether units
    # are to come, when the first and when the last of them are due, and how many units that are
    # still wanted lie in no delivery yet.
    is_open = models.BooleanField(default=False)
    due = MomentField(null=True)
    promised = MomentField(null=True)
    unplanned = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(0))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "ref"], name="oms_line_order_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"


class Shipment(models.Model):
    """A delivery as told. ``thread`` stays the same when the ERP replaces it by another."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments", db_index=False)
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=100)
    thread = models.CharField(max_length=120)
    number = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=ShipmentStatus)
    raw_status = models.CharField(max_length=200, blank=True)
    from_location = models.JSONField(default=dict)
    method = models.CharField(max_length=10)
    carrier_code = models.CharField(max_length=50, blank=True)
    carrier_name = models.CharField(max_length=200, blank=True)
    service = models.CharField(max_length=200, blank=True)
    planned_on = MomentField(null=True)
    shipped_at = models.DateTimeField(null=True)
    eta_from = MomentField(null=True)
    eta_to = MomentField(null=True)
    delivered_at = models.DateTimeField(null=True)
    address = models.JSONField(null=True)
    freight = models.JSONField(null=True)
    pickup = models.JSONField(null=True)
    proof_of_delivery = models.JSONField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "ref"], name="oms_shipment_order_ref"),
        ]
        indexes = [
            _beginning("number", "oms_shipment_number"),
            models.Index(
                fields=["planned_on"],
                name="oms_shipment_leaving",
                condition=models.Q(status__in=[status.value for status in HERE]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Package(models.Model):
    """A parcel or pallet of a shipment, with what its scans say (computed, ``tracking``)."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="packages")
    position = models.PositiveIntegerField()
    sscc = models.CharField(max_length=18, blank=True)
    carrier_code = models.CharField(max_length=50, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True, db_index=True)
    # As told; what a customer may follow is decided by ``tracking.links``.
    tracking_url = models.CharField(max_length=2000, blank=True)
    # [{line_ref, quantity, lot?, serials?[]}]
    lines = models.JSONField(default=list)
    tracking_status = models.CharField(max_length=20, choices=TrackingStatus, blank=True)
    tracking_detail = models.CharField(max_length=20, blank=True)
    tracking_at = models.DateTimeField(null=True)
    tracking_eta = MomentField(null=True)
    tracking_scans = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["tracking_status", "shipment"], name="oms_package_tracking"),
            models.Index(fields=["sscc"], name="oms_package_sscc"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or self.sscc or str(self.position)


class Scan(models.Model):
    """A carrier's scan: a fact in a set that only grows, told of a number that may be recycled.

    A source that tells the same id with other content adds another fact; which of them is shown
    is decided by their content (``tracking.attach``), so the order of arrival never matters.
    """

    source = models.ForeignKey("oms_portal.Source", models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=50)
    tracking_number = models.CharField(max_length=100)
    scan_id = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=TrackingStatus)
    detail = models.CharField(max_length=20, blank=True)
    raw_code = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField()
    eta = MomentField(null=True)
    # The order the carrier named, where it did: then the scan belongs to that one's parcel only.
    order_ref = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all that the source told.")

    class Meta:
        ordering = ["occurred_at", "scan_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracking_number", "carrier", "source", "scan_id", "digest"],
                name="oms_scan_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tracking_number}: {self.status}"


class Document(models.Model):
    """A paper of an order, as told. ``content`` where the ERP sent the bytes along.

    Company and ship-to are the order's, so that the papers of 100,000 orders come newest first.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="documents")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    ship_to_ref = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=100)
    issued_on = MomentField()
    url = models.CharField(max_length=2000, blank=True)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["company", "-issued_on", "-id"], name="oms_paper_company"),
            models.Index(
                fields=["company", "ship_to_ref", "-issued_on", "-id"], name="oms_paper_place"
            ),
            models.Index(fields=["company", "kind", "-issued_on", "-id"], name="oms_paper_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


placed(Order, company="company_id", ship_to="ship_to_ref")
for _model in (OrderLine, Shipment):
    placed(_model, company="order__company_id", ship_to="order__ship_to_ref")
placed(Document, company="company_id", ship_to="ship_to_ref")
placed(Package, company="shipment__order__company_id", ship_to="shipment__order__ship_to_ref")
