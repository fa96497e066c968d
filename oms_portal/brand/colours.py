"""Colours as #rrggbb, and whether text in one can be read on another (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls
from typing import NamedTuple


class Colour(NamedTuple):
    """Red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self)


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
# What the portal's own pages stand on in dark mode.
DARK = Colour(0x14, 0x18, 0x1C)
READABLE = 4.5
# A colour we choose ourselves is chosen to be read with ease.
EASY = 7.0

SHAPE = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


def parse(text: str) -> Colour | None:
    """The colour written as #rrggbb; None for any other text."""
    found = SHAPE.fullmatch(text)
    return Colour(*(int(part, 16) for part in found.groups())) if found else None


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: Colour) -> Colour:
    """Black or white, whichever stands out more."""
    return max(WHITE, BLACK, key=lambda text: contrast(text, colour))


def nearest(colour: Colour, surface: Colour, least: float = READABLE) -> Colour:
    """The colour of the same hue, as little lighter or darker as it takes to be read there."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in colour))
    step = -1 if _luminance(surface) > 0.18 else 1
    found, level = colour, round(lightness * 255)
    while contrast(found, surface) < least and 0 < level + step < 256:
        level += step
        found = Colour(*(round(part * 255) for part in hls_to_rgb(hue, level / 255, saturation)))
    return found


def _luminance(colour: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
