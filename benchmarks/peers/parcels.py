"""The labels that are drawn: 4 x 6 in, two addresses, one to three articles, both codes."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from oms_portal.returns.labels.data import LabelData
    from oms_portal.returns.labels.marks import Page

SIZE = "4x6"
_NAMES = ("Novák", "Brannfeld", "Żurek", "Weber", "Durand", "García", "de Vries", "Kranich")
_CITIES = ("Berlin", "Köln", "Lübeck", "Münster", "Jena", "Passau")
_ARTICLES = (
    ("KR-220", "Cable drum 20 m"),
    ("BR-9", "Hinge, steel"),
    ("NW-1040", "Torque wrench 1/2 in"),
    ("XZ-77", "Safety gloves size 9"),
)
_RECEIVER = {
    "name": "Northwind Returns",
    "lines": ["Dock 4", "ul. Żeromskiego 45"],
    "postal_code": "00-001",
    "city": "Warszawa",
    "country": "PL",
}
numbers = count(1)


def label(number: int) -> LabelData:
    """One of its own for each number, always the same."""
    from oms_portal.returns.labels.data import Item, LabelData
    from oms_portal.returns.labels.digits import parcel_code, rma_number

    chance = Random(number)
    nine = f"{(number * 7919 + 123456789) % 10**9:09d}"
    sender = {
        "name": f"{chance.choice(_NAMES)} GmbH",
        "lines": [f"Musterstraße {chance.randint(1, 200)}"],
        "postal_code": f"{chance.randint(10000, 99999)}",
        "city": chance.choice(_CITIES),
        "country": "DE",
    }
    bought = chance.sample(_ARTICLES, chance.randint(1, 3))
    items = tuple(Item(sku, says, str(chance.randint(1, 9))) for sku, says in bought)
    return LabelData(
        "return",
        rma_number(nine),
        parcel_code(nine, 1),
        sender,
        _RECEIVER,
        items,
        order=f"SO-{100000 + number}",
        link=f"https://portal.example/r/{rma_number(nine)}/",
        valid_until="2026-12-31",
    )


def laid_out(number: int, dpi: int = 203) -> Page:
    from oms_portal.returns.labels.data import Dress
    from oms_portal.returns.labels.templates import lay_out

    (page,) = lay_out(label(number), SIZE, Dress("Northwind"), dpi)
    return page
