"""What a scanner sent before the computer took it for another keyboard's keys.

Scanners type as a US keyboard does; a computer set to German or French reads other letters off the
same keys. Each layout here says what its user sees for each US key. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator


_US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_US_SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
# The same keys, in the same order, plain and shifted.
_LAYOUTS = {
    "de": (
        "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
    ),
    "fr": (
        "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
        "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
    ),
    "be": (
        "²&é\"'(§è!çà)-azertyuiop^$µqsdfghjklmùwxcvbn,;:=",
        "³1234567890°_AZERTYUIOP¨*£QSDFGHJKLM%WXCVBN?./+",
    ),
}


def _back(plain: str, shifted: str) -> dict[int, str]:
    """From what is seen to what was sent; where two keys show the same, the plain one."""
    pairs = [*zip(shifted, _US_SHIFTED, strict=True), *zip(plain, _US, strict=True)]
    return str.maketrans(dict(pairs))


_BACK = {name: _back(*rows) for name, rows in _LAYOUTS.items()}


def sent(text: str) -> Iterator[str]:
    """The text itself, then what may have been sent instead, each once, the likeliest first."""
    # On the French keyboards a digit needs the shift key, which no scanner presses for one.
    names = ("de",) if any(char in "0123456789" for char in text) else ("de", "fr", "be")
    yield from dict.fromkeys((text, *(text.translate(_BACK[name]) for name in names)))
