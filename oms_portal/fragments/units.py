"""Plain words for the common codes of UN/ECE Recommendation 20 (and 21, packages, with an X)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


def _plural(one: str, many: str) -> Any:
    return ngettext_lazy(one, many, "count")


_PIECES = _plural("%(n)s piece", "%(n)s pieces")
_BOXES = _plural("%(n)s box", "%(n)s boxes")
_ROLLS = _plural("%(n)s roll", "%(n)s rolls")
_BAGS = _plural("%(n)s bag", "%(n)s bags")
_PALLETS = _plural("%(n)s pallet", "%(n)s pallets")
_CARTONS = _plural("%(n)s carton", "%(n)s cartons")
_PACKS = _plural("%(n)s pack", "%(n)s packs")
_PAIRS = _plural("%(n)s pair", "%(n)s pairs")
_CASES = _plural("%(n)s case", "%(n)s cases")
_SHEETS = _plural("%(n)s sheet", "%(n)s sheets")
_TUBES = _plural("%(n)s tube", "%(n)s tubes")
_DRUMS = _plural("%(n)s drum", "%(n)s drums")

UNITS: dict[str, Any] = {
    "C62": _PIECES,
    "H87": _PIECES,
    "NAR": _PIECES,
    "XPP": _PIECES,
    "EA": _PIECES,
    "PCE": _PIECES,
    "PR": _PAIRS,
    "NPR": _PAIRS,
    "SET": _plural("%(n)s set", "%(n)s sets"),
    "KT": _plural("%(n)s kit", "%(n)s kits"),
    "DZN": _plural("%(n)s dozen", "%(n)s dozen"),
    "CEN": _plural("%(n)s hundred", "%(n)s hundred"),
    "GRO": _plural("%(n)s gross", "%(n)s gross"),
    "MIL": _plural("%(n)s thousand", "%(n)s thousand"),
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
    "HUR": _plural("%(n)s hour", "%(n)s hours"),
    "DAY": _plural("%(n)s day", "%(n)s days"),
    "WEE": _plural("%(n)s week", "%(n)s weeks"),
    "MON": _plural("%(n)s month", "%(n)s months"),
    "ANN": _plural("%(n)s year", "%(n)s years"),
    "LS": _plural("%(n)s lump sum", "%(n)s lump sums"),
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
    "XBO": _plural("%(n)s bottle", "%(n)s bottles"),
    "XCA": _plural("%(n)s can", "%(n)s cans"),
    "ST": _SHEETS,
    "XST": _SHEETS,
    "CS": _CASES,
    "XCS": _CASES,
    "TU": _TUBES,
    "XTU": _TUBES,
    "XCR": _plural("%(n)s crate", "%(n)s crates"),
    "XPC": _plural("%(n)s parcel", "%(n)s parcels"),
    "XRL": _plural("%(n)s reel", "%(n)s reels"),
    "XSA": _plural("%(n)s sack", "%(n)s sacks"),
}
