"""What may come back to Brannfeld, until when and how: the first policy that fits decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_portal.returns.kinds import Kind, Method, Outcome
from oms_portal.returns.rules import ReturnPlace, ReturnPolicy

from .places import VENDOR


BACK = [Kind.RETURN, Kind.EXCHANGE]
WAYS = [way for way in Method if way != Method.NOTHING]
Approval, Pays = ReturnPolicy.Approval, ReturnPolicy.Pays
POLICIES: dict[str, dict[str, Any]] = {
    "Final sale": {
        "kinds": BACK,
        "final_sale": True,
        "allowed": False,
        "refusal": {
            "en": "Cut lengths and pressed hoses are made for you and can’t be returned.",
            "de": "Zuschnitte und verpresste Schläuche werden für Sie gefertigt und können nicht "
            "zurückgenommen werden.",
            "nl": "Op maat gezaagde delen en geperste slangen worden voor u gemaakt en kunnen niet "
            "worden geretourneerd.",
            "ar": "الأطوال المقطوعة والخراطيم المكبوسة تُصنع خصيصًا لكم ولا يمكن إرجاعها.",
        },
    },
    "Claims": {
        "kinds": [Kind.CLAIM],
        "window_days": 7,
        "methods": WAYS,
        "outcomes": [Outcome.CREDIT, Outcome.REPLACEMENT],
        "pays": Pays.SUPPLIER,
        "approval": Approval.ERP,
        "keep_below": Decimal("20.00"),
    },
    "Electronics": {
        "kinds": BACK,
        "categories": ["electronics"],
        "window_days": 14,
        "methods": [Method.PARCEL_SHOP, Method.QR, Method.PICKUP, Method.FREIGHT],
        "outcomes": [Outcome.CREDIT, Outcome.REPLACEMENT, Outcome.REPAIR],
        "fee_percent": Decimal("15.00"),
        "photos": 1,
        "asks_serial": True,
    },
    "High value": {
        "kinds": BACK,
        "value_from": Decimal("1000.00"),
        "methods": WAYS,
        "outcomes": [Outcome.CREDIT, Outcome.REPLACEMENT, Outcome.EXCHANGE],
        "approval": Approval.AGENT,
    },
    "Standard": {
        "kinds": BACK,
        "methods": WAYS,
        "outcomes": [Outcome.CREDIT, Outcome.REPLACEMENT, Outcome.EXCHANGE],
        "shipping_fee": Decimal("6.90"),
        "keep_below": Decimal("20.00"),
    },
}
# Where the goods go of those that do not go back to where they came from.
ELSEWHERE = {"Electronics": VENDOR}


def load_policies() -> None:
    """What staff changed since stays as they made it. The places are there already."""
    for position, (name, policy) in enumerate(POLICIES.items()):
        there = ReturnPlace.objects.filter(ref=ELSEWHERE.get(name, "")).first()
        defaults = {"position": position, "destination": there, **policy}
        ReturnPolicy.objects.get_or_create(name=name, defaults=defaults)
