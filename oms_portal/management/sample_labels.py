"""Labels to look at, and the same for data from elsewhere: what ``oms_sample_labels`` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from oms_portal.returns.labels.data import Dress, Item, LabelData
from oms_portal.returns.labels.digits import parcel_code, rma_number, sscc
from oms_portal.returns.labels.marks import Page, Run
from oms_portal.returns.labels.pdf import pdf
from oms_portal.returns.labels.sizes import SIZES
from oms_portal.returns.labels.templates import TEMPLATES, Unprintable, lay_out


DRESS = Dress(
    name="Nordwind Machines",
    accent="#0b5d8a",
    footer="Nordwind Machines AG · returns@nordwind.example",
)
_RECEIVER = {
    "name": "Nordwind Machines AG",
    "lines": ["Returns, gate 4", "Hafenstrasse 12"],
    "city": "Basel",
    "postal_code": "4057",
    "country": "CH",
}
# By script: language, name, contact, lines, city, region, postcode, country.
_SENDERS: Mapping[str, tuple[str, str, str, list[str], str, str, str, str]] = {
    "latin": (
        "de",
        "Łódzkie Maszyny Sp. z o.o.",
        "Żaneta Gołębiowska",
        ["ul. Długa 45-B", "Wejście C"],
        "Łódź",
        "",
        "90-001",
        "PL",
    ),
    "greek": (
        "en",
        "Αιγαίο Μηχανές Α.Ε.",
        "Ελένη Παπά",
        ["Λεωφόρος Αλεξάνδρας 45-Β"],
        "Αθήνα",
        "",
        "114 74",
        "GR",
    ),
    "cyrillic": (
        "en",
        "«Северен вятър» ООД",
        "Мария Иванова",
        ["ул. Шипка № 12, ет. 3"],
        "София",
        "",
        "1000",
        "BG",
    ),
    "arabic": (
        "ar",
        "شركة النيل للآلات (ش.م.م)",
        "ليلى حسن",
        ["12 شارع النخيل", "مبنى 45-B، الطابق 3"],
        "القاهرة",
        "",
        "11511",
        "EG",
    ),
    "hebrew": (
        "en",
        "מכונות הצפון בע״מ",
        "דנה לוי",
        ["רחוב הזית 12, קומה 3"],
        "תל אביב",
        "",
        "6688312",
        "IL",
    ),
    "chinese": (
        "en",
        "北风机械有限公司",
        "王小明",
        ["南京东路100号5楼"],
        "黄浦区",
        "上海市",
        "200001",
        "CN",
    ),
    "japanese": (
        "en",
        "北風機械株式会社",
        "山田花子",
        ["丸の内1-2-3 北風ビル5階"],
        "千代田区",
        "東京都",
        "100-0005",
        "JP",
    ),
}
_ITEMS = (
    Item("BRG-6204", "Deep groove ball bearing", "2", "C62", "Wrong article", "24.50", "0.35"),
    Item(
        "PMP-24V", "Hydraulic pump unit, 24 V", "1", "C62", "Damaged in transit", "210.00", "1.20"
    ),
)


# The members of LabelData that are told as they are.
_TEXTS = (
    *("rma", "parcel", "order", "link", "sscc", "carrier", "tracking_number", "service"),
    *("valid_until", "issued_on", "currency"),
)


def samples() -> Iterator[tuple[str, LabelData, str]]:
    """(file, data, size): each template in each size, from senders of each script."""
    for template in TEMPLATES:
        for size in SIZES:
            for number, script in enumerate(_SENDERS, start=1):
                data = _sample(template, script, f"{number:09d}")
                yield f"{template}-{size}-{script}.pdf", data, size


def _sample(template: str, script: str, nine: str) -> LabelData:
    language, name, contact, lines, city, region, postcode, country = _SENDERS[script]
    return LabelData(
        template=template,
        rma=rma_number(nine),
        parcel=parcel_code(nine, 1),
        sender={
            "name": name,
            "contact": contact,
            "lines": lines,
            "city": city,
            "region": region,
            "postal_code": postcode,
            "country": country,
        },
        receiver=_RECEIVER,
        items=tuple(replace(item, hs_code="848210", origin="DE") for item in _ITEMS),
        order="SO-10023",
        link=f"https://portal.example.com/portal/l/sample-{nine}/",
        sscc=sscc("7612345", int(nine)),
        valid_until="2026-12-05",
        issued_on="2026-11-21",
        currency="CHF",
        language=language,
    )


def asked(entry: object) -> tuple[LabelData, str]:
    """An entry of a file: {"template", "size", "rma", "parcel", "order", "from", "to", "items"}, and
    any other member of LabelData. ValueError for what is no such thing."""
    if not isinstance(entry, Mapping):
        raise ValueError("This is no JSON object.")
    told: dict[str, Any] = {member: _text(entry.get(member)) for member in _TEXTS}
    data = LabelData(
        template=_text(entry.get("template")),
        language=_text(entry.get("language")) or "en",
        sender=_address(entry.get("from")),
        receiver=_address(entry.get("to")),
        items=tuple(map(_item, _list(entry.get("items")))),
        point=_address(entry.get("point")),
        notes=tuple(map(_text, _list(entry.get("notes")))),
        **told,
    )
    return data, _text(entry.get("size"))


def _item(value: object) -> Item:
    if not isinstance(value, Mapping):
        raise ValueError("An article is no JSON object.")
    members = Item.__dataclass_fields__
    return Item(**{member: _text(value.get(member)) for member in members})


def _address(value: object) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise ValueError("An address is no JSON object.")
    return value or {}


def _list(value: object) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise ValueError("A list is none.")
    return value or []


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict | list) else str(value)


def printed(data: LabelData, size: str) -> tuple[bytes, dict[str, Any]]:
    """The PDF, and what is to be found in it. Unprintable."""
    pages = lay_out(data, size, DRESS)
    return pdf(pages), {
        "size": size,
        "codes": [text for page in pages for _, text in page.codes],
        "text": [text for page in pages for text in _texts(page)],
        "pages": len(pages),
    }


def _texts(page: Page) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Run) and mark.text.strip()]


def named(number: int, data: LabelData, size: str) -> str:
    """A name for a file, whatever the data says."""
    parts = (f"{number:04d}", data.template, size)
    return "-".join(re.sub(r"[^a-z0-9]+", "", part.lower())[:20] or "x" for part in parts) + ".pdf"


__all__ = ["Unprintable", "asked", "named", "printed", "samples"]
