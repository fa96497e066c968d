"""A brand as a style sheet of tokens; what is not set, or is no colour, is left to the host."""

from __future__ import annotations

from collections.abc import Mapping

from .colours import DARK, EASY, Colour, nearest, parse, text_on
from .models import Corners, PortalBrand, Typeface


CORNERS: Mapping[str, str] = {
    Corners.SQUARE: "0px",
    Corners.SOFT: "0.375rem",
    Corners.ROUND: "0.875rem",
}
# Faces that devices come with: no file to fetch, nobody to tell who reads.
TYPEFACES: Mapping[str, str] = {
    Typeface.HOST: "inherit",
    Typeface.SANS: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
    Typeface.SERIF: 'Charter, "Iowan Old Style", "Palatino Linotype", "Noto Serif", P052, '
    'Georgia, "Liberation Serif", serif',
    Typeface.HUMANIST: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "Noto Sans", '
    '"DejaVu Sans", sans-serif',
    Typeface.GEOMETRIC: 'Avenir, "Century Gothic", Montserrat, Corbel, "URW Gothic", '
    '"Noto Sans", sans-serif',
}


def sheet_of(brand: PortalBrand | None) -> str:
    """``:root{--oms-…}``, or nothing where nothing is set."""
    tokens = tokens_of(brand) if brand else {}
    rules = "".join(f"{name}:{value};" for name, value in tokens.items())
    return f":root{{{rules}}}" if rules else ""


def tokens_of(brand: PortalBrand) -> dict[str, str]:
    """The tokens by their names; colours for light and dark at once."""
    tokens = {}
    if accent := parse(brand.accent):
        dark = parse(brand.accent_dark) or nearest(accent, DARK, EASY)
        tokens["--oms-accent"] = _pair(accent, dark)
        tokens["--oms-on-accent"] = _pair(text_on(accent), text_on(dark))
        tokens["--oms-focus"] = tokens["--oms-accent"]
    if corners := CORNERS.get(brand.corners):
        tokens["--oms-radius"] = corners
    if font := TYPEFACES.get(brand.font):
        tokens["--oms-font"] = font
    if heading_font := TYPEFACES.get(brand.heading_font):
        tokens["--oms-heading-font"] = heading_font
    return tokens


def _pair(light: Colour, dark: Colour) -> str:
    return f"light-dark({light}, {dark})"
