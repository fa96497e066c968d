"""The same labels as reportlab's user guide draws them.

A canvas, TrueType fonts registered and embedded, ``drawString`` for each line of text, its own
Code128 and its own QR widget in a drawing. Where all goes is computed beforehand and not counted.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import Any

import django
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.meter import cpu_ms, serve
from benchmarks.peers.parcels import laid_out, numbers


BATCH = 100
SINGLES = 10
FACES = ("NotoSans-Regular", "NotoSans-Bold")


def main() -> None:
    from oms_portal.returns.labels.fonts import FACES as FOLDER
    from oms_portal.returns.labels.marks import Bars, Matrix, Page, Rule, Run

    for name in FACES:
        registerFont(TTFont(name, FOLDER / f"{name}.ttf"))

    def draw(canvas: Canvas, page: Page) -> None:
        dot = 72 / page.dpi
        for mark in page.marks:
            if isinstance(mark, Run):
                canvas.setFont(mark.face, mark.size)
                canvas.drawString(mark.x, mark.y, mark.text)
            elif isinstance(mark, Rule):
                canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=0, fill=1)
            elif isinstance(mark, Bars):
                module, height = mark.module * dot, mark.height * dot
                code = Code128(mark.text, barWidth=module, barHeight=height, quiet=0)
                code.drawOn(canvas, mark.x * dot, mark.y * dot)
            elif isinstance(mark, Matrix):
                side = len(mark.rows) * mark.module * dot
                drawing = Drawing(side, side)
                drawing.add(QrCodeWidget(mark.text, barWidth=side, barHeight=side, barBorder=0))
                renderPDF.draw(drawing, canvas, mark.x * dot, mark.y * dot)

    def written(pages: Sequence[Page]) -> bytes:
        file = BytesIO()
        canvas = Canvas(file)
        for page in pages:
            canvas.setPageSize((page.width * mm, page.height * mm))
            draw(canvas, page)
            canvas.showPage()
        canvas.save()
        return file.getvalue()

    def pages(count: int) -> list[Page]:
        return [laid_out(number) for number in islice(numbers, count)]

    def batch() -> float:
        drawn = pages(BATCH)
        return cpu_ms(lambda: written(drawn), 1) / BATCH

    def single() -> float:
        drawn = iter(pages(SINGLES))
        return cpu_ms(lambda: written([next(drawn)]), SINGLES)

    def growth() -> float:
        drawn = pages(1000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        written(drawn)
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    written([laid_out(0)])
    answers: dict[str, Any] = {
        "batch": batch,
        "single": single,
        "size of one": lambda: len(written([laid_out(0)])),
        "size in a batch": lambda: len(written(pages(BATCH))) / BATCH,
        "growth 1000": growth,
    }
    serve(answers)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.site.settings"
    django.setup()
    main()
