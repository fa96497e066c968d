"""What staff set for inspecting: grades, checklists, and what is suggested for which goods."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from oms_portal.returns.rules import ReturnPolicy

from .kinds import Disposition


class Grade(models.Model):
    """How good goods are that came back. ``texts`` names it and ``examples`` shows what is meant,
    both by language, "en" at least."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    texts = models.JSONField(_("name"), default=dict)
    examples = models.JSONField(_("examples"), default=dict, blank=True)
    # Whether goods of this grade are usually taken, and what usually becomes of them.
    accepted = models.BooleanField(_("usually accepted"), default=True)
    disposition = models.CharField(
        _("usually"), max_length=12, choices=Disposition, default=Disposition.RESTOCK
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return in_language(self.texts) or self.code

    @property
    def example(self) -> str:
        return in_language(self.examples)


class Checklist(models.Model):
    """What to look at, and what belongs to the goods, for articles of these categories (of
    ``Article``; none: all). The first by position that fits is shown.

    ``checks`` and ``accessories``: [{"code", "texts": {language: words}}].
    """

    name = models.CharField(_("name"), max_length=100)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    checks = models.JSONField(_("what to look at"), default=list, blank=True)
    accessories = models.JSONField(_("what belongs to it"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class DispositionRule(models.Model):
    """What is suggested for goods: the first active rule by position that fits policy, grade and
    reason. An empty condition fits everything; where none fits, the grade says it.

    ``policy`` is the one that was frozen on the line; ``reasons`` are codes, of a heading with all
    below it; ``fee_percent`` of the net value, None: as the policy has it.
    """

    name = models.CharField(_("name"), max_length=100)
    policy = models.ForeignKey(
        ReturnPolicy,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("policy"),
    )
    grades = models.JSONField(_("grades"), default=list, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    accepted = models.BooleanField(_("accept"), default=True)
    disposition = models.CharField(_("what becomes of it"), max_length=12, choices=Disposition)
    fee_percent = models.DecimalField(
        _("fee (%)"), max_digits=5, decimal_places=2, null=True, blank=True, default=None
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("inspection rule")
        verbose_name_plural = _("inspection rules")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fee_percent__isnull=True)
                | models.Q(fee_percent__gte=Decimal(0), fee_percent__lte=Decimal(100)),
                name="oms_disposition_fee",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def in_language(texts: dict[str, str]) -> str:
    """In the reader's language, else in English, else ""."""
    language = get_language() or "en"
    for name in (language, language.partition("-")[0], "en"):
        if text := texts.get(name):
            return str(text)
    return ""
