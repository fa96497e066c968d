"""Whether an address is a box at a post office, where no carrier can leave a parcel. Pure.

Short words count only with a number behind them, and those that mean something else in most
countries only where they are a box. Whoever is taken for one wrongly loses no more than the time
that a look takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any


# Enough by themselves. A space stands for any or none.
_WORDS = (
    "p o b o x", "p 0 b o x", "post office box", "postbox", "post box", "gpo box",
    "locked bag", "private bag", "postfach", "boite postale", "case postale", "apartado postal",
    "apartado de correos", "casilla de correo", "casilla postal", "caixa postal", "casella postale",
    "postboks", "postbus", "posteboks", "skrytka pocztowa", "skr poczt", "postilokero",
    "postova prihradka", "postovni prihradka", "postovy priecinok", "postanski pretinac",
    "postni predal", "postafiok",
    "casuta postala", "posta kutusu", "pasto dezute", "pasta kaste", "postkast", "postholf",
    "ταχυδρομικη θυριδα", "ταχ θυριδα", "абонентский ящик", "абонементный ящик",
    "абонентська скринька", "поштова скринька", "почтовый ящик", "пощенска кутия", "поштански фах",
    "صندوق بريد", "صندوق البريد", "صندوق پستی", "תא דואר", "hop thu", "kotak pos", "peti surat",
)  # fmt: skip
# In scripts that write no spaces, wherever they stand.
_UNSPACED = ("私書箱", "邮政信箱", "郵政信箱", "사서함", "ตู้ ปณ", "ตู้ไปรษณีย์")
# With a number only.
_NUMBERED = (
    "bp", "apartado", "apdo", "apto correos", "casilla", "box no", "τθ", "а/я", "а/с", "ص ب",
    "תד", "pob",
)  # fmt: skip
# With a number, in these countries only.
_LOCAL: Mapping[str, tuple[str, ...]] = {
    "CH": ("cp", "pf"),
    "DE": ("pf",),
    "AT": ("pf",),
    "FI": ("pl", "pb"),
    "HU": ("pf",),
    "IT": ("cp",),
    "NO": ("pb",),
    "RO": ("cp", "op"),
    "SE": ("box",),
    "TR": ("pk",),
}
_DROPPED = str.maketrans("", "", ".'’\"״׳`")


def is_po_box(address: Mapping[str, Any]) -> bool:
    """Whether its lines, name or city name a post-office box, in any of the languages known."""
    lines = [str(line) for line in address.get("lines") or ()]
    texts = [
        _fold(text) for text in (*lines, *(str(address.get(n) or "") for n in ("name", "city")))
    ]
    country = str(address.get("country") or "").upper()
    if any(_ALONE.search(text) or _ANYWHERE.search(text) for text in texts):
        return True
    local = _SHORT.get(country)
    return any(
        _COUNTED.search(text) or (local and local.search(text)) for text in map(_fold, lines)
    )


def _fold(text: str) -> str:
    """Without case, accents, dots, quotes, hidden marks and double spaces; wide letters narrow."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_DROPPED)
    kept = (c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join("".join(kept).replace("ς", "σ").split())


def _pattern(words: Iterable[str], before: str, after: str) -> re.Pattern[str]:
    spaced = (r"\s*".join(map(re.escape, _fold(word).split())) for word in words)
    return re.compile(f"{before}(?:{'|'.join(spaced)}){after}")


# A letter goes on with the word ("Postfachstraße"), a digit does not ("Postfach12").
_NOT_IN_A_WORD = r"(?<![^\W_])", r"(?![^\W\d_])"
_NUMBER = r"[\s:#№-]*(?:n[ro°º]?\s*)?\d"
_ALONE = _pattern(_WORDS, *_NOT_IN_A_WORD)
_ANYWHERE = _pattern(_UNSPACED, "", "")
_COUNTED = _pattern(_NUMBERED, _NOT_IN_A_WORD[0], _NUMBER)
_SHORT = {country: _pattern(words, _NOT_IN_A_WORD[0], _NUMBER) for country, words in _LOCAL.items()}
