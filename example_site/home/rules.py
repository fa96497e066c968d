"""Until when Brannfeld's customers can change what, and where they may fetch their goods."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from oms_portal.changes.models import Aspect, CutoffRule, PickupPlace, RiskPolicy


Closes = CutoffRule.Closes
PEOPLE = [Aspect.CONTACT, Aspect.INSTRUCTIONS]
WAITING = ["planned", "released"]
# Of these the first that fits decides.
RULES: dict[str, dict[str, Any]] = {
    "Being picked or packed": {
        "states": ["picking", "packed"],
        "closes": Closes.ALREADY,
    },
    "Ready to be picked up": {
        "states": ["ready_for_pickup"],
        "closes": Closes.ALREADY,
    },
    "Contact and instructions": {
        "aspects": PEOPLE,
        "states": WAITING,
        "closes": Closes.HOURS,
        "hours": 2,
    },
    "Cancelling what is planned": {
        "aspects": [Aspect.CANCEL],
        "states": WAITING,
        "closes": Closes.DAYS,
        "days": 1,
        "at": time(12, 0),
    },
    "Freight": {
        "states": WAITING,
        "methods": ["freight"],
        "closes": Closes.DAYS,
        "days": 2,
        "at": time(12, 0),
        "fee": Decimal("45.00"),
        "fee_currency": "EUR",
        "later": 1,
    },
    "United Kingdom, because of customs papers": {
        "states": WAITING,
        "countries": ["GB"],
        "closes": Closes.DAYS,
        "days": 3,
        "at": time(10, 0),
        "later": 1,
    },
    "Parcels and pick-up": {
        "states": WAITING,
        "closes": Closes.DAYS,
        "days": 1,
        "at": time(14, 0),
    },
    "In no delivery yet": {"states": ["none"], "closes": Closes.NEVER},
}
PLACES: dict[str, tuple[str, str, str]] = {
    "W-HAM": ("Hamburg branch", "Billwerder Steindamm 40, 22113 Hamburg", "Mon–Fri 7–17"),
    "W-REG": ("Regensburg branch", "Osthafenstraße 6, 93055 Regensburg", "Mon–Fri 7–16"),
    "W-LYS": ("Agence de Lyon", "12 rue de Gerland, 69007 Lyon", "Mon–Fri 8–17"),
}


def load_rules() -> None:
    """What staff changed since stays as they made it."""
    for position, (name, rule) in enumerate(RULES.items()):
        CutoffRule.objects.get_or_create(name=name, defaults={"position": position, **rule})
    for ref, (name, address, hours) in PLACES.items():
        defaults = {"name": name, "address": address, "hours": hours}
        PickupPlace.objects.get_or_create(ref=ref, defaults=defaults)
    if not RiskPolicy.objects.exists():
        RiskPolicy.objects.create()
