"""The faces that labels are printed in, by script: each character's first face that has it.

The package ships faces for Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Devanagari, Georgian,
Armenian, Chinese and Japanese (``faces/README.md``); a site may add more (``use``). A face is read
once, never changed, and used by all threads.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from unicodedata import normalize

import uharfbuzz as hb

from .faults import MissingGlyph


__all__ = ["Face", "MissingGlyph", "covering", "face", "use"]

FACES = Path(__file__).with_name("faces")
# Joiners and direction marks show nothing; a face need not have them.
UNSEEN = frozenset("\u200c\u200d\u200e\u200f\u061c\ufe0e\ufe0f")
# Arabic Presentation Forms A and B.
_FORMS = range(0xFB50, 0xFEFD)
_SYMBOLIC = 4
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")


class Face:
    """One TrueType face. Measures are in units of the em (``units``), those that a PDF's font
    descriptor wants in thousandths of it (ISO 32000-2, 9.8)."""

    flags = _SYMBOLIC

    def __init__(self, name: str, data: bytes) -> None:
        self._face = hb.Face(data)
        if data[:4] not in _TRUETYPE or not len(self._face.reference_table("glyf")):
            raise ValueError(f"{name} is no TrueType font: labels take .ttf with outlines in glyf.")
        self.name = name
        self.data = data
        self.font = hb.Font(self._face)
        self.units: int = self._face.upem
        self.covered = frozenset(map(chr, self._face.unicodes)) | UNSEEN

    def advance(self, gid: int) -> int:
        return int(self.font.get_glyph_h_advance(gid))

    def text_of(self, gid: int) -> str:
        """What a glyph says by itself; "" for one that only shaping makes."""
        return self._texts.get(gid, "")

    def subset(self, gids: Iterable[int]) -> bytes:
        """A face with these glyphs alone, each under its own number, for embedding."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(gids)
        wanted.flags = (
            hb.SubsetFlags.RETAIN_GIDS
            | hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.NOTDEF_OUTLINE
            | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        )
        wanted.drop_table_tag_set.update(
            int.from_bytes(tag, "big") for tag in (b"GSUB", b"GPOS", b"GDEF", b"OS/2", b"name")
        )
        return bytes(hb.subset(self._face, wanted).blob.data)

    @cached_property
    def ascent(self) -> int:
        return self._in_thousandths(self.font.get_font_extents("ltr").ascender)

    @cached_property
    def descent(self) -> int:
        return self._in_thousandths(self.font.get_font_extents("ltr").descender)

    @cached_property
    def bbox(self) -> tuple[int, int, int, int]:
        head = bytes(self._face.reference_table("head").data)
        left, bottom, right, top = struct.unpack_from(">4h", head, 36)
        scaled = self._in_thousandths
        return scaled(left), scaled(bottom), scaled(right), scaled(top)

    def _in_thousandths(self, units: int) -> int:
        return round(units * 1000 / self.units)

    @cached_property
    def _texts(self) -> dict[int, str]:
        """By glyph; of letters that look the same the plain one ("μ" of Greek, not the micro sign).
        Forms for presentation say what their letter says."""
        plain = {code: normalize("NFKC", chr(code)) for code in self._face.unicodes}
        told: dict[int, str] = {}
        for code in sorted(plain, key=lambda code: (plain[code] != chr(code), code)):
            says = plain[code] if code in _FORMS else chr(code)
            told.setdefault(self.font.get_nominal_glyph(code), says)
        return told


@dataclass(frozen=True)
class Family:
    """A regular face and a bold one, "" where the regular one stands in."""

    regular: Path
    bold: Path | None = None

    def path(self, bold: bool) -> Path:
        return self.bold if bold and self.bold else self.regular


def _shipped(stem: str, bold: bool = True) -> Family:
    heavy = FACES / f"{stem}-Bold.ttf" if bold else None
    return Family(FACES / f"{stem}-Regular.ttf", heavy)


_FIRST = (
    _shipped("NotoSans"),
    _shipped("NotoSansArabic"),
    _shipped("NotoSansHebrew"),
    _shipped("NotoSansThai"),
    _shipped("NotoSansDevanagari"),
    _shipped("NotoSansGeorgian"),
    _shipped("NotoSansArmenian"),
    _shipped("NotoSansMath", bold=False),
    _shipped("NotoSansSymbols", bold=False),
    _shipped("NotoSansSymbols2", bold=False),
)
_LAST = (_shipped("DroidSansFallback", bold=False),)


class Registry:
    """The families in the order they are asked, and their faces by name (a file's stem)."""

    def __init__(self, families: Sequence[Family]) -> None:
        self.chains = [[family.path(bold).stem for family in families] for bold in (False, True)]
        self.paths = {
            path.stem: path for family in families for path in (family.regular, family.path(True))
        }


_registry = Registry((*_FIRST, *_LAST))


def use(paths: Sequence[str]) -> None:
    """Take more faces: TrueType files. They come before the one for Chinese and Japanese, so a site
    may have its own for those too."""
    global _registry
    _registry = Registry((*_FIRST, *(Family(Path(path)) for path in paths), *_LAST))
    face.cache_clear()


@lru_cache(maxsize=64)
def face(name: str) -> Face:
    return Face(name, _registry.paths[name].read_bytes())


def covering(character: str, bold: bool = False) -> str:
    """The name of the first face that has it. MissingGlyph."""
    for name in _registry.chains[bold]:
        if character in face(name).covered:
            return name
    raise MissingGlyph(character)
