"""The pages of the demo, as a marketer would have built them; pages that exist are left alone."""

from __future__ import annotations

import json
from typing import Any

from wagtail.models import Page, Site

from .models import ContentPage


def load_pages() -> None:
    root = Page.get_first_root_node()
    home = ContentPage.objects.filter(slug="brannfeld").first()
    if home is None:
        home = root.add_child(instance=ContentPage(slug="brannfeld", **_home()))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"root_page": home, "site_name": "Brannfeld"}
    )
    # Wagtail's own welcome page makes room.
    Page.objects.filter(slug="home", depth=2).exclude(pk=home.pk).delete()
    home = ContentPage.objects.get(pk=home.pk)
    for slug, fields in _children().items():
        if not ContentPage.objects.child_of(home).filter(slug=slug).exists():
            home.add_child(instance=ContentPage(slug=slug, show_in_menus=True, **fields))
    _call_to_orders(home)


def _call_to_orders(home: ContentPage) -> None:
    """The home page's call leads to a page that exists only now."""
    if any(block.block_type == "call_to_action" for block in home.body):
        return
    orders = ContentPage.objects.child_of(home).filter(slug="my-orders").first()
    if orders is not None:
        call = {"text": "Where is my order? See it move, live.", "label": "My orders"}
        home.body.append(("call_to_action", {**call, "page": orders}))
        home.save_revision().publish()


def _body(*blocks: tuple[str, Any]) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def _home() -> dict[str, Any]:
    features = [
        ("94,000 articles in stock", "Ordered by 16:00, on its way the same day.", "16:00"),
        ("Two warehouses and Lyon", "Hamburg, Regensburg and our branch on the Rhône.", "3"),
        ("Cut, bored and pressed", "Rails to the millimetre, hoses pressed and tested.", "24 h"),
    ]
    products = [
        ("Bearings", "Ball, roller and plain bearings, housed units.", "bearing"),
        ("Linear motion", "Profile rails, carriages and ball screws.", "rail"),
        ("Belts and chains", "Timing belts, V-belts, pulleys and roller chains.", "belt"),
        ("Fluid power", "Cylinders, hoses, fittings and oil.", "cylinder"),
    ]
    return {
        "title": "Machines that keep turning",
        "kicker": "Bearings · linear motion · fluid power",
        "intro": "Brannfeld supplies 4,000 workshops and plants in Europe, "
        "and tells each of them at any minute where their order is.",
        "wide": True,
        "body": _body(
            ("features", {"heading": "", "features": _named(features, "title", "text", "figure")}),
            (
                "products",
                {
                    "heading": "What we stock",
                    "products": _named(products, "name", "text", "drawing"),
                },
            ),
        ),
    }


def _named(rows: list[tuple[str, ...]], *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _children() -> dict[str, dict[str, Any]]:
    products = [
        (
            "Deep groove ball bearings",
            "Sizes 608 to 6320, sealed or open, C3 from stock.",
            "bearing",
        ),
        ("Profile rails", "Sizes 15 to 45, cut to length, joined for long axes.", "rail"),
        ("Timing belts", "HTD, AT and T in rubber or polyurethane, open or endless.", "belt"),
        ("Hydraulic cylinders", "Bore 25 to 100 mm, stroke to your drawing.", "cylinder"),
        ("Fasteners", "ISO 4014, 4017 and 4762 in 8.8, 10.9 and A4.", "bolt"),
        ("Seals", "Shaft seals, O-rings and kits by drawing number.", "seal"),
    ]
    return {
        "products": {
            "title": "Products",
            "kicker": "Programme",
            "intro": "Six families, one delivery note.",
            "body": _body(
                (
                    "products",
                    {"heading": "", "products": _named(products, "name", "text", "drawing")},
                )
            ),
        },
        "about": {
            "title": "About Brannfeld",
            "kicker": "Since 1931",
            "intro": "A family firm of 280 people who know what a stopped line costs.",
            "body": _body(
                (
                    "text",
                    "<p>Ernst Brannfeld began with bearings for dockside cranes. Today three "
                    "warehouses hold what keeps machines turning.</p><h2>What we promise</h2>"
                    "<p>A date that holds. Where it does not, you read it here first.</p>",
                )
            ),
        },
        "my-orders": {
            "title": "My orders",
            "kicker": "For customers",
            "intro": "Every order of your company, as it stands this minute.",
            "body": _body(
                ("order_list", {"heading": "", "rows": 10}),
                (
                    "text",
                    "<p>Something looks wrong? <a href='/help/'>Customer service</a> sees the "
                    "same page as you do.</p>",
                ),
            ),
        },
        "track": {
            "title": "Track an order",
            "kicker": "For customers",
            "intro": "One order at a glance: where it is and what comes next.",
            "body": _body(("order_tracker", {"heading": ""})),
        },
        "order": {
            "title": "Order",
            "kicker": "For customers",
            "intro": "Lines, dates, deliveries, parcels and papers of one order.",
            "body": _body(("order_detail", {"heading": ""})),
        },
        "help": {
            "title": "Help",
            "kicker": "Customer service",
            "intro": "Monday to Friday, 7:00 to 18:00.",
            "body": _body(
                (
                    "text",
                    "<h2>Before you call</h2><p>Dates, deliveries and parcel numbers are on "
                    "<a href='/my-orders/'>My orders</a>, and change there the moment our "
                    "warehouse or the carrier tells us.</p><h2>Reach us</h2>"
                    "<p>+49 40 5550 200 · service@brannfeld.example</p>",
                )
            ),
        },
    }
