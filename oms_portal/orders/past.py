"""What was told of an order so far: its versions, the facts they come to, its dates as they moved."""

from __future__ import annotations

from django.db import models

from oms_portal.customers.access import placed

from .models import Order
from .moments import MomentField


class OrderVersion(models.Model):
    """What one event said of an order, reduced to what its history is made of (``history``).

    Every event leaves one, also an older one that comes late: the history is the same in any
    order of delivery.
    """

    order_ref = models.CharField(max_length=100)
    rank = models.CharField(max_length=600)
    occurred_at = models.DateTimeField()
    source = models.ForeignKey("oms_portal.Source", models.PROTECT, related_name="+")
    snapshot = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_ref", "rank"], name="oms_order_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.rank}"


class OrderFact(models.Model):
    """One entry of an order's timeline: what happened, when by the ERP's clock, who told it."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="facts")
    rank = models.CharField(max_length=600)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    source = models.ForeignKey("oms_portal.Source", models.PROTECT, related_name="+")
    # What the words of the fact need: shipment numbers, quantities, dates.
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["occurred_at", "rank", "position"]

    def __str__(self) -> str:
        return self.kind


class Promise(models.Model):
    """One entry of the promise ledger: at ``made_at`` the line's date was first given or moved.

    The first entry of a line is its first promise, the last its current one.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="promise_ledger")
    line_ref = models.CharField(max_length=100)
    rank = models.CharField(max_length=600)
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    starts = MomentField()
    ends = MomentField(null=True)
    quantity = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    # Days after (positive) or before the line's first promise.
    days_late = models.IntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.line_ref}: {self.kind} {self.starts}"


for _model in (OrderFact, Promise):
    placed(_model, company="order__company_id", ship_to="order__ship_to_ref")
