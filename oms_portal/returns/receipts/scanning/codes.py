"""What a scanner, or somebody's fingers, may have meant by a text. Pure but for the site's name.

Numbers of ours carry Damm's check digit (``labels.digits``), GS1's their own (``gs1``); what has the
shape of one and another digit is not looked for. What has no shape may be a tracking number, a
serial number or an article's: the database knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings as django_settings

from oms_portal.conf import settings
from oms_portal.returns.labels import digits

from ..kinds import ScanKind
from . import gs1
from .wedges import sent


LONGEST = 250
# ISO/IEC 15424: "]", the letter of the symbology, its modifier. Those that carry element strings,
# and those of EAN and UPC, whose digit the scanner has checked already.
_AIM = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")
_GS1_SYMBOLS = frozenset({"C1", "e0", "d2", "Q3", "J1"})
_EAN_SYMBOLS = frozenset({"E0", "E4"})
# How scanners write FNC1 out for those who can't see it.
_FNC1 = re.compile(r"<GS>|<FNC1>|\{GS\}|\{FNC1\}|\[GS\]|␝", re.IGNORECASE)
_UNSEEN = re.compile(
    r"[\x00-\x1c\x1e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_OURS = re.compile(r"R[0-9]{10}|R[0-9]{12}")
# One of ours that lost a character, or got one too many.
_BROKEN = re.compile(r"R[0-9]{8,14}")
_NEARLY_OURS = re.compile(r"R[0-9OQDILSZBG]{10}|R[0-9OQDILSZBG]{12}")
# Letters that people read where a digit stands.
_LIKE_DIGITS = str.maketrans("OQDILSZBG", "000115286")
_BETWEEN = re.compile(r"[\s\-.]+")
_LINK = re.compile(r"(?:https?:/)?/", re.IGNORECASE)
_IN_LINK = re.compile(r"/returns/(R[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """``value`` is the code itself: a return's number, a parcel's code, an SSCC, a GTIN of 14
    digits, a serial number, else the text. ``why`` it is none: "digit", its check digit is wrong;
    "foreign", it is another site's."""

    text: str
    kind: ScanKind
    value: str
    gtin: str = ""
    serial: str = ""
    lot: str = ""
    why: Literal["", "digit", "foreign"] = ""


def readings(text: str, hosts: Collection[str] | None = None) -> tuple[Reading, ...]:
    """What ``text`` can be, the likeliest first, at least one; those with a ``why`` come last.
    ``hosts`` are those whose links are ours, by default the site's (``own_hosts``)."""
    clean = cleaned(text)
    ours = own_hosts() if hosts is None else hosts
    found: dict[tuple[str, str], Reading] = {}
    for version in sent(clean):
        for reading in _read(version, ours):
            found.setdefault((reading.kind, reading.value), reading)
        if any(one.why or one.kind != ScanKind.UNKNOWN for one in found.values()):
            # What has the shape of a code did not get it from another keyboard.
            break
    return _best(clean, found.values())


def cleaned(text: str) -> str:
    """Without what a scanner puts around a code; FNC1 is one sign."""
    seen = _UNSEEN.sub("", _FNC1.sub(gs1.GS, text[: 4 * LONGEST]))
    return seen.strip()[:LONGEST]


def own_hosts() -> frozenset[str]:
    """The names under which this site's links go out."""
    base = settings().BASE_URL or getattr(django_settings, "WAGTAILADMIN_BASE_URL", None) or ""
    named = (host for host in django_settings.ALLOWED_HOSTS if "*" not in host)
    return frozenset(filter(None, (urlsplit(str(base)).hostname, *named)))


def _best(clean: str, found: Collection[Reading]) -> tuple[Reading, ...]:
    """A right digit is no chance; of a text without a shape nobody knows more than itself."""
    right = [one for one in found if not one.why and one.kind != ScanKind.UNKNOWN]
    plain = [one for one in found if not one.why and one.kind == ScanKind.UNKNOWN]
    faulty = [one for one in found if one.why]
    return (*right, *plain, *faulty) or (Reading(clean, ScanKind.UNKNOWN, clean),)


