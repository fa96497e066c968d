"""A site's brand, as marketers set it in Wagtail."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string
from wagtail.models import PreviewableMixin

from .colours import DARK, READABLE, WHITE, Colour, contrast, nearest, parse


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


LOOK = ("accent", "accent_dark", "corners", "font", "heading_font")
PREVIEW_SALT = "oms_portal.brand.preview"
PREVIEW_SECONDS = 600


@register_setting(icon="oms-tracker")
class PortalBrand(PreviewableMixin, BaseSiteSetting):
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

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("logo")], heading=_("Who you are")),
        MultiFieldPanel(
            [
                FieldPanel(
                    "accent",
                    help_text=_("For links and buttons, as #rrggbb. It must be readable on white."),
                ),
                FieldPanel(
                    "accent_dark",
                    help_text=_("Leave it empty, and we take a lighter tone of the same colour."),
                ),
                FieldPanel("corners"),
                FieldRowPanel([FieldPanel("font"), FieldPanel("heading_font")]),
            ],
            heading=_("Look"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("support_name"),
                FieldRowPanel([FieldPanel("support_phone"), FieldPanel("support_email")]),
                FieldPanel("support_hours"),
            ],
            heading=_("Customer service"),
        ),
        FieldPanel("footer"),
    ]

    class Meta:
        verbose_name = _("order portal brand")

    def clean(self) -> None:
        super().clean()
        faults = {
            "accent": _fault(self.accent, WHITE),
            "accent_dark": _fault(self.accent_dark, DARK),
        }
        if self.accent_dark and not self.accent:
            faults["accent_dark"] = _now("Please choose the accent colour for light mode too.")
        if found := {field: fault for field, fault in faults.items() if fault}:
            raise ValidationError(found)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "oms_portal/brand/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """``look`` is what the sheet is asked for, as nothing of it is saved yet."""
        from .queries import described  # it reads this module

        look = {field: getattr(self, field) for field in LOOK}
        brand = described(self, self.site.site_name)
        return {"brand": brand, "look": signing.dumps(look, salt=PREVIEW_SALT)}


def previewed(look: str) -> PortalBrand | None:
    """The brand that an editor looks at before it is saved; None for what we did not sign."""
    try:
        fields = signing.loads(look, salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        return None
    return PortalBrand(**fields)


def _fault(text: str, surface: Colour) -> str:
    """What is wrong with a colour for text on this surface, and which would do; "" for nothing."""
    colour = parse(text)
    if colour is None:
        return _now("Please write the colour as #rrggbb, for example #0a5a9c.") if text else ""
    ratio = contrast(colour, surface)
    if ratio >= READABLE:
        return ""
    # Cut, not rounded: 4.499 must not read as the 4.5 that it misses.
    measured = number_format(int(ratio * 100) / 100, 2)
    words = {
        "ratio": measured,
        "least": number_format(READABLE, 1),
        "nearest": str(nearest(colour, surface)),
    }
    if surface == WHITE:
        return _now(
            "This colour is hard to read on white: its contrast is %(ratio)s to 1, and text needs "
            "%(least)s to 1. The nearest colour that can be read is %(nearest)s."
        ) % words  # fmt: skip
    return _now(
        "This colour is hard to read on a dark page: its contrast is %(ratio)s to 1, and text "
        "needs %(least)s to 1. The nearest colour that can be read is %(nearest)s."
    ) % words  # fmt: skip
