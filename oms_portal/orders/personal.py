"""What people keep of a company's orders for themselves: saved views, and how far they have read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from oms_portal.customers.models import Company


class SavedView(models.Model):
    """A person's own name for a filtered, sorted list; ``query`` as in the list's address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oms_views")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "name"], name="oms_view_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """How far a person has read a company's updates: what came after ``read_until`` is new."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oms_visits")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    read_until = models.DateTimeField()
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company"], name="oms_visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.read_until}"