def _read(text: str, hosts: Collection[str]) -> Iterator[Reading]:
    symbol, body = _symbol(text)
    if _LINK.match(body):
        yield from _linked(text, body, hosts)
        return
    compact = _BETWEEN.sub("", body).upper()
    ours = _ours(text, compact)
    if ours is not None:
        yield ours
        return
    bracketed = body.startswith("(")
    if symbol in _GS1_SYMBOLS or bracketed or gs1.GS in body or _begins_with_gtin(compact):
        named = gs1.elements(body if bracketed else body.replace(" ", ""))
        if named and (reading := _of_elements(text, named)):
            yield reading
            return
    yield from _numbered(text, compact, certain=symbol in _EAN_SYMBOLS)
    if body and symbol not in _EAN_SYMBOLS:
        yield Reading(text, ScanKind.UNKNOWN, body)
    if _BROKEN.fullmatch(compact):
        yield Reading(text, ScanKind.RETURN, compact, why="digit")


def _symbol(text: str) -> tuple[str, str]:
    """The AIM identifier's two signs, "" where there is none, and what comes after it."""
    found = _AIM.match(text)
    if found is None:
        return "", text.strip(f"{gs1.GS} ")
    return found[1] + found[2], text[found.end() :].strip(f"{gs1.GS} ")


def _ours(text: str, compact: str) -> Reading | None:
    """A return's number or a parcel's code; None of what has not their shape."""
    if not _OURS.fullmatch(compact):
        mended = compact[:1] + compact[1:].translate(_LIKE_DIGITS)
        if not _NEARLY_OURS.fullmatch(compact) or not digits.is_valid(mended):
            return None
        compact = mended
    kind = ScanKind.RETURN if len(compact) == 11 else ScanKind.PARCEL
    return Reading(text, kind, compact, why="" if digits.is_valid(compact) else "digit")


def _begins_with_gtin(compact: str) -> bool:
    """As an element string that a scanner sent without saying so."""
    return len(compact) > 16 and compact[:2] == gs1.GTIN and gs1.is_gtin(compact[2:16])


def _of_elements(text: str, named: Mapping[str, str]) -> Reading | None:
    if sscc := named.get(gs1.SSCC):
        return _checked(text, ScanKind.SSCC, sscc, right=gs1.is_sscc(sscc))
    gtin = named.get(gs1.GTIN) or named.get(gs1.CONTENT) or ""
    if gtin and not gs1.is_gtin(gtin):
        return _checked(text, ScanKind.ARTICLE, gtin, right=False)
    serial, lot = named.get(gs1.SERIAL) or named.get(gs1.MADE) or "", named.get(gs1.LOT, "")
    gtin = gtin.zfill(14) if gtin else ""
    if serial:
        return Reading(text, ScanKind.SERIAL, serial, gtin=gtin, serial=serial, lot=lot)
    return Reading(text, ScanKind.ARTICLE, gtin, gtin=gtin, lot=lot) if gtin else None


def _numbered(text: str, compact: str, *, certain: bool) -> Iterator[Reading]:
    """SSCC and GTIN. Carriers number parcels with as many digits and others behind them, so a
    wrong one says little unless the symbol was ``certain`` to be an article's."""
    sscc = compact[2:] if len(compact) == 20 and compact.startswith(gs1.SSCC) else compact
    if gs1.looks_like_sscc(sscc):
        yield _checked(text, ScanKind.SSCC, sscc, right=gs1.is_sscc(sscc))
    elif gs1.looks_like_gtin(compact):
        gtin = compact.zfill(14)
        right = gs1.is_gtin(compact)
        yield _checked(text, ScanKind.ARTICLE, gtin, right=right, gtin=gtin if right else "")
    elif certain:
        yield _checked(text, ScanKind.ARTICLE, compact, right=False)


def _checked(text: str, kind: ScanKind, value: str, *, right: bool, gtin: str = "") -> Reading:
    return Reading(text, kind, value, gtin=gtin, why="" if right else "digit")


def _linked(text: str, link: str, hosts: Collection[str]) -> Iterator[Reading]:
    """A page of ours names its return; an article's own link (GS1) its article, whoever's it is."""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), ""
    number = _IN_LINK.search(parts.path)
    ours = _ours(text, number[1].upper()) if number else None
    named = gs1.linked(parts.path)
    if host is not None and host not in hosts and not named:
        yield Reading(text, ScanKind.UNKNOWN, link, why="foreign")
    elif ours is not None:
        yield ours
    elif named and (reading := _of_elements(text, named)):
        yield reading
    else:
        yield Reading(text, ScanKind.UNKNOWN, link)
