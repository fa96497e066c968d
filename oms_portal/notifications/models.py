"""E-mails to be sent, and alerts to staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """An e-mail, written in the transaction of what it tells; ``key`` lets it be written once.

    The worker sends it under a lease; one that was handed to the mail server is never sent again.
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="oms_mail_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class Alert(models.Model):
    """Something that staff must see to. ``kind`` is one of ``alerts.KINDS``, ``about`` names the
    thing ("command:17"); while one is open there is no second of the same. ``due_at`` is by when
    somebody should have taken it up."""

    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=100)
    order_ref = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)
    raised_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=models.Q(done_at__isnull=True),
                name="oms_alert_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
