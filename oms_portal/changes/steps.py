"""What a history holds, whatever it is the history of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Step(models.Model):
    """Which verb, by whom, for whom, why. Never changed, never deleted.

    ``source`` is "customer", "staff", "erp", "carrier" or "clock"; ``key`` that of the form which
    did it. A history adds ``state``, the one it led to, and what it is the history of.
    """

    verb = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=10)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.verb
