"""``{% load oms_portal %}``: the site's brand, and invented samples of what it is worn by."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from oms_portal.brand.keeping import house_of
from oms_portal.brand.queries import Brand, brand_at
from oms_portal.fragments import samples
from oms_portal.fragments.drawing import element
from oms_portal.orders import locales


register = template.Library()


@register.simple_tag(takes_context=True)
def oms_brand(context: dict[str, Any]) -> Brand:
    """``{% oms_brand as brand %}``: name, logo, support and footer of the request's site."""
    request = context.get("request")
    return house_of(request).brand if request else brand_at(None)


@register.simple_tag
def oms_element(name: str, **shown: Hashable) -> SafeString:
    """``{% oms_element "chip" chip=row.chip %}``: elements/chip.html, drawn once for equal words."""
    return element(name, **shown)


@register.filter
def isolated(value: object) -> str:
    """A number or name for a translated sentence: it keeps its own order from right to left."""
    return locales.isolated(str(value))


@register.simple_tag
def oms_sample() -> SafeString:
    """An order of an invented customer, as a page would show it."""
    return mark_safe(samples.tracker())
