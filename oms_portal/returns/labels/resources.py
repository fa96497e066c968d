"""What the pages of a document share, by the names that their operators call it."""

from __future__ import annotations

from reportlab.pdfbase.pdfdoc import PDFDictionary

from . import fonts
from .embedding import Put, cut, width
from .marks import Picture, Run
from .objects import dictionary, reference, stream


_KEPT = 256
_NOTHING: tuple[Run | None, bytes] = (None, b"")


class Embedded(dict[int, int]):
    """A face in one document: the width of each glyph that is used, in thousandths of the em, and
    what each says (``texts``).

    ``name`` is the resource's. What a run comes to is kept: labels have many of them alike.
    """

    def __init__(self, name: bytes, face: fonts.Face) -> None:
        self.name = name
        self.face = face
        self.texts: dict[int, str] = {}
        self._kept: dict[int, tuple[Run, bytes]] = {}

    def __missing__(self, gid: int) -> int:
        self.texts[gid] = self.face.text_of(gid)
        self[gid] = found = width(self.face, gid)
        return found

    def kept(self, run: Run) -> bytes:
        """The operators kept for this very run, or nothing."""
        of, operators = self._kept.get(id(run), _NOTHING)
        return operators if of is run else b""

    def keep(self, run: Run, operators: bytes) -> bytes:
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[id(run)] = run, operators
        return operators


class Resources:
    def __init__(self) -> None:
        self._faces: dict[str, Embedded] = {}
        self._pictures: dict[tuple[bytes, int, int], bytes] = {}

    def face(self, name: str) -> Embedded:
        if name not in self._faces:
            self._faces[name] = Embedded(b"F%d" % len(self._faces), fonts.face(name))
        return self._faces[name]

    def picture(self, picture: Picture) -> bytes:
        key = picture.bits, picture.width, picture.height
        return self._pictures.setdefault(key, b"I%d" % len(self._pictures))

    def objects(self, put: Put) -> bytes:
        """Write all of them; the dictionary of resources."""
        faces = {
            face.name.decode(): reference(cut(face.face, frozenset(face)).objects(put))
            for face in self._faces.values()
        }
        pictures = {
            name.decode(): reference(put(_stencil(*picture)))
            for picture, name in self._pictures.items()
        }
        return dictionary(Font=PDFDictionary(faces), XObject=PDFDictionary(pictures))


def _stencil(bits: bytes, width: int, height: int) -> bytes:
    return stream(
        bits,
        Type="/XObject",
        Subtype="/Image",
        Width=width,
        Height=height,
        ImageMask="true",
        Decode="[1 0]",
    )
