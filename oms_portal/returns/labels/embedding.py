"""A face cut down to some glyphs, as the objects of a PDF: a composite font whose codes are glyph
ids (ISO 32000-2, 9.7). Cut once for each set of glyphs and kept, for most labels use the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from string import ascii_letters

from reportlab.pdfbase.pdfdoc import PDFArrayCompact, PDFName

from .fonts import Face
from .objects import dictionary, stream


# Writes an object and says its number.
Put = Callable[[bytes], int]

_COMMON = frozenset(" ()+,-./:0123456789" + ascii_letters)


@dataclass(frozen=True)
class Cut:
    """Bodies of the font's objects; %d stands for the number of one that is written before."""

    file: bytes
    to_unicode: bytes
    descriptor: bytes
    descendant: bytes
    font: bytes

    def objects(self, put: Put) -> int:
        """Write them all; the font's number."""
        descriptor = put(self.descriptor % put(self.file))
        descendant = put(self.descendant % descriptor)
        return put(self.font % (descendant, put(self.to_unicode)))


def cut(face: Face, gids: frozenset[int]) -> Cut:
    """For these glyphs. Where there is Latin among them, with all letters of ASCII, for the next
    label's sake: names differ, and cutting anew costs more than a few kilobytes."""
    latin = _latin(face)
    return _cut(face, gids | latin if gids & latin else gids)


@lru_cache(maxsize=64)
def _latin(face: Face) -> frozenset[int]:
    return frozenset(face.font.get_nominal_glyph(ord(c)) for c in _COMMON & face.covered)


@lru_cache(maxsize=256)
def _cut(face: Face, used: frozenset[int]) -> Cut:
    gids = sorted(used)
    data = face.subset(gids)
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    base = PDFName(f"{tag}+{face.name}")
    return Cut(
        file=stream(data, Length1=len(data)),
        to_unicode=stream(_to_unicode(face, gids)),
        descriptor=_descriptor(face, base),
        descendant=dictionary(
            Type="/Font",
            Subtype="/CIDFontType2",
            BaseFont=base,
            CIDSystemInfo="<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
            CIDToGIDMap="/Identity",
            FontDescriptor="%d 0 R",
            W=PDFArrayCompact(_ranges(face, gids)),
        ),
        font=dictionary(
            Type="/Font",
            Subtype="/Type0",
            BaseFont=base,
            Encoding="/Identity-H",
            DescendantFonts="[%d 0 R]",
            ToUnicode="%d 0 R",
        ),
    )


def _descriptor(face: Face, base: str) -> bytes:
    return dictionary(
        Type="/FontDescriptor",
        FontName=base,
        Flags=face.flags,
        FontBBox=PDFArrayCompact(face.bbox),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.ascent,
        StemV=80,
        FontFile2="%d 0 R",
    )


def width(face: Face, gid: int) -> int:
    """In thousandths of the em, as the font's widths have it."""
    return round(face.advance(gid) * 1000 / face.units)


def _ranges(face: Face, gids: Sequence[int]) -> Iterator[str]:
    """The first glyph of each unbroken range, and the widths of that range."""
    for _, numbered in groupby(enumerate(gids), lambda pair: pair[1] - pair[0]):
        together = [gid for _, gid in numbered]
        yield f"{together[0]}[{' '.join(str(width(face, gid)) for gid in together)}]"


def _to_unicode(face: Face, gids: Sequence[int]) -> bytes:
    """The CMap by which text is searched and copied (ISO 32000-2, 9.10.3)."""
    pairs = [
        f"<{gid:04x}><{text.encode('utf-16-be').hex()}>"
        for gid in gids
        if (text := face.text_of(gid))
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    said = "".join(
        "\n".join((f"{len(block)} beginbfchar", *block, "endbfchar\n")) for block in blocks
    )
    return _CMAP % said.encode()


_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%sendcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
