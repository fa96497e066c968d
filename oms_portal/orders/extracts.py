"""What is computed of orders, so that finding one and telling what moved reads little of them.

A key without an index of its own is the first of another one: an event writes these by the dozen.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from oms_portal.customers.access import placed
from oms_portal.customers.models import Company

from .models import Order


class SearchTerm(models.Model):
    """A word an order is found by (``search``): number, reference, SKU, tracking number, serial."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="search_terms")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    term = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "term"],
                name="oms_term_company",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.term


class DeliveryUpdate(models.Model):
    """One thing that moved: an entry of the feed over all orders of a company (``updates``).

    Computed from facts and scans; ``key`` is the same however often and in what order they come.
    ``occurred_at`` is by the ERP's or the carrier's clock; ``noted_at`` is when we heard of it,
    which is what makes it new to a reader. ``kind`` is a ``updates.News``.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="updates", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    ship_to_ref = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    # A delay or a problem: few are, so that those alone are found by an index of their own.
    trouble = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    noted_at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="oms_update_once"),
        ]
        indexes = [
            models.Index(fields=["company", "-occurred_at", "-id"], name="oms_update_company"),
            models.Index(
                fields=["company", "ship_to_ref", "-occurred_at", "-id"], name="oms_update_place"
            ),
            models.Index(
                fields=["company", "-occurred_at", "-id"],
                name="oms_update_trouble",
                condition=models.Q(trouble=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at}"


placed(DeliveryUpdate, company="company_id", ship_to="ship_to_ref")
