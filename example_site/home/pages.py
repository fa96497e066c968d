"""The sites and pages of the demo, as marketers would have built them; what exists is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from oms_portal.brand.models import PortalBrand

from . import brannfeld, kranich
from .houses import BRANNFELD, KRANICH, House
from .models import ContentPage


Fields = dict[str, Any]


def load_pages() -> None:
    home = _tree("brannfeld", brannfeld.home, brannfeld.children)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": home, "site_name": BRANNFELD.short, "port": settings.PORT},
    )
    # Wagtail's own welcome page makes room.
    Page.objects.filter(slug="home", depth=2).exclude(pk=home.pk).delete()
    _call_to_orders(ContentPage.objects.get(pk=home.pk))
    site, _ = Site.objects.update_or_create(
        hostname=KRANICH.hostname,
        defaults={
            "root_page": _tree("kranich", kranich.home, kranich.children),
            "site_name": KRANICH.short,
            "port": settings.PORT,
        },
    )
    _brand(Site.objects.get(is_default_site=True), brannfeld.BRAND)
    _brand(site, kranich.BRAND, logo_of=KRANICH)


def _tree(slug: str, home: Callable[[], Fields], children: Callable[[], dict[str, Fields]]) -> Any:
    """The home page of a house, with the pages below it that are missing."""
    found = ContentPage.objects.filter(slug=slug, depth=2).first()
    if found is None:
        found = Page.get_first_root_node().add_child(instance=ContentPage(slug=slug, **home()))
    for name, fields in children().items():
        if not ContentPage.objects.child_of(found).filter(slug=name).exists():
            found.add_child(instance=ContentPage(slug=name, show_in_menus=True, **fields))
            found = ContentPage.objects.get(pk=found.pk)
    return found


def _call_to_orders(home: ContentPage) -> None:
    """The home page's call leads to a page that exists only now."""
    if any(block.block_type == "call_to_action" for block in home.body):
        return
    orders = ContentPage.objects.child_of(home).filter(slug="my-orders").first()
    if orders is not None:
        call = {"text": "Where is my order? See it move, live.", "label": "My orders"}
        home.body.append(("call_to_action", {**call, "page": orders}))
        home.save_revision().publish()


def _brand(site: Site, fields: Fields, logo_of: House | None = None) -> None:
    brand, new = PortalBrand.objects.get_or_create(site=site, defaults=fields)
    if new and logo_of:
        brand.logo = _logo(logo_of)
        brand.save()


def _logo(house: House) -> Any:
    path = finders.find(f"{house.folder}/logo.svg")
    with open(path, "rb") as file:
        image = get_image_model()(title=house.name, file=ImageFile(file, f"{house.folder}.svg"))
        image.save()
    return image
