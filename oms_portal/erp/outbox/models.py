"""What is to be told to an ERP, every attempt at it, and whether that ERP is worth trying now."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms_portal.erp.models import Source


class Command(models.Model):
    """A wish on its way to an ERP. ``key`` names it there and never changes, so that it takes
    effect once however often it is sent. Commands of one order go one after the other, by ``pk``.

    ``payload`` is what the connector sends; ``deadline`` when it is no longer worth sending;
    ``uncertain`` says that the ERP may have carried it out without our hearing so.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENT = "sent", _("being sent")
        RETRYING = "retrying", _("to be sent again")
        ACCEPTED = "accepted", _("taken by the ERP")
        APPLIED = "applied", _("carried out")
        COUNTERED = "countered", _("answered with another offer")
        REJECTED = "rejected", _("refused by the ERP")
        DEAD = "dead", _("given up")
        SUPERSEDED = "superseded", _("no longer wanted")

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="commands")
    kind = models.CharField(max_length=50)
    order_ref = models.CharField(max_length=100)
    # Whose order it is: only a source that may speak for them answers it.
    customer_ref = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    requested_by = models.CharField(max_length=254, blank=True)
    on_behalf_of = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    first_sent_at = models.DateTimeField(null=True)
    # When the ERP's word came that it has it; then when the last word came.
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    uncertain = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    # Grows with every claim; a worker that lost its lease can no longer write its result.
    fence = models.PositiveIntegerField(default=0)
    # The ERP's last word: its code, its text, its own number for it, its other offer.
    code = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    counter = models.JSONField(null=True, blank=True)
    # Why it waits or was given up, for staff.
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        ordering = ["-pk"]
        permissions = [("replay_command", "Can send commands again and give them up")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "order_ref"],
                condition=models.Q(state="sent"),
                name="oms_command_in_flight",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="oms_command_due",
                condition=models.Q(state__in=["queued", "sent", "retrying"]),
            ),
            models.Index(fields=["source", "order_ref", "id"], name="oms_command_order"),
            models.Index(fields=["state", "queued_at"], name="oms_command_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_ref}"


class Attempt(models.Model):
    """One sending of a command. ``ended_at`` stays null where the worker died over it."""

    command = models.ForeignKey(Command, models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField()
    fence = models.PositiveIntegerField()
    worker = models.CharField(max_length=100)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.command} #{self.number}"


class Breaker(models.Model):
    """Whether an ERP is worth trying, shared by all processes.

    No attempt starts before ``free_at``; whoever starts one moves it on by ``gap`` seconds, in one
    conditional UPDATE. ``opened_at``: since when nothing but single probes go out, ``wait`` seconds
    apart.
    """

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="breaker")
    failures = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    wait = models.FloatField(default=0)
    free_at = models.DateTimeField(default=timezone.now)
    gap = models.FloatField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.source}: {'open' if self.opened_at else 'closed'}"
