"""A fragment for the visitor of a request: rendered, and with their ticket to its topic."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language, get_supported_language_variant

from oms_portal import live
from oms_portal.customers.access import Actor, actor_of, visible
from oms_portal.customers.current import company_id_of, current_actor
from oms_portal.fragments.base import fragment
from oms_portal.fragments.tickets import sealed
from oms_portal.orders.models import Order


def show(request: HttpRequest, name: str, **params: str) -> str | None:
    """The fragment's HTML with a ticket; None where it does not exist for this visitor."""
    kind = fragment(name)
    if kind is None:
        return None
    spec = kind.spec(_actor(request, params), _asked(request, params), language_of(request))
    if spec is None:
        return None
    # Version first, state second: a change in between is pushed, not lost.
    version = live.versions([spec.topic])[spec.topic]
    rendered = kind.render(spec, version)
    return sealed(rendered.html, spec, int(request.user.pk or 0)) if rendered else None


def slug_of(request: HttpRequest, typed: str) -> str | None:
    """The slug that was typed, or that of the newest order with this number, ours or theirs;
    None where the visitor may see no such order."""
    if "\0" in typed:
        return None
    rows = visible(actor_of(request), Order).filter(archived_at=None)
    rows = rows.order_by("-placed_at", "-pk").values_list("slug", flat=True)
    numbers = Q(number=typed) | Q(customer_reference=typed)
    return rows.filter(slug=typed).first() or rows.filter(numbers).first()


def language_of(request: HttpRequest) -> str:
    """``?lang=`` names the language of the page a block stands on; else the request's own."""
    asked = request.GET.get("lang", "")
    if asked:
        try:
            return get_supported_language_variant(asked)
        except LookupError:
            pass
    return get_language() or settings.LANGUAGE_CODE


def _actor(request: HttpRequest, params: Mapping[str, str]) -> Actor:
    """An order is shown to all who may see it, whichever of their companies they look at."""
    return actor_of(request) if "order" in params else current_actor(request)


def _asked(request: HttpRequest, params: Mapping[str, str]) -> dict[str, str]:
    asked = {key: request.GET[key] for key in ("before", "size") if key in request.GET}
    return {**asked, "company": str(company_id_of(request) or ""), **params}
