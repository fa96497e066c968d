"""Words that staff gave to codes, and the codes that nobody gave words to yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a code is a code of."""

    ORDER = "order", _("Order status")
    SHIPMENT = "shipment", _("Delivery status")
    TRACKING = "tracking", _("Carrier status")
    REASON = "reason", _("Reason for a new date")


class Audience(models.TextChoices):
    CUSTOMER = "customer", _("Customers")
    STAFF = "staff", _("Staff")


class StatusWord(models.Model):
    """The word for a code: the ERP's own ("ZF2") or one of ours ("on_hold").

    Empty ``audience``, ``language`` and null ``site`` mean "all"; the narrowest row that fits
    counts, an ERP's own code before ours.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=200)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, blank=True)
    site = models.ForeignKey(
        "wagtailcore.Site", models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=20, blank=True)
    word = models.CharField(_("word"), max_length=60)
    text = models.CharField(_("explanation"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("status word")
        verbose_name_plural = _("status words")
        ordering = ["kind", "code", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "audience", "language", "site"], name="oms_word_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "code", "audience", "language"],
                name="oms_word_everywhere_once",
                condition=models.Q(site=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.word}"


class UnknownCode(models.Model):
    """A code that a source sent and that has no word yet; customers read a safe general one."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=200)
    source = models.ForeignKey("oms_portal.Source", models.CASCADE, related_name="+")
    times = models.PositiveIntegerField(_("times seen"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    example = models.CharField(_("seen on"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unknown code")
        verbose_name_plural = _("unknown codes")
        ordering = ["-last_seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "source"], name="oms_unknown_once"),
        ]

    def __str__(self) -> str:
        return self.code
