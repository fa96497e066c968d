"""Objects of a PDF in bytes, formatted by reportlab."""

from __future__ import annotations

from reportlab.pdfbase.pdfdoc import DummyDoc, PDFDictionary, PDFStream, PDFZCompress


_PLAIN = DummyDoc()


def dictionary(**entries: object) -> bytes:
    """Names and references come as they are written: "/Font", "7 0 R"."""
    return bytes(PDFDictionary(entries).format(_PLAIN))


def stream(data: bytes, **entries: object) -> bytes:
    return bytes(PDFStream(PDFDictionary(entries), data, [PDFZCompress]).format(_PLAIN))


def reference(number: int) -> str:
    return f"{number} 0 R"
