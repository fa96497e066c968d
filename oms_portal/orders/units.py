"""Plain words for the common codes of UN/ECE Recommendation 20 (and 21, packages, with an X)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from .locales import number


_PIECES = ngettext_lazy("%(n)s piece", "%(n)s pieces", "count")
_BOXES = ngettext_lazy("%(n)s box", "%(n)s boxes", "count")
_ROLLS = ngettext_lazy("%(n)s roll", "%(n)s rolls", "count")
_BAGS = ngettext_lazy("%(n)s bag", "%(n)s bags", "count")
_PALLETS = ngettext_lazy("%(n)s pallet", "%(n)s pallets", "count")
_CARTONS = ngettext_lazy("%(n)s carton", "%(n)s cartons", "count")
_PACKS = ngettext_lazy("%(n)s pack", "%(n)s packs", "count")
_PAIRS = ngettext_lazy("%(n)s pair", "%(n)s pairs", "count")
_CASES = ngettext_lazy("%(n)s case", "%(n)s cases", "count")
_SHEETS = ngettext_lazy("%(n)s sheet", "%(n)s sheets", "count")
_TUBES = ngettext_lazy("%(n)s tube", "%(n)s tubes", "count")
_DRUMS = ngettext_lazy("%(n)s drum", "%(n)s drums", "count")

UNITS: dict[str, Any] = {
    "C62": _PIECES,
    "H87": _PIECES,
    "NAR": _PIECES,
    "XPP": _PIECES,
    "EA": _PIECES,
    "PCE": _PIECES,
    "PR": _PAIRS,
    "NPR": _PAIRS,
    "SET": ngettext_lazy("%(n)s set", "%(n)s sets", "count"),
    "KT": ngettext_lazy("%(n)s kit", "%(n)s kits", "count"),
    "DZN": ngettext_lazy("%(n)s dozen", "%(n)s dozen", "count"),
    "CEN": ngettext_lazy("%(n)s hundred", "%(n)s hundred", "count"),
    "GRO": ngettext_lazy("%(n)s gross", "%(n)s gross", "count"),
    "MIL": ngettext_lazy("%(n)s thousand", "%(n)s thousand", "count"),
    "MGM": _("%(n)s mg"),
    "GRM": _("%(n)s g"),
    "KGM": _("%(n)s kg"),
    "TNE": _("%(n)s t"),
    "LBR": _("%(n)s lb"),
    "ONZ": _("%(n)s oz"),
    "MMT": _("%(n)s mm"),
    "CMT": _("%(n)s cm"),
    "MTR": _("%(n)s m"),
    "LM": _("%(n)s m"),
    "KMT": _("%(n)s km"),
    "INH": _("%(n)s in"),
    "FOT": _("%(n)s ft"),
    "YRD": _("%(n)s yd"),
    "CMK": _("%(n)s cm²"),
    "MTK": _("%(n)s m²"),
    "FTK": _("%(n)s sq ft"),
    "CMQ": _("%(n)s cm³"),
    "MTQ": _("%(n)s m³"),
    "FTQ": _("%(n)s cu ft"),
    "MLT": _("%(n)s ml"),
    "LTR": _("%(n)s l"),
    "HLT": _("%(n)s hl"),
    "GLL": _("%(n)s gal"),
    "SEC": _("%(n)s s"),
    "MIN": _("%(n)s min"),
    "HUR": ngettext_lazy("%(n)s hour", "%(n)s hours", "count"),
    "DAY": ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    "WEE": ngettext_lazy("%(n)s week", "%(n)s weeks", "count"),
    "MON": ngettext_lazy("%(n)s month", "%(n)s months", "count"),
    "ANN": ngettext_lazy("%(n)s year", "%(n)s years", "count"),
    "LS": ngettext_lazy("%(n)s lump sum", "%(n)s lump sums", "count"),
    "MWH": _("%(n)s MWh"),
    "KWH": _("%(n)s kWh"),
    "BX": _BOXES,
    "XBX": _BOXES,
    "NRL": _ROLLS,
    "RO": _ROLLS,
    "XRO": _ROLLS,
    "BG": _BAGS,
    "XBG": _BAGS,
    "PF": _PALLETS,
    "XPX": _PALLETS,
    "CT": _CARTONS,
    "XCT": _CARTONS,
    "NMP": _PACKS,
    "PK": _PACKS,
    "XPK": _PACKS,
    "XPA": _PACKS,
    "DR": _DRUMS,
    "XDR": _DRUMS,
    "XBO": ngettext_lazy("%(n)s bottle", "%(n)s bottles", "count"),
    "XCA": ngettext_lazy("%(n)s can", "%(n)s cans", "count"),
    "ST": _SHEETS,
    "XST": _SHEETS,
    "CS": _CASES,
    "XCS": _CASES,
    "TU": _TUBES,
    "XTU": _TUBES,
    "XCR": ngettext_lazy("%(n)s crate", "%(n)s crates", "count"),
    "XPC": ngettext_lazy("%(n)s parcel", "%(n)s parcels", "count"),
    "XRL": ngettext_lazy("%(n)s reel", "%(n)s reels", "count"),
    "XSA": ngettext_lazy("%(n)s sack", "%(n)s sacks", "count"),
}


def quantity(value: Decimal, unit: str) -> str:
    """ "10 pieces", "2.5 kg"; a unit nobody knows is called just that: "3 units"."""
    whole = value == value.to_integral_value()
    # Broken numbers take the form of many: that of two leaves out the number in some languages.
    count = abs(int(value)) if whole else 100
    words = {"n": number(value), "count": count}
    if unit.upper() in UNITS:
        return str(UNITS[unit.upper()] % words)
    return ngettext("%(n)s unit", "%(n)s units", count) % words
