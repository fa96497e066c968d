"""A photo from anybody, written anew from its pixels: what else the file held is gone. Pure.

Only JPEG, PNG and WEBP are looked at, by their own bytes and not by their name. How many pixels
there are is read before any of them is decoded; one picture at a time is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import Semaphore
from typing import Any
from unicodedata import category, normalize
from zipfile import is_zipfile

from PIL import Image

from .refusals import Refused


MEGABYTE, MEGAPIXEL = 1_000_000, 1_000_000
LARGEST, MOST_PIXELS = 10 * MEGABYTE, 40 * MEGAPIXEL
LONGEST_SIDE, QUALITY, LONGEST_NAME = 2560, 85, 100
MEDIA_TYPE = "image/jpeg"
# What a file begins with, by Pillow's name of the format.
_KINDS: Mapping[str, re.Pattern[bytes]] = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
# What no photo holds and another reader of the file would run or open.
_FOREIGN = re.compile(rb"<script|<\?php|<svg[\s>]|<html|<!doctype|<iframe", re.IGNORECASE)
_PDF_WITHIN = 1024
# A progressive JPEG goes over its whole picture with each scan (ITU-T T.81, B.2.3). Cameras and
# editors make some ten; a file of 10 MB has room for so many that they take hours.
_SCAN, _MOST_SCANS = b"\xff\xda", 100
# The turns of EXIF's orientation (Exif 2.32, 4.6.4 A); 1 is none.
_TURNS: Mapping[Any, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
_one_at_a_time = Semaphore()


@dataclass(frozen=True)
class Photo:
    """A JPEG with nothing but its picture: upright, without metadata."""

    content: bytes
    width: int
    height: int


def rewritten(content: bytes) -> Photo:
    """Refused "photo_empty", "photo_large", "photo_kind", "photo_mixed", "photo_pixels" or
    "photo_unreadable"."""
    if not content:
        raise Refused("photo_empty")
    if len(content) > LARGEST:
        raise Refused("photo_large")
    kind = next((name for name, begins in _KINDS.items() if begins.match(content)), None)
    if kind is None:
        raise Refused("photo_kind")
    if _is_mixed(content):
        raise Refused("photo_mixed")
    if kind == "JPEG" and content.count(_SCAN) > _MOST_SCANS:
        raise Refused("photo_unreadable")
    with _one_at_a_time:
        try:
            return _written(_read(content, kind))
        except Refused:
            raise
        # Decoders raise whatever a broken file leads them to.
        except Exception as error:
            raise Refused("photo_unreadable") from error


def clean_name(name: object) -> str:
    """What a person called the file, for people to read: no folders, nothing that is not seen."""
    text = normalize("NFC", str(name or "")[:2000]).replace("\\", "/")
    text = "".join(" " if category(c)[0] in "CZ" else c for c in text.rpartition("/")[2])
    return " ".join(text.split())[:LONGEST_NAME].strip(". ")


def _is_mixed(content: bytes) -> bool:
    """Whether the file is something else as well: a page, a program, a PDF, an archive."""
    return (
        _FOREIGN.search(content) is not None
        or b"%PDF-" in content[:_PDF_WITHIN]
        or is_zipfile(BytesIO(content))
    )


def _read(content: bytes, kind: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(BytesIO(content), formats=(kind,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("photo_pixels") from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refused("photo_pixels")
    turn = _turn(image)
    # A JPEG can be decoded at a half or a quarter of its size.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    image = _flat(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image.transpose(turn) if turn is not None else image


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to set it upright; None where it is, or its metadata can't be read."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION))
    except Exception:
        return None


def _flat(image: Image.Image) -> Image.Image:
    """In three colours, what is transparent on white."""
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(ground, clear).convert("RGB")


def _written(image: Image.Image) -> Photo:
    # A fresh picture: metadata hangs on the one that was read.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = BytesIO()
    bare.save(out, "JPEG", quality=QUALITY)
    return Photo(out.getvalue(), bare.width, bare.height)
