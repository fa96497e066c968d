"""Pages of a PDF as dots, by PDFium. It knows no threads, so one drawing goes on at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from threading import Lock

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw


_lock = Lock()
_WHITE = (255, 255, 255, 255)


def rasters(content: bytes, dpi: int, colour: bool = False) -> Iterator[Image.Image]:
    """Each page, in greys or in colours. ValueError for what is no PDF.

    A dot is a pixel, counted from the lower left corner: what a page has beyond whole dots is cut
    off at the top and on the right, never scaled away.
    """
    with _lock:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            raise ValueError("This is no PDF.") from error
        with closing(document):
            images = [_drawn(page, dpi / 72, colour) for page in document]
    yield from images


def _drawn(page: pdfium.PdfPage, scale: float, colour: bool) -> Image.Image:
    width, height = (int(points * scale + 1e-3) for points in page.get_size())
    form = raw.FPDFBitmap_BGR if colour else raw.FPDFBitmap_Gray
    bitmap = pdfium.PdfBitmap.new_native(width, height, form)
    bitmap.fill_rect(_WHITE, 0, 0, width, height)
    beyond = height - page.get_height() * scale
    raw.FPDF_RenderPageBitmapWithMatrix(
        bitmap,
        page,
        raw.FS_MATRIX(scale, 0, 0, scale, 0, beyond),
        raw.FS_RECTF(0, 0, width, height),
        0 if colour else raw.FPDF_GRAYSCALE,
    )
    image: Image.Image = bitmap.to_pil()
    return image
