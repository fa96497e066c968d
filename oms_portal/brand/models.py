"""A site's brand, as marketers set it in Wagtail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string


class Corners(models.TextChoices):
    SQUARE = "square", _("Square")
    SOFT = "soft", _("Slightly rounded")
    ROUND = "round", _("Round")


class Typeface(models.TextChoices):
    """HOST: as the page around."""

    HOST = "host", _("As on the page around")
    SANS = "sans", _("Sans serif of the device")
    SERIF = "serif", _("Serif of the device")
    HUMANIST = "humanist", _("Humanist")
    GEOMETRIC = "geometric", _("Geometric")


@register_setting(icon="oms-tracker")
class PortalBrand(BaseSiteSetting):  # type: ignore[misc]  # Wagtail has no types
    """Empty fields leave the host's own style sheet alone. Colours are #rrggbb."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    logo = models.ForeignKey(
        get_image_model_string(), models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    accent_dark = models.CharField(_("accent colour in dark mode"), max_length=7, blank=True)
    corners = models.CharField(_("corners"), max_length=10, choices=Corners, blank=True)
    font = models.CharField(_("text font"), max_length=10, choices=Typeface, blank=True)
    heading_font = models.CharField(_("heading font"), max_length=10, choices=Typeface, blank=True)
    support_name = models.CharField(_("who to ask"), max_length=80, blank=True)
    support_phone = models.CharField(_("phone"), max_length=50, blank=True)
    support_email = models.EmailField(_("e-mail"), blank=True)
    support_hours = models.CharField(_("reachable"), max_length=120, blank=True)
    footer = models.TextField(_("footer"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("order portal brand")
