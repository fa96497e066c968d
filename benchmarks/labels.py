"""Labels beside reportlab's own way, and how well they are read when they are worn.

CPU, bytes and memory of the same labels, drawn by two programs that take turns: ours from the
data, reportlab's (its canvas, Code128 and QR widget, embedded TrueType, as its user guide has it)
from texts whose places are known. Reading is by zxing and zbar, of dots as printers of 203 and
300 dpi make them, clean and after wear.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from statistics import median

import django
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from .figures import Figure
from .meter import Peer
from .peers.parcels import laid_out
from .wear import worn


ROUNDS = 3
LABELS = 50
# Where misreads are looked for, more is asked than where a rate is taken.
WORST = 1.6


def figures() -> Iterator[Figure]:
    yield from _drawing()
    yield from _growing()
    yield from _reading()


def _drawing() -> Iterator[Figure]:
    names = ("batch", "single")
    with Peer("labels") as ours, Peer("reportlab_labels") as theirs:
        taken: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for name in names:
                taken.setdefault(("ours", name), []).append(ours.ask(name))
                taken.setdefault(("theirs", name), []).append(theirs.ask(name))
        sizes = {
            name: (ours.ask(name), theirs.ask(name)) for name in ("size of one", "size in a batch")
        }
    cpu = {key: median(values) for key, values in taken.items()}
    for name, words, goal in (
        ("batch", "label of 1,000, CPU beside reportlab's", 25),
        ("single", "label alone, CPU beside reportlab's", 10),
    ):
        yield Figure(words, cpu["ours", name], cpu["theirs", name], "ms", at_most=1 / goal)
    for name, words, most in (
        ("size of one", "label alone, size", 20_000),
        ("size in a batch", "label of 1,000, size", 1_536),
    ):
        size, beside = sizes[name]
        yield Figure(words, size, beside, "bytes", at_most=most / beside)


def _growing() -> Iterator[Figure]:
    with Peer("reportlab_labels") as theirs:
        beside = theirs.ask("growth 1000")
    for count, most in ((1000, 10), (10000, 15)):
        with Peer("labels") as ours:
            name = f"memory for {count:,} labels beside reportlab's for 1,000"
            yield Figure(name, ours.ask(f"growth {count}"), beside, "MB", at_most=most / beside)


def _reading() -> Iterator[Figure]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.site.settings"
    django.setup()
    wrong = 0
    read = 0
    for dpi in (203, 300):
        for words, severity, goals in (
            ("clean", 0.0, (1.0, 1.0)),
            ("worn", 1.0, (0.95, 0.93)),
            ("worn out", WORST, (None, None)),
        ):
            found = Counter[str]()
            for number in range(LABELS):
                found += _read(number, dpi, severity)
            wrong += found["wrong"]
            read += 4 * LABELS
            for reader, goal in zip(("zxing", "zbar"), goals, strict=True):
                name = f"codes read by {reader}, {dpi} dpi, {words}"
                yield Figure(name, found[reader], 2 * LABELS, "codes", at_least=goal)
    yield Figure("wrong codes with a right check digit", wrong, read, "codes", at_most=0)


def _read(number: int, dpi: int, severity: float) -> Counter[str]:
    """How many of a label's two codes each decoder reads, and what it reads that is not there."""
    from oms_portal.returns.labels.digits import is_valid
    from oms_portal.returns.labels.pdf import pdf
    from oms_portal.returns.labels.raster import rasters

    page = laid_out(number, dpi)
    (image,) = rasters(pdf([page]), dpi)
    # A thermal printer knows no greys.
    seen = image.point([0] * 128 + [255] * 128)
    if severity:
        seen = worn(seen, dpi, Random(f"{number} {dpi}"), severity)
    said = {text for _, text in page.codes}
    found = Counter[str]()
    for reader, texts in (("zxing", _by_zxing(seen)), ("zbar", _by_zbar(seen))):
        found[reader] = len(texts & said)
        found["wrong"] += sum(is_valid(text) for text in texts - said)
    return found


def _by_zxing(image: Image.Image) -> set[str]:
    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])
    return {code.text for code in zxingcpp.read_barcodes(image, formats=kinds)}


def _by_zbar(image: Image.Image) -> set[str]:
    kinds = [pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.QRCODE]
    return {code.data.decode() for code in pyzbar.decode(image, kinds)}
