"""Data for labels, and what must hold for any page: nothing outside, nothing over anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from oms_portal.returns.labels.data import Dress, Item, LabelData
from oms_portal.returns.labels.digits import parcel_code, rma_number, sscc
from oms_portal.returns.labels.marks import Bars, Mark, Matrix, Page, Picture, Rule, Run


MM = 72 / 25.4
NINE = "123456789"
SENDERS = {
    "latin": {
        "name": "Łódzkie Maszyny Sp. z o.o.",
        "lines": ["ul. Długa 45-B"],
        "city": "Łódź",
        "postal_code": "90-001",
        "country": "PL",
    },
    "greek": {
        "name": "Αιγαίο Μηχανές",
        "lines": ["Αλεξάνδρας 45"],
        "city": "Αθήνα",
        "postal_code": "114 74",
        "country": "GR",
    },
    "cyrillic": {
        "name": "«Северен вятър»",
        "lines": ["ул. Шипка № 12"],
        "city": "София",
        "postal_code": "1000",
        "country": "BG",
    },
    "arabic": {
        "name": "شركة النيل (ش.م.م)",
        "contact": "ليلى حسن",
        "lines": ["12 شارع النخيل", "مبنى 45-B، الطابق 3"],
        "city": "القاهرة",
        "postal_code": "11511",
        "country": "EG",
    },
    "hebrew": {
        "name": "מכונות הצפון בע״מ",
        "lines": ["רחוב הזית 12"],
        "city": "תל אביב",
        "postal_code": "6688312",
        "country": "IL",
    },
    "chinese": {
        "name": "北风机械有限公司",
        "lines": ["南京东路100号5楼"],
        "city": "黄浦区",
        "region": "上海市",
        "postal_code": "200001",
        "country": "CN",
    },
    "japanese": {
        "name": "北風機械株式会社",
        "lines": ["丸の内1-2-3 北風ビル5階"],
        "city": "千代田区",
        "region": "東京都",
        "postal_code": "100-0005",
        "country": "JP",
    },
}
RECEIVER = {
    "name": "Nordwind AG",
    "lines": ["Returns, gate 4", "Hafenstrasse 12"],
    "city": "Basel",
    "postal_code": "4057",
    "country": "CH",
}
ITEMS = (
    Item("BRG-6204", "Ball bearing", "2", "C62", "Wrong article", "24.50", "0.35", "848210", "DE"),
    Item("PMP-24V", "Pump unit", "1", "C62", "Damaged", "210.00", "1.20", "841370", "IT"),
)
LOGO = (bytes(range(1, 251)) * 8, 400, 40)
DRESS = Dress("Nordwind Machines", None, "#0b5d8a", "returns@nordwind.example")


def label(template: str = "return", **told: object) -> LabelData:
    given: dict[str, object] = {
        "template": template,
        "rma": rma_number(NINE),
        "parcel": parcel_code(NINE, 1),
        "sender": SENDERS["latin"],
        "receiver": RECEIVER,
        "items": ITEMS,
        "order": "SO-10023",
        "link": "https://portal.example.com/portal/l/abcdefghijkl/",
        "sscc": sscc("7612345", 42),
        "valid_until": "2026-12-05",
        "issued_on": "2026-11-21",
        "currency": "CHF",
    }
    return LabelData(**{**given, **told})


class Area(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Area, slack: float = 0.3) -> bool:
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.bottom < other.top - slack
            and other.bottom < self.top - slack
        )


def area(mark: Mark, dot: float) -> Area:
    """What a mark covers in points, a code with its quiet zone, text as high as most letters."""
    match mark:
        case Run():
            width = sum(glyph.advance for glyph in mark.glyphs)
            low, high = mark.y - 0.22 * mark.size, mark.y + 0.74 * mark.size
            return Area(mark.x, low, mark.x + width, high)
        case Rule():
            return Area(mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        case Bars():
            quiet, across = 10 * mark.module, sum(mark.widths) * mark.module
            return _dots(mark.x - quiet, mark.y, across + 2 * quiet, mark.height, dot)
        case Matrix():
            quiet, across = 4 * mark.module, len(mark.rows) * mark.module
            side = across + 2 * quiet
            return _dots(mark.x - quiet, mark.y - quiet, side, side, dot)
        case Picture():
            return _dots(mark.x, mark.y, mark.width, mark.height, dot)


def _dots(x: int, y: int, width: int, height: int, dot: float) -> Area:
    return Area(x * dot, y * dot, (x + width) * dot, (y + height) * dot)


def faults(page: Page) -> Iterator[str]:
    """What is outside the page, and what lies over something else."""
    dot = 72 / page.dpi
    whole = Area(0, 0, page.width * MM, page.height * MM)
    areas = [(mark, area(mark, dot)) for mark in page.marks]
    for mark, place in areas:
        if place.left < 0 or place.bottom < 0:
            yield f"outside: {mark}"
        if place.right > whole.right + 0.1 or place.top > whole.top + 0.1:
            yield f"outside: {mark}"
    for number, (mark, place) in enumerate(areas):
        for other, there in areas[number + 1 :]:
            if place.meets(there) and not _may_meet(mark, other):
                yield f"{mark} lies over {other}"


def _may_meet(mark: Mark, other: Mark) -> bool:
    """White figures stand in their square; frames meet at their corners."""
    kinds = {type(mark), type(other)}
    inks = {getattr(mark, "ink", ""), getattr(other, "ink", "")}
    return kinds == {Rule} or (kinds == {Rule, Run} and "white" in inks)


def says(page: Page) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Run)]
