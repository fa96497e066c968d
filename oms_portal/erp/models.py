"""Who may send, with which keys, what came in, and which record is the newest truth."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A system that sends events: an ERP, a warehouse, a carrier.

    ``uri`` is the CloudEvents ``source`` ("/erp/main"), ``slug`` its name in paths ("main").
    It may speak only for its ``customers`` (refs) unless ``all_customers``, and only of its
    ``types`` where that list is not empty.
    """

    slug = models.SlugField(unique=True)
    uri = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)
    all_customers = models.BooleanField(default=False)
    customers = models.JSONField(default=list, blank=True)
    types = models.JSONField(default=list, blank=True)
    # Customers are told how fresh the orders of these sources are.
    watched = models.BooleanField(default=True)
    stale_after = models.PositiveIntegerField(null=True, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        permissions = [("handout_source", "Can hand out and revoke secrets and keys")]

    def __str__(self) -> str:
        return self.name

    def speaks_for(self, customer_refs: set[str]) -> bool:
        return self.all_customers or customer_refs <= set(self.customers)

    def speaks_of(self, event_type: str) -> bool:
        return not self.types or event_type in self.types


class SourceSecret(models.Model):
    """A webhook secret of a source, sealed with OMS_PORTAL["SECRET_KEYS"]; several may be live."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="secrets")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source} {self.created_at:%Y-%m-%d}"


class ApiKey(models.Model):
    """A bearer key of a source: ``oms_<prefix>_<secret>``; only the SHA-256 of the whole is kept."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"oms_{self.prefix}_…"


class InboundEvent(models.Model):
    """One event as it came, for ever unique by source and id, and what became of it."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        APPLIED = "applied", _("applied")
        SUPERSEDED = "superseded", _("older than what is known")
        IGNORED = "ignored", _("of a type not known here")
        QUARANTINED = "quarantined", _("in quarantine")

    source = models.ForeignKey(Source, models.PROTECT, related_name="events")
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=255, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    # The bytes that were signed; for an item of a batch, the item's own bytes. Pruned in time.
    body = models.BinaryField(null=True)
    # SHA-256 of the canonical JSON: the same however the event was indented or batched.
    body_digest = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State)
    problem = models.JSONField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    # Grows with every claim; a worker that lost its lease can no longer write its result.
    fence = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("replay_inboundevent", "Can replay events")]
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="oms_event_source_id"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="oms_event_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["state", "received_at"], name="oms_event_state"),
            models.Index(fields=["received_at"], name="oms_event_received"),
            models.Index(fields=["subject", "received_at"], name="oms_event_subject"),
            models.Index(fields=["type", "received_at"], name="oms_event_type"),
        ]

    def __str__(self) -> str:
        return f"{self.source.slug}/{self.event_id}"


class Record(models.Model):
    """The newest state told of each record, by kind and ref: what "newer" is measured against.

    ``rank`` orders (version, time, id) as one string, so that a single conditional UPDATE decides.
    ``event`` still has the body, which is why pruning spares it.
    """

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=300)
    rank = models.CharField(max_length=600)
    version = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    event = models.ForeignKey(InboundEvent, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref"], name="oms_record_kind_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} v{self.version}"
