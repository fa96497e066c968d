"""Bar codes and QR codes as plain numbers: text in, widths or rows out, nothing drawn."""

from .linear import code128
from .matrix import qr


__all__ = ["code128", "qr"]
