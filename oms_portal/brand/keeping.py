"""What each address of the house is, held by this process for a moment: every page asks for it.

It is public and the same for every visitor. An edit in this process is seen at once, one in
another within SECONDS.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from wagtail.images import get_image_model
from wagtail.models import Site

from .models import PortalBrand
from .queries import Brand, brand_at


SECONDS = 3.0
# Of a host that takes any address no more than so many are held.
MOST = 100


@dataclass(frozen=True)
class House:
    """``site`` is the pk of the site (brand) that was asked, "" for none."""

    site: str
    brand: Brand


_held: dict[str, tuple[House, float]] = {}


def house_of(request: HttpRequest) -> House:
    """The site of a request and its brand."""
    address = _address(request)
    house, until = _held.get(address, (None, 0.0))
    if house is not None and time.monotonic() < until:
        return house
    site = Site.find_for_request(request)
    house = House(str(site.pk) if site else "", brand_at(site))
    if len(_held) >= MOST:
        drop()
    _held[address] = (house, time.monotonic() + SECONDS)
    return house


def drop(**kwargs: Any) -> None:
    _held.clear()


def connect() -> None:
    """Notice edits; called once, when all apps are ready."""
    for signal in (post_save, post_delete):
        for model in (Site, PortalBrand, get_image_model()):
            signal.connect(drop, sender=model, dispatch_uid="oms_portal.brand")


def _address(request: HttpRequest) -> str:
    """Where Wagtail noted a site on the request, a host may have chosen another than the address
    names."""
    known = getattr(request, "_wagtail_site", None)
    return f"site {known.pk}" if known else f"{request.get_host()} {request.get_port()}"
