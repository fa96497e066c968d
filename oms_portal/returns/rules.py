"""What staff set: reasons, what is known of articles, places, and the policies with their versions."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .kinds import Claim, Method, Outcome, PlaceKind


class ReturnReason(models.Model):
    """A reason, in a tree of two levels. ``texts`` has the customers' words by language, "en"
    at least; a reason with children is a heading. ``kinds`` are those it is offered for."""

    class Liability(models.TextChoices):
        CUSTOMER = "customer", _("The customer")
        SUPPLIER = "supplier", _("Us")
        CARRIER = "carrier", _("The carrier")

    code = models.SlugField(_("code"), max_length=50, unique=True)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("heading"),
    )
    texts = models.JSONField(_("words for customers"), default=dict)
    kinds = models.JSONField(_("offered for"), default=list, blank=True)
    claim = models.CharField(_("claim"), max_length=10, choices=Claim, blank=True)
    liability = models.CharField(
        _("who is liable"), max_length=10, choices=Liability, default=Liability.CUSTOMER
    )
    photos = models.PositiveIntegerField(_("photos asked for"), default=0)
    asks_text = models.BooleanField(_("asks for a description"), default=False)
    asks_serial = models.BooleanField(_("asks for the serial number"), default=False)
    asks_lot = models.BooleanField(_("asks for the lot"), default=False)
    outcome = models.CharField(_("usual outcome"), max_length=12, choices=Outcome, blank=True)
    waives_fee = models.BooleanField(_("no fee"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("return reason")
        verbose_name_plural = _("return reasons")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """In the reader's language, else in English."""
        language = get_language() or "en"
        for name in (language, language.partition("-")[0], "en"):
            if text := self.texts.get(name):
                return str(text)
        return self.code


class Article(models.Model):
    """What policies and papers have to know of articles, which orders don't tell. ``skus`` are
    patterns ("AX-*"), each fits whole SKUs; the first row by position that fits one describes it.

    ``weight`` is the net weight of one unit in kg; ``hs_code`` has 6 to 10 digits; ``origin`` is an
    ISO 3166-1 alpha-2 country.
    """

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveIntegerField(_("position"), default=0)
    skus = models.JSONField(_("SKUs"), default=list)
    category = models.CharField(_("category"), max_length=100, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    final_sale = models.BooleanField(_("final sale"), default=False)
    hazardous = models.BooleanField(_("dangerous goods"), default=False)
    cold_chain = models.BooleanField(_("needs cooling"), default=False)
    # How to pack it, by language.
    notes = models.JSONField(_("how to pack it"), default=dict, blank=True)
    hs_code = models.CharField(_("HS code"), max_length=10, blank=True)
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    weight = models.DecimalField(
        _("net weight of a unit (kg)"), max_digits=12, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("article group")
        verbose_name_plural = _("article groups")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ReturnPlace(models.Model):
    """Where goods go: our warehouses, branches and vendors (``ref`` is the ERP's location), and
    the parcel shops of the in-house carrier. ``address`` is one as on the wire."""

    ref = models.CharField(_("code at the ERP"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind)
    name = models.CharField(_("name"), max_length=200)
    address = models.JSONField(_("address"), default=dict)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("return place")
        verbose_name_plural = _("return places")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class ReturnPolicy(models.Model):
    """What may come back, until when and how. Of the active ones, the first that fits a delivered
    line decides; what none fits can't be returned online. Each save is a new ``version``.

    An empty list of a condition fits everything. ``companies`` are patterns of customer numbers;
    ``categories``, ``tags`` and ``brands`` those of ``Article``; ``reasons`` codes (of a heading:
    with all below it); ``value_from`` and ``value_below`` the value of the units, net.
    """

    class Anchor(models.TextChoices):
        DELIVERED = "delivered", _("delivery")
        SHIPPED = "shipped", _("dispatch")
        INVOICED = "invoiced", _("invoice")
        ORDERED = "ordered", _("order")

    class Approval(models.TextChoices):
        AUTO = "auto", _("at once")
        BELOW = "below", _("at once below a value, else by us")
        AGENT = "agent", _("by us")
        ERP = "erp", _("by the ERP")

    class Pays(models.TextChoices):
        SUPPLIER = "supplier", _("We do")
        CUSTOMER = "customer", _("The customer does")
        LIABLE = "liable", _("Whoever is liable by the reason")

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    companies = models.JSONField(_("customers"), default=list, blank=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    brands = models.JSONField(_("brands"), default=list, blank=True)
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    conditions = models.JSONField(_("conditions of the goods"), default=list, blank=True)
    final_sale = models.BooleanField(_("final sale"), null=True, blank=True)
    value_from = models.DecimalField(
        _("net value from"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    value_below = models.DecimalField(
        _("net value below"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    allowed = models.BooleanField(_("can be returned"), default=True)
    # Why not, by language.
    refusal = models.JSONField(_("reason for customers"), default=dict, blank=True)
    window_days = models.PositiveIntegerField(_("days"), null=True, blank=True, default=30)
    window_from = models.CharField(
        _("counted from"), max_length=10, choices=Anchor, default=Anchor.DELIVERED
    )
    methods = models.JSONField(_("ways back"), default=list, blank=True)
    outcomes = models.JSONField(_("outcomes"), default=list, blank=True)
    fee_percent = models.DecimalField(
        _("restocking fee (%)"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    # In the order's currency, for each line.
    fee_fixed = models.DecimalField(
        _("restocking fee (amount)"), max_digits=10, decimal_places=2, default=Decimal(0)
    )
    shipping_fee = models.DecimalField(
        _("shipping back"), max_digits=10, decimal_places=2, default=Decimal(0)
    )
    pays = models.CharField(
        _("who pays the way back"), max_length=10, choices=Pays, default=Pays.LIABLE
    )
    photos = models.PositiveIntegerField(_("photos asked for"), default=0)
    photos_from = models.DecimalField(
        _("photos asked for from a net value of"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
    )
    asks_text = models.BooleanField(_("asks for a description"), default=False)
    asks_serial = models.BooleanField(_("asks for the serial number"), default=False)
    approval = models.CharField(
        _("approved"), max_length=10, choices=Approval, default=Approval.AUTO
    )
    approval_below = models.DecimalField(
        _("below a net value of"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    # Below this value the goods need not come back.
    keep_below = models.DecimalField(
        _("nothing to send back below a net value of"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
    )
    # None: where the delivery came from.
    destination = models.ForeignKey(
        ReturnPlace,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("goes to"),
    )
    # Days for handing the goods over, once approved.
    hand_over_days = models.PositiveIntegerField(_("days for sending it"), default=28)

    class Meta:
        verbose_name = _("return policy")
        verbose_name_plural = _("return policies")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """A policy as it was saved: all its columns. Never changed, never deleted."""

    policy = models.ForeignKey(ReturnPolicy, models.SET_NULL, null=True, related_name="versions")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    columns = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "version"], name="oms_policy_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


__all__ = [
    "Article",
    "Method",
    "PolicyVersion",
    "ReturnPlace",
    "ReturnPolicy",
    "ReturnReason",
]
