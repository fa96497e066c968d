"""How Brannfeld's returns desk looks at what comes back: grades, checklists, and what it suggests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_portal.returns.receipts.kinds import Disposition
from oms_portal.returns.receipts.rules import Checklist, DispositionRule, Grade
from oms_portal.returns.rules import ReturnPolicy

from .reasons import LANGUAGES


Words = tuple[str, str, str, str]
D = Disposition
# Code, name and example by language, whether it is usually accepted, what becomes of it.
GRADES: list[tuple[str, Words, Words, bool, Disposition]] = [
    (
        "a",
        ("As new", "Wie neu", "Als nieuw", "كالجديد"),
        (
            "Seal and packaging are whole; nothing shows that it was opened.",
            "Siegel und Verpackung sind heil; nichts zeigt, dass es geöffnet war.",
            "Zegel en verpakking zijn heel; niets wijst erop dat het open is geweest.",
            "الختم والعبوة سليمان ولا شيء يدل على أنها فُتحت.",
        ),
        True,
        D.RESTOCK,
    ),
    (
        "b",
        ("Opened, not used", "Geöffnet, unbenutzt", "Geopend, niet gebruikt", "مفتوح وغير مستعمل"),
        (
            "The box is open or marked; the goods have no trace of use.",
            "Der Karton ist offen oder beschriftet; die Ware hat keine Gebrauchsspuren.",
            "De doos is open of beschreven; de goederen hebben geen gebruikssporen.",
            "العلبة مفتوحة أو عليها كتابة والبضاعة بلا آثار استعمال.",
        ),
        True,
        D.B_GRADE,
    ),
    (
        "c",
        ("Used", "Gebraucht", "Gebruikt", "مستعمل"),
        (
            "It was mounted: marks of a wrench, grease, worn edges.",
            "Es war eingebaut: Spuren vom Schlüssel, Fett, abgenutzte Kanten.",
            "Het was gemonteerd: sporen van gereedschap, vet, versleten randen.",
            "سبق تركيبه: آثار مفتاح أو شحم أو حواف بالية.",
        ),
        False,
        D.SEND_BACK,
    ),
    (
        "d",
        ("Damaged", "Beschädigt", "Beschadigd", "متضرر"),
        (
            "Broken, bent, rusty or wet.",
            "Gebrochen, verbogen, verrostet oder nass.",
            "Gebroken, verbogen, verroest of nat.",
            "مكسور أو منثنٍ أو صدئ أو مبلل.",
        ),
        False,
        D.QUARANTINE,
    ),
]
SEALED: Words = (
    "The seal is whole",
    "Das Siegel ist heil",
    "Het zegel is heel",
    "الختم سليم",
)
CLEAN: Words = (
    "Clean, without grease and rust",
    "Sauber, ohne Fett und Rost",
    "Schoon, zonder vet en roest",
    "نظيف بلا شحم ولا صدأ",
)
PORTS: Words = (
    "The ports are plugged",
    "Die Anschlüsse sind verschlossen",
    "De aansluitingen zijn afgesloten",
    "فتحات التوصيل مسدودة",
)
PAPERS: Words = ("Data sheet", "Datenblatt", "Gegevensblad", "ورقة البيانات")
SEALS: Words = ("Set of seals", "Dichtungssatz", "Afdichtingsset", "طقم موانع التسرب")
# Name, categories of articles, what to look at, what belongs to it.
CHECKLISTS: list[tuple[str, list[str], dict[str, Words], dict[str, Words]]] = [
    (
        "Fluid power",
        ["fluid power"],
        {"ports": PORTS, "clean": CLEAN},
        {"papers": PAPERS, "seals": SEALS},
    ),
    ("Bearings", ["bearings"], {"sealed": SEALED, "clean": CLEAN}, {}),
    ("All others", [], {"clean": CLEAN}, {}),
]
# Name, policy, grades, reasons, whether it is accepted, what becomes of it, fee in percent.
RULES: list[tuple[str, str, list[str], list[str], bool, Disposition, str | None]] = [
    ("Our mistake", "", [], ["wrongly_sent"], True, D.RESTOCK, "0"),
    ("Claims go to quality", "Claims", ["c", "d"], [], True, D.QUARANTINE, "0"),
    ("Electronics go to the maker", "Electronics", ["c", "d"], ["faulty"], True, D.VENDOR, None),
    ("Opened goods at a lower price", "Standard", ["b"], [], True, D.B_GRADE, "15"),
]


def load_inspecting() -> None:
    """What staff changed since stays as they made it. The policies are there already."""
    for position, (code, name, example, accepted, disposition) in enumerate(GRADES):
        columns: dict[str, Any] = {
            "texts": _texts(name),
            "examples": _texts(example),
            "accepted": accepted,
            "disposition": disposition,
            "position": position,
        }
        Grade.objects.get_or_create(code=code, defaults=columns)
    for position, (name, categories, checks, accessories) in enumerate(CHECKLISTS):
        columns = {
            "categories": categories,
            "checks": _items(checks),
            "accessories": _items(accessories),
            "position": position,
        }
        Checklist.objects.get_or_create(name=name, defaults=columns)
    for position, rule in enumerate(RULES):
        _load_rule(position, *rule)


def _load_rule(
    position: int,
    name: str,
    policy: str,
    grades: list[str],
    reasons: list[str],
    accepted: bool,
    disposition: Disposition,
    fee: str | None,
) -> None:
    columns = {
        "policy": ReturnPolicy.objects.filter(name=policy).first(),
        "grades": grades,
        "reasons": reasons,
        "accepted": accepted,
        "disposition": disposition,
        "fee_percent": None if fee is None else Decimal(fee),
        "position": position,
    }
    DispositionRule.objects.get_or_create(name=name, defaults=columns)


def _items(words: dict[str, Words]) -> list[dict[str, Any]]:
    return [{"code": code, "texts": _texts(texts)} for code, texts in words.items()]


def _texts(words: Words) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))
