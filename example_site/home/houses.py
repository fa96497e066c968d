"""The two houses of the demo, each with a Wagtail site, a name and a look of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site


@dataclass(frozen=True)
class House:
    """``folder`` holds the style sheet and the mark; ``frame`` is what the portal's pages stand in."""

    folder: str
    short: str
    name: str
    motto: str
    hours: str
    menu: tuple[tuple[str, str], ...]
    frame: str
    hostname: str = "localhost"

    @property
    def sheet(self) -> str:
        return f"{self.folder}/{self.folder}.css"

    @property
    def mark(self) -> str:
        return f"{self.folder}/mark.svg"


BRANNFELD = House(
    folder="brannfeld",
    short="Brannfeld",
    name="Brannfeld Antriebstechnik",
    motto="Bearings, linear motion and fluid power since 1931",
    hours="Mon–Fri 7:00–18:00 CET",
    menu=(
        ("/products/", "Products"),
        ("/overview/", "Overview"),
        ("/my-orders/", "My orders"),
        ("/track/", "Track"),
        ("/returns/", "Returns"),
        ("/help/", "Help"),
    ),
    frame="portal_frame.html",
)
KRANICH = House(
    folder="kranich",
    short="Kranich",
    name="Kranich Medical",
    motto="Instruments and consumables for clinics",
    hours="Every day 6:00–22:00 CET",
    menu=(
        ("/instruments/", "Instruments"),
        ("/orders/", "Your orders"),
        ("/returns/", "Returns"),
        ("/help/", "Help"),
    ),
    # The portal's own frame, dressed by nothing but the brand setting.
    frame="kranich_frame.html",
    hostname="kranich.localhost",
)


def house(request: HttpRequest) -> dict[str, object]:
    """For all templates: whose site this is, and the languages it speaks."""
    site = Site.find_for_request(request)
    found = KRANICH if site and site.hostname == KRANICH.hostname else BRANNFELD
    return {"house": found, "languages": settings.LANGUAGES}
