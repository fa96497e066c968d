"""Why goods come back: four headings with the reasons beneath them, in the customers' words."""

from __future__ import annotations

from typing import Any

from oms_portal.returns.kinds import Claim, Kind, Outcome
from oms_portal.returns.rules import ReturnReason


CUSTOMER, SUPPLIER, CARRIER = ReturnReason.Liability
BACK = [Kind.RETURN, Kind.EXCHANGE]
LANGUAGES = ("en", "de", "nl", "ar")

# Heading and reasons: code, words by language, and the columns that are not as usual.
Reason = tuple[str, tuple[str, str, str, str], dict[str, Any]]
TREE: list[tuple[Reason, list[Reason]]] = [
    (
        (
            "not_needed",
            ("Not needed", "Nicht gebraucht", "Niet nodig", "لم تعد هناك حاجة إليه"),
            {"kinds": BACK},
        ),
        [
            (
                "too_many",
                (
                    "We ordered too many",
                    "Wir haben zu viel bestellt",
                    "We hebben te veel besteld",
                    "طلبنا أكثر من اللازم",
                ),
                {"kinds": BACK, "outcome": Outcome.CREDIT},
            ),
            (
                "plans_changed",
                (
                    "Our plans changed",
                    "Unsere Planung hat sich geändert",
                    "Onze plannen zijn gewijzigd",
                    "تغيّرت خططنا",
                ),
                {"kinds": BACK, "outcome": Outcome.CREDIT},
            ),
        ],
    ),
    (
        (
            "does_not_fit",
            ("Not what we need", "Passt nicht", "Past niet", "غير مناسب"),
            {"kinds": BACK},
        ),
        [
            (
                "wrong_size",
                (
                    "Wrong size or type chosen",
                    "Falsche Größe oder Ausführung gewählt",
                    "Verkeerde maat of uitvoering gekozen",
                    "اخترنا مقاسًا أو نوعًا غير صحيح",
                ),
                {"kinds": BACK, "outcome": Outcome.EXCHANGE},
            ),
            (
                "not_as_described",
                (
                    "Not as described",
                    "Anders als beschrieben",
                    "Niet zoals beschreven",
                    "لا يطابق الوصف",
                ),
                {
                    "kinds": BACK,
                    "liability": SUPPLIER,
                    "photos": 1,
                    "asks_text": True,
                    "waives_fee": True,
                },
            ),
        ],
    ),
    (
        (
            "faulty",
            ("Damaged or faulty", "Beschädigt oder defekt", "Beschadigd of defect", "تالف أو معيب"),
            {},
        ),
        [
            (
                "damaged",
                (
                    "Arrived damaged",
                    "Beschädigt angekommen",
                    "Beschadigd aangekomen",
                    "وصل تالفًا",
                ),
                {
                    "kinds": [Kind.RETURN, Kind.CLAIM],
                    "claim": Claim.DAMAGED,
                    "liability": CARRIER,
                    "photos": 1,
                    "waives_fee": True,
                    "outcome": Outcome.REPLACEMENT,
                },
            ),
            (
                "failed",
                (
                    "Failed in use",
                    "Im Betrieb ausgefallen",
                    "Uitgevallen tijdens gebruik",
                    "تعطّل أثناء الاستخدام",
                ),
                {
                    "kinds": [Kind.RETURN],
                    "liability": SUPPLIER,
                    "asks_text": True,
                    "waives_fee": True,
                    "outcome": Outcome.REPLACEMENT,
                },
            ),
        ],
    ),
    (
        (
            "wrongly_sent",
            (
                "The delivery was not right",
                "Die Lieferung stimmt nicht",
                "De levering klopt niet",
                "الشحنة غير صحيحة",
            ),
            {},
        ),
        [
            (
                "wrong_item",
                (
                    "Something else was delivered",
                    "Etwas anderes wurde geliefert",
                    "Er is iets anders geleverd",
                    "تم تسليم صنف آخر",
                ),
                {
                    "kinds": [Kind.RETURN, Kind.CLAIM],
                    "claim": Claim.WRONG,
                    "liability": SUPPLIER,
                    "photos": 1,
                    "waives_fee": True,
                    "outcome": Outcome.REPLACEMENT,
                },
            ),
            (
                "short",
                (
                    "Fewer items than stated",
                    "Weniger als angegeben",
                    "Minder dan vermeld",
                    "عدد أقل من المذكور",
                ),
                {
                    "kinds": [Kind.CLAIM],
                    "claim": Claim.SHORT,
                    "liability": SUPPLIER,
                    "asks_text": True,
                    "waives_fee": True,
                    "outcome": Outcome.CREDIT,
                },
            ),
            (
                "never_came",
                (
                    "The delivery never arrived",
                    "Die Lieferung kam nie an",
                    "De levering is nooit aangekomen",
                    "لم تصل الشحنة",
                ),
                {
                    "kinds": [Kind.CLAIM],
                    "claim": Claim.MISSING,
                    "liability": CARRIER,
                    "waives_fee": True,
                    "outcome": Outcome.REPLACEMENT,
                },
            ),
        ],
    ),
]


def load_reasons() -> None:
    for place, (heading, reasons) in enumerate(TREE):
        parent = _load(heading, None, place)
        for below, reason in enumerate(reasons):
            _load(reason, parent, below)


def _load(reason: Reason, parent: ReturnReason | None, position: int) -> ReturnReason:
    code, words, columns = reason
    texts = dict(zip(LANGUAGES, words, strict=True))
    defaults = {"parent": parent, "texts": texts, "position": position, **columns}
    return ReturnReason.objects.get_or_create(code=code, defaults=defaults)[0]
