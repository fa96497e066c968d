"""The brand of a site; public, the same for every visitor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.models import Site

from .models import PortalBrand
from .sheet import sheet_of


# Twice as large as it is drawn, for screens of double density.
LOGO, LOGO_LARGE = "max-240x48", "max-480x96"


@dataclass(frozen=True)
class Logo:
    """URLs of the picture in its plain and its double size; ``width`` and ``height`` in pixels."""

    url: str
    url_large: str
    width: int
    height: int


@dataclass(frozen=True)
class Support:
    """Whom customers ask; any of it may be empty. ``dial`` is the phone number for a link."""

    name: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""

    @property
    def dial(self) -> str:
        return re.sub(r"[^+0-9]", "", self.phone)

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email or self.hours)


@dataclass(frozen=True)
class Brand:
    """What pages, mails and papers say of the supplier. ``name`` is never empty on a real site."""

    name: str = ""
    logo: Logo | None = None
    support: Support = Support()
    footer: str = ""
    sheet: str = ""


def brand_at(site: Site | None) -> Brand:
    """The brand of a site; where nothing is set, its name alone."""
    fallback = (site.site_name if site else "") or getattr(settings, "WAGTAIL_SITE_NAME", "")
    kept = site and PortalBrand.objects.filter(site=site).select_related("logo").first()
    return described(kept, fallback) if kept else Brand(name=fallback)


def described(kept: PortalBrand, fallback: str = "") -> Brand:
    return Brand(
        name=kept.name or fallback,
        logo=_logo(kept),
        support=Support(
            kept.support_name, kept.support_phone, kept.support_email, kept.support_hours
        ),
        footer=kept.footer,
        sheet=sheet_of(kept),
    )


def _logo(kept: PortalBrand) -> Logo | None:
    """None also for a picture whose file is gone: a page without a logo is still a page."""
    if kept.logo is None:
        return None
    try:
        found = kept.logo.get_renditions(LOGO, LOGO_LARGE)
    except (OSError, InvalidFilterSpecError):
        return None
    small, large = found[LOGO], found[LOGO_LARGE]
    return Logo(small.url, large.url, small.width, small.height)
