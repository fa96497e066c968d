"""What happens to a label between the printer and the scanner, for dots in greys.

Fading, another scale, a hand that holds it askew, a lens out of focus, and with every second
printer a dead dot of its head: a white line through the whole label, along the way of the paper. ``severity`` 1 is a label that came a long way.
"""

from __future__ import annotations

from random import Random

from PIL import Image, ImageFilter


def worn(image: Image.Image, dpi: int, chance: Random, severity: float = 1.0) -> Image.Image:
    """As a scanner sees it that makes 220 to 330 dots of an inch, whatever the printer made."""
    faded = chance.uniform(0.1, 0.45) * severity
    seen = image.point([round(value + (255 - value) * min(faded, 0.8)) for value in range(256)])
    dead = chance.randrange(2 * seen.width)
    seen.paste(255, (dead, 0, dead + 1, seen.height))
    seen_dpi = chance.uniform(220, 330)
    size = round(seen.width * seen_dpi / dpi), round(seen.height * seen_dpi / dpi)
    seen = seen.resize(size, Image.Resampling.BICUBIC)
    angle = chance.uniform(-2, 2) * severity
    seen = seen.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    # In thousandths of an inch, as a lens blurs.
    return seen.filter(
        ImageFilter.GaussianBlur(chance.uniform(1.5, 5) * severity * seen_dpi / 1000)
    )
