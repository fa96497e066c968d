"""Where goods go back to, and the parcel shops of the house's own carrier. All of it is made up."""

from __future__ import annotations

from oms_portal.returns.kinds import PlaceKind
from oms_portal.returns.rules import ReturnPlace


VENDOR = "V-NORD"
SHOP_HOURS = "Mon–Sat 8–20"
# Code (of the ERP's location), kind, name, street, postal code, city, country, opening hours.
PLACES = [
    ("W-HAM", PlaceKind.WAREHOUSE, "Brannfeld returns, Hamburg", "Billwerder Steindamm 40", "22113", "Hamburg", "DE", "Mon–Fri 7–17"),
    ("W-REG", PlaceKind.WAREHOUSE, "Brannfeld returns, Regensburg", "Osthafenstraße 6", "93055", "Regensburg", "DE", "Mon–Fri 7–16"),
    ("W-LYS", PlaceKind.BRANCH, "Brannfeld, agence de Lyon", "12 rue de Gerland", "69007", "Lyon", "FR", "Mon–Fri 8–17"),
    (VENDOR, PlaceKind.VENDOR, "Nordmotor service", "Gewerbering 3", "24941", "Flensburg", "DE", ""),
    ("PS-HAM-1", PlaceKind.PARCEL_SHOP, "Kiosk am Sandtorkai", "Am Sandtorkai 12", "20457", "Hamburg", "DE", SHOP_HOURS),
    ("PS-HAM-2", PlaceKind.PARCEL_SHOP, "Schreibwaren Harburg", "Lüneburger Straße 21", "21073", "Hamburg", "DE", SHOP_HOURS),
    ("PS-KIE-1", PlaceKind.PARCEL_SHOP, "Blumen Vorstadt", "Vorstadt 5", "24103", "Kiel", "DE", SHOP_HOURS),
    ("PS-BRE-1", PlaceKind.PARCEL_SHOP, "Laden an der Weser", "Woltmershauser Straße 80", "28197", "Bremen", "DE", SHOP_HOURS),
    ("PS-ANN-1", PlaceKind.PARCEL_SHOP, "Tabac de la Cance", "6 rue Montgolfier", "07100", "Annonay", "FR", SHOP_HOURS),
    ("PS-PET-1", PlaceKind.PARCEL_SHOP, "Sluice Road Stores", "2 Sluice Road", "PE1 5XA", "Peterborough", "GB", SHOP_HOURS),
]  # fmt: skip


def load_places() -> None:
    for ref, kind, name, street, code, city, country, hours in PLACES:
        address = {
            "name": name,
            "lines": [street],
            "postal_code": code,
            "city": city,
            "country": country,
        }
        defaults = {"kind": kind, "name": name, "address": address, "hours": hours}
        ReturnPlace.objects.get_or_create(ref=ref, defaults=defaults)
