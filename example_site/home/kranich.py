"""Kranich Medical's pages: few, quiet, and the same portal in another dress."""

from __future__ import annotations

from typing import Any

from .writing import body, named, stream


# All of the portal's look comes from here: Kranich's style sheet sets none of our tokens.
BRAND = {
    "name": "Kranich Medical",
    "accent": "#5b2a86",
    "corners": "round",
    "font": "humanist",
    "heading_font": "serif",
    "support_name": "Clinic service",
    "support_phone": "+49 711 5550 300",
    "support_email": "care@kranich.example",
    "support_hours": "Every day 6:00–22:00 CET",
    "footer": "Kranich Medical GmbH, Stuttgart\nMedical devices under Regulation (EU) 2017/745",
}

REACTIONS = [
    {
        "when": ["late", "exception", "backordered"],
        "text": "<p><b>Is a procedure planned?</b> Tell us the day, and we find you an instrument "
        "on loan: +49 711 5550 300.</p>",
    },
    {
        "when": ["delivered"],
        "text": "<p>Sterile goods can be returned unopened within 14 days.</p>",
    },
]


def home() -> dict[str, Any]:
    features = [
        ("Instruments", "Forged, ground and tested by hand in Tuttlingen.", ""),
        ("Consumables", "Sterile, by the tray, at your ward by seven in the morning.", ""),
        ("Loan sets", "Complete sets for planned procedures, checked before each use.", ""),
    ]
    return {
        "title": "What a steady hand needs",
        "kicker": "Instruments and consumables for clinics",
        "intro": "Four hundred clinics rely on Kranich, and see at any minute where their "
        "delivery is.",
        "wide": True,
        "body": body(
            ("features", {"heading": "", "features": named(features, "title", "text", "figure")}),
            (
                "order_tracker",
                {"heading": "Where is my delivery?", "reactions": REACTIONS},
            ),
        ),
    }


def children() -> dict[str, dict[str, Any]]:
    instruments = [
        ("Scissors and forceps", "Forty patterns, satin finish, marked for tracking.", ""),
        ("Retractors", "Single and in sets, with the tray plan on the lid.", ""),
        ("Suction and tubing", "Sterile, single use, from the carton of fifty.", ""),
    ]
    return {
        "instruments": {
            "title": "Instruments",
            "kicker": "Since 1898",
            "intro": "Made to be held.",
            "body": body(
                (
                    "features",
                    {"heading": "", "features": named(instruments, "title", "text", "figure")},
                )
            ),
        },
        "orders": {
            "title": "Your orders",
            "kicker": "For clinics",
            "intro": "What is on its way, and what comes today.",
            "body": body(
                ("dashboard", {"heading": ""}),
                (
                    "columns",
                    {
                        "main": stream(("order_list", {"heading": "All orders", "rows": 8})),
                        "side": stream(("arriving_today", {"heading": "Today"})),
                    },
                ),
            ),
        },
        "returns": {
            "title": "Returns",
            "kicker": "For clinics",
            "intro": "Unopened goods come back within 30 days; sterile goods with their seal whole.",
            "body": body(
                (
                    "columns",
                    {
                        "main": stream(("return_tracker", {"heading": "Your returns"})),
                        "side": stream(
                            ("return_wizard", {"heading": "Send something back", "style": "button"})
                        ),
                    },
                ),
            ),
        },
        "help": {
            "title": "Help",
            "kicker": "Clinic service",
            "intro": "Every day, 6:00 to 22:00.",
            "body": body(
                (
                    "text",
                    "<p>+49 711 5550 300 · care@kranich.example</p><h2>Loan sets</h2>"
                    "<p>Ordered by noon, at your clinic the next morning.</p>",
                )
            ),
        },
    }
