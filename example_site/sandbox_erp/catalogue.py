"""What Brannfeld sells, to whom, from where and by which carriers. All of it is made up."""

from __future__ import annotations

from typing import Any, NamedTuple


class Product(NamedTuple):
    sku: str
    gtin: str
    description: str
    unit: str
    price: str


PRODUCTS = [
    Product("6204-2RS", "4006381000017", "Deep groove ball bearing 6204-2RS, 20 × 47 × 14", "C62", "3.85"),
    Product("6308-C3", "4006381000024", "Deep groove ball bearing 6308 C3, 40 × 90 × 23", "C62", "18.40"),
    Product("NU-2210", "4006381000031", "Cylindrical roller bearing NU 2210, 50 × 90 × 23", "C62", "46.90"),
    Product("22218-E1", "4006381000048", "Spherical roller bearing 22218 E1, 90 × 160 × 40", "C62", "139.00"),
    Product("UCP-206", "4006381000055", "Pillow block unit UCP 206, shaft 30 mm", "C62", "21.60"),
    Product("LR-25-2000", "4006381000062", "Profile rail size 25, length 2,000 mm, hardened", "C62", "112.50"),
    Product("LC-25-F", "4006381000079", "Flanged rail carriage size 25, preload C1", "C62", "58.20"),
    Product("BS-2505-900", "4006381000086", "Ball screw 25 × 5, length 900 mm, ISO 7", "C62", "184.00"),
    Product("TB-HTD8-1200", "4006381000093", "Timing belt HTD 8M, length 1,200 mm, 30 mm wide", "C62", "27.75"),
    Product("VB-SPB-2240", "4006381000109", "V-belt SPB 2240, heat resistant", "C62", "16.30"),
    Product("TP-HTD8-36", "4006381000116", "Timing pulley HTD 8M, 36 teeth, taper bush 1610", "C62", "34.10"),
    Product("RC-08B-5", "4006381000123", "Roller chain 08B-1, ½″, box of 5 m", "MTR", "9.80"),
    Product("HC-50-200", "4006381000130", "Hydraulic cylinder 50/28, stroke 200 mm, double acting", "C62", "248.00"),
    Product("HH-2SN-10", "4006381000147", "Hydraulic hose 2SN DN10, 330 bar", "MTR", "7.45"),
    Product("HF-M18-10", "4006381000154", "Hose fitting M18 × 1.5, 24° cone, DN10", "C62", "4.20"),
    Product("PV-46-20", "4006381000161", "Hydraulic oil HLP 46, can of 20 litres", "CA", "62.00"),
    Product("OR-NBR-50", "4006381000178", "O-ring NBR 70, 50 × 3.5, bag of 50", "BG", "11.90"),
    Product("RS-BASL-40", "4006381000185", "Rotary shaft seal BASL 40 × 62 × 8, NBR", "C62", "3.10"),
    Product("BX-M12-60", "4006381000192", "Hexagon bolt ISO 4017 M12 × 60, 8.8, box of 100", "BX", "24.80"),
    Product("GR-LI2-18", "4006381000208", "Bearing grease lithium NLGI 2, pail of 18 kg", "PL", "118.00"),
    Product("CP-ROTEX-28", "4006381000215", "Jaw coupling size 28, 92 Shore, bores 24/28", "C62", "51.40"),
    Product("GM-71-B5", "4006381000222", "Helical gear motor 0.37 kW, 1:25, flange B5", "C62", "412.00"),
]  # fmt: skip

WAREHOUSES = [
    {"ref": "W-HAM", "name": "Warehouse Hamburg", "gln": "4006381900018"},
    {"ref": "W-REG", "name": "Warehouse Regensburg", "gln": "4006381900025"},
]
LYON = {"ref": "W-LYS", "name": "Dépôt Lyon", "gln": "4006381900032"}
PARCEL_CARRIERS = [
    {"code": "dhl", "name": "DHL", "service": "Paket"},
    {"code": "dpd", "name": "DPD", "service": "Classic"},
    {"code": "ups", "name": "UPS", "service": "Standard"},
    {"code": "gls", "name": "GLS", "service": "BusinessParcel"},
]
FREIGHT_CARRIER = {"code": "hansafracht", "name": "Hansafracht Spedition"}
HUBS = ["Hamburg", "Hannover", "Kassel", "Köln", "Aschaffenburg", "Metz", "Liège", "Poznań"]
TERMS = ["30 days net", "14 days 2 %, 30 days net", "Prepaid"]
REASONS = ["Supplier late", "Machine breakdown", "Inspection takes longer", "Carrier strike"]


