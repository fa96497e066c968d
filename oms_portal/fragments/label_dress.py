"""The site's brand as labels wear it: its name, its logo in black dots, its colour and its footer.

A return knows no site: labels bear the brand of the default one.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageOps
from wagtail.models import Site

from oms_portal.brand.models import PortalBrand
from oms_portal.brand.queries import brand_at
from oms_portal.returns.dress import register
from oms_portal.returns.labels.data import Dress
from oms_portal.returns.models import Return


# Dots at 203 dpi: 50 × 15 mm.
LOGO = (400, 120)
_MOST_PIXELS = 40_000_000
_WHITE = (255, 255, 255, 255)


@register
def dress(rma: Return) -> Dress:
    site = Site.objects.filter(is_default_site=True).first()
    kept = PortalBrand.objects.filter(site=site).select_related("logo").first() if site else None
    brand = brand_at(site)
    footer = next((line.strip() for line in brand.footer.splitlines() if line.strip()), "")
    return Dress(
        name=brand.name,
        logo=_logo(kept.logo) if kept and kept.logo else None,
        accent=(kept.accent if kept else "") or "#000000",
        footer=footer,
    )


def _logo(image: Any) -> tuple[bytes, int, int] | None:
    """None for a file that is gone or is no picture of dots; the label bears the name then."""
    try:
        with image.open_file() as file, Image.open(file) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            return dotted(picture)
    except (OSError, ValueError):
        return None


def dotted(picture: Image.Image) -> tuple[bytes, int, int]:
    """The picture on white paper, as large as fits; its darkest tone is black, lighter ones are
    dots. 1 is ink. ValueError where nothing of it would be seen."""
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, _WHITE)
    paper.alpha_composite(seen)
    grey = paper.convert("L")
    scale = min(LOGO[0] / grey.width, LOGO[1] / grey.height)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    drawn = ImageOps.autocontrast(grey.resize(size, Image.Resampling.LANCZOS)).convert("1")
    if drawn.getextrema() == (255, 255):
        raise ValueError("white on white")
    ink = ImageOps.invert(drawn.convert("L")).convert("1")
    return ink.tobytes(), ink.width, ink.height
