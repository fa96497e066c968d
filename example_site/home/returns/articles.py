"""What policies and customs ask of Brannfeld's articles and no order tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_portal.returns.rules import Article


# Name, SKUs, category, HS code, origin, kg a unit, and what is not as usual.
GROUPS: list[tuple[str, list[str], str, str, str, str, dict[str, Any]]] = [
    ("Ball bearings", ["6204-*", "6308-*"], "bearings", "848210", "DE", "0.1060", {}),
    ("Roller bearings", ["NU-*", "22218-*"], "bearings", "848250", "DE", "2.1000", {}),
    ("Housed units", ["UCP-*"], "bearings", "848320", "IT", "1.3000", {}),
    ("Rails, cut to length", ["LR-*"], "linear", "848299", "DE", "6.4000", {"final_sale": True}),
    ("Carriages and screws", ["LC-*", "BS-*"], "linear", "848340", "DE", "1.2000", {}),
    ("Timing belts", ["TB-*"], "drives", "401035", "IT", "0.2600", {}),
    ("V-belts", ["VB-*"], "drives", "401031", "IT", "0.4000", {}),
    ("Pulleys", ["TP-*"], "drives", "848350", "DE", "1.9000", {}),
    ("Chains", ["RC-*"], "drives", "731511", "DE", "0.7000", {}),
    ("Couplings", ["CP-*"], "drives", "848360", "DE", "1.1000", {}),
    ("Cylinders", ["HC-*"], "fluid power", "841221", "DE", "7.8000", {}),
    ("Hoses, pressed", ["HH-*"], "fluid power", "400921", "IT", "0.3800", {"final_sale": True}),
    ("Fittings", ["HF-*"], "fluid power", "730792", "DE", "0.0600", {}),
    ("Seals", ["OR-*", "RS-*"], "seals", "401693", "DE", "0.0100", {}),
    ("Fasteners", ["BX-*"], "fasteners", "731815", "DE", "5.9000", {}),
    (
        "Oil and grease",
        ["PV-*", "GR-*"],
        "chemicals",
        "271019",
        "DE",
        "18.0000",
        {
            "hazardous": True,
            "tags": ["chemicals"],
            "notes": {
                "en": "Send it in its unopened can, upright and with the safety data sheet.",
                "de": "Bitte im ungeöffneten Gebinde, stehend und mit Sicherheitsdatenblatt senden.",
                "nl": "Stuur het in de ongeopende bus, rechtop en met het veiligheidsblad.",
                "ar": "أرسله في عبوته غير المفتوحة، في وضع قائم ومع صحيفة بيانات السلامة.",
            },
        },
    ),
    (
        "Gear motors",
        ["GM-*"],
        "electronics",
        "850152",
        "DE",
        "9.5000",
        {"brand": "Nordmotor", "tags": ["serial number"]},
    ),
]


def load_articles() -> None:
    for position, (name, skus, category, hs_code, origin, weight, more) in enumerate(GROUPS):
        columns = {
            "position": position,
            "skus": skus,
            "category": category,
            "brand": "Brannfeld",
            "hs_code": hs_code,
            "origin": origin,
            "weight": Decimal(weight),
            **more,
        }
        Article.objects.get_or_create(name=name, defaults=columns)
