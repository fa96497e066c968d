"""Companies as the ERP tells them, and the people the portal lets in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    VIEWER = "viewer", _("Viewer")
    BUYER = "buyer", _("Buyer")
    RETURNS = "returns", pgettext_lazy("role", "Returns")
    ADDRESS_EDITOR = "address_editor", _("Address editor")
    ADMIN = "admin", _("Administrator")


class Company(models.Model):
    """A customer of the supplier. A ref can be heard of (as a parent, on an order) before its own
    event comes: ``told`` is false until then and the name is still the ref."""

    ref = models.CharField(max_length=100, unique=True)
    told = models.BooleanField(default=False)
    number = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries"
    )
    language = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    vat = models.CharField(max_length=50, blank=True)
    gln = models.CharField(max_length=13, blank=True)
    delivery_rules = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A place in a company's book. One that the ERP no longer tells of is archived, not deleted:
    people's scopes and old orders point to it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="addresses")
    ref = models.CharField(max_length=100)
    kind = models.JSONField(default=list)
    name = models.CharField(max_length=200)
    lines = models.JSONField(default=list)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    gln = models.CharField(max_length=13, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    instructions = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["name", "ref"]
        constraints = [
            models.UniqueConstraint(fields=["company", "ref"], name="oms_address_company_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Scope(models.Model):
    """What a membership or an invitation covers: a company in a role, all of it or some ship-tos."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="%(class)ss")
    role = models.CharField(max_length=20, choices=Role)
    include_subsidiaries = models.BooleanField(default=False)
    all_ship_tos = models.BooleanField(default=True)
    ship_tos = models.ManyToManyField(Address, blank=True, related_name="+")

    class Meta:
        abstract = True


class Membership(Scope):
    """A person's standing at a company. Somebody may have several, at one company or at many."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="oms_memberships"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "role"], name="oms_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company} · {self.get_role_display()}"


class Invitation(Scope):
    """A single-use way in, bound to one e-mail address; only the SHA-256 of its token is kept."""

    email = models.EmailField()
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Given by one of the supplier's own people, whose right to it is not a company's.
    by_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} · {self.company}"
