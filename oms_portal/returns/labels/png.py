"""A page as a picture, a pixel a dot."""

from __future__ import annotations

from io import BytesIO

from .marks import Page
from .pdf import pdf
from .raster import rasters


def png(page: Page, dpi: int = 203) -> bytes:
    """In greys, in colours where the page has any. Codes are sharp at the page's own ``dpi``."""
    colour = any(getattr(mark, "ink", "").startswith("#") for mark in page.marks)
    (image,) = rasters(pdf([page]), dpi, colour)
    file = BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()