def _place(ref: str, name: str, line: str, code: str, city: str, country: str, **more: Any) -> Any:
    return {
        "ref": ref,
        "kind": more.pop("kind", ["ship_to"]),
        "name": name,
        "lines": [line],
        "postal_code": code,
        "city": city,
        "country": country,
        **more,
    }


CUSTOMERS: list[dict[str, Any]] = [
    {
        "ref": "C-10001",
        "number": "10001",
        "name": "Hafenwerk Maschinenbau GmbH",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "vat": "DE811111111",
        "addresses": [
            _place("HW-1", "Hafenwerk, plant 1", "Werftstraße 18", "20457", "Hamburg", "DE", kind=["ship_to", "bill_to"], contact="Goods in", phone="+49 40 5550100"),
            _place("HW-2", "Hafenwerk, plant 2", "Am Industriegleis 4", "21079", "Hamburg", "DE", instructions="Ramp 3, report at the gate"),
            _place("HW-3", "Hafenwerk, service depot", "Zollhof 9", "24143", "Kiel", "DE"),
        ],
        "delivery_rules": {"partial": True, "saturday": False},
    },
    {
        "ref": "C-10002",
        "number": "10002",
        "name": "Hafenwerk Pumpen GmbH",
        "parent_ref": "C-10001",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "addresses": [_place("HP-1", "Hafenwerk Pumpen", "Neustädter Hafen 21", "28199", "Bremen", "DE", kind=["ship_to", "bill_to"])],
        # Goods go to known places only.
        "delivery_rules": {"ship_to": "approved_only"},
    },
    {
        "ref": "C-10003",
        "number": "10003",
        "name": "Hafenwerk Polska Sp. z o.o.",
        "parent_ref": "C-10001",
        "language": "pl",
        "time_zone": "Europe/Warsaw",
        "addresses": [
            _place("PL-1", "Hafenwerk Polska", "ul. Portowa 7", "80-555", "Gdańsk", "PL", kind=["ship_to", "bill_to"]),
            _place("PL-2", "Hafenwerk Polska, magazyn", "ul. Składowa 12", "81-155", "Gdynia", "PL"),
        ],
    },
    {
        "ref": "C-20001",
        "number": "20001",
        "name": "Ardèche Emballages SAS",
        "language": "fr",
        "time_zone": "Europe/Paris",
        "vat": "FR40222222222",
        "addresses": [
            _place("AE-1", "Ardèche Emballages, usine", "14 rue des Tanneurs", "07100", "Annonay", "FR", kind=["ship_to", "bill_to"]),
            _place("AE-2", "Ardèche Emballages, atelier", "3 chemin de la Gare", "26000", "Valence", "FR"),
        ],
    },
    {
        "ref": "C-30001",
        "number": "30001",
        "name": "Fenland Food Machinery Ltd",
        "language": "en",
        "time_zone": "Europe/London",
        "addresses": [
            _place("FF-1", "Fenland Food Machinery", "Unit 6, Sluice Road", "PE1 5XB", "Peterborough", "GB", kind=["ship_to", "bill_to"]),
        ],
    },
]  # fmt: skip

# Orders of this customer partly come from another system, which may speak for nobody else.
BRANCH_CUSTOMER = "C-20001"
BUYERS = {
    "C-10001": ["K. Brandt", "M. Yilmaz"],
    "C-10002": ["J. Cordes"],
    "C-10003": ["E. Nowak"],
    "C-20001": ["L. Morel", "S. Diallo"],
    "C-30001": ["H. Whitlock"],
}
