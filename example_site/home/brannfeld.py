"""Brannfeld's pages: bearings, belts and rails, and everything about an order."""

from __future__ import annotations

from typing import Any

from .writing import body, named, stream


# Its colours come from its own style sheet, so the setting holds words only.
BRAND = {
    "name": "Brannfeld",
    "support_name": "Customer service Hamburg",
    "support_phone": "+49 40 5550 200",
    "support_email": "service@brannfeld.example",
    "support_hours": "Mon–Fri 7:00–18:00 CET",
    "footer": "Brannfeld Antriebstechnik GmbH, Hamburg",
}

REACTIONS = [
    {
        "when": ["late", "exception", "backordered"],
        "text": "<p><b>Is a machine standing still?</b> Call +49 40 5550 200: we look for the parts "
        "in all three warehouses and send what we find today.</p>",
    },
    {
        "when": ["delivered"],
        "text": "<p>Something does not fit? <a href='/returns/'>Unused goods come back</a> within 30 "
        "days, cut lengths and pressed hoses excepted.</p>",
    },
]

CHANGE_REACTIONS = [
    {
        "when": ["change_countered"],
        "text": "<p><b>We have another offer for you.</b> It holds until the hour that stands "
        "beside it; after that the order stays as it is.</p>",
    },
]


RETURN_TERMS = (
    "<p>Unused goods come back within 30 days of delivery, gear motors within 14. Cut lengths and "
    "pressed hoses are made for you and stay with you. Claims reach us within 7 days.</p>"
)


def home() -> dict[str, Any]:
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
        "body": body(
            ("features", {"heading": "", "features": named(features, "title", "text", "figure")}),
            (
                "products",
                {
                    "heading": "What we stock",
                    "products": named(products, "name", "text", "drawing"),
                },
            ),
        ),
    }


def children() -> dict[str, dict[str, Any]]:
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
            "body": body(
                (
                    "products",
                    {"heading": "", "products": named(products, "name", "text", "drawing")},
                )
            ),
        },
        "about": {
            "title": "About Brannfeld",
            "kicker": "Since 1931",
            "intro": "A family firm of 280 people who know what a stopped line costs.",
            "body": body(
                (
                    "text",
                    "<p>Ernst Brannfeld began with bearings for dockside cranes. Today three "
                    "warehouses hold what keeps machines turning.</p><h2>What we promise</h2>"
                    "<p>A date that holds. Where it does not, you read it here first.</p>",
                )
            ),
        },
        "overview": {
            "title": "Overview",
            "kicker": "For customers",
            "intro": "What needs you, what comes today, and what moved last.",
            "body": body(
                (
                    "columns",
                    {
                        "main": stream(("dashboard", {"heading": ""})),
                        "side": stream(
                            ("arriving_today", {"heading": "Arriving today"}),
                            ("delivery_updates", {"heading": "Latest updates", "rows": 5}),
                        ),
                    },
                ),
            ),
        },
        "my-orders": {
            "title": "My orders",
            "kicker": "For customers",
            "intro": "Every order of your company, as it stands this minute.",
            "body": body(
                ("order_list", {"heading": "", "rows": 10}),
                (
                    "text",
                    "<p>Something looks wrong? <a href='/help/'>Customer service</a> sees the "
                    "same page as you do.</p>",
                ),
            ),
        },
        "updates": {
            "title": "Delivery updates",
            "kicker": "For customers",
            "intro": "What moved across all your orders, newest first.",
            "body": body(("delivery_updates", {"heading": ""})),
        },
        "documents": {
            "title": "Documents",
            "kicker": "For customers",
            "intro": "Confirmations, delivery notes, packing lists and invoices.",
            "body": body(("documents", {"heading": ""})),
        },
        "track": {
            "title": "Track an order",
            "kicker": "For customers",
            "intro": "One order at a glance: where it is and what comes next.",
            "body": body(("order_tracker", {"heading": "", "reactions": REACTIONS})),
        },
        "order": {
            "title": "Order",
            "kicker": "For customers",
            "intro": "Lines, dates, deliveries, parcels and papers of one order.",
            "body": body(("order_detail", {"heading": ""})),
        },
        "change": {
            "title": "Change a delivery",
            "kicker": "For customers",
            "intro": "Another address, another day: what can still be changed, and until when.",
            "body": body(("change_delivery", {"heading": "", "reactions": CHANGE_REACTIONS})),
        },
        "returns": {
            "title": "Returns",
            "kicker": "For customers",
            "intro": "Send back what does not fit, and claim what came damaged or not at all. "
            "A label takes two minutes; most returns are approved at once.",
            "body": body(
                ("return_wizard", {"heading": "Send something back", "text": RETURN_TERMS}),
                ("return_tracker", {"heading": "Your returns"}),
            ),
        },
        "help": {
            "title": "Help",
            "kicker": "Customer service",
            "intro": "Monday to Friday, 7:00 to 18:00.",
            "body": body(
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
