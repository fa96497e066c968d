"""A fragment for the visitor of a request: rendered, and with their ticket to its topic."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_supported_language_variant

from oms_portal import live
from oms_portal.brand.keeping import house_of
from oms_portal.customers.access import Actor, actor_of, visible
from oms_portal.customers.current import company_id_of, current_actor
from oms_portal.fragments.base import Fragment, Spec, fragment
from oms_portal.fragments.samples.stand_ins import sampled
from oms_portal.fragments.tickets import sealed
from oms_portal.orders.models import Order
from oms_portal.words import book
from oms_portal.words.queries import differ_by_site

from .previewing import in_preview


Wanted = tuple[str, dict[str, str]]


def show(request: HttpRequest, name: str, **params: str) -> str | None:
    """The fragment's HTML with a ticket; None where it does not exist for this visitor.

    On a page that an editor previews it is a sample.
    """
    if in_preview(request) and (sample := sampled(name, request.GET.dict(), language_of(request))):
        return sample
    return show_all(request, (name, params))[0]


def show_all(request: HttpRequest, *wanted: Wanted) -> list[str | None]:
    """Several fragments for one page, in the order of their names and params."""
    specs = [_spec(request, name, params) for name, params in wanted]
    # Versions first, state second: a change in between is pushed, not lost.
    versions = live.versions({book.TOPIC, *(spec.topic for spec in specs if spec)})
    if book.heed(versions[book.TOPIC]):
        # The words that were edited may be those of one site, which a spec then names.
        specs = [_spec(request, name, params) for name, params in wanted]
    return [_draw(request, spec, versions[spec.topic]) if spec else None for spec in specs]


def _spec(request: HttpRequest, name: str, params: dict[str, str]) -> Spec | None:
    kind = fragment(name)
    if kind is None:
        return None
    return kind.spec(_actor(request, params), _asked(request, params), language_of(request))


def _draw(request: HttpRequest, spec: Spec, version: int) -> str | None:
    kind = fragment(spec.fragment)
    rendered = kind.render(spec, version) if kind else None
    if kind is None or rendered is None:
        return None
    return sealed(rendered.html, spec, int(request.user.pk or 0), _personal(request, kind, spec))


def _personal(request: HttpRequest, kind: Fragment, spec: Spec) -> str:
    if not kind.personal:
        return ""
    # The token is all that it needs of the request; a host's context processors cost their time.
    own = {**kind.own(actor_of(request), spec), "next": here(request), **csrf(request)}
    with translation.override(spec.language):
        return render_to_string(kind.personal, own)


def here(request: HttpRequest) -> str:
    """The page a fragment stands on, as a path: where a form in it leads back to."""
    match = request.resolver_match
    if match and request.method == "GET" and not (match.url_name or "").startswith("fragment_"):
        return request.get_full_path()
    referer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return reverse("oms_portal:orders")
    parts = urlsplit(referer)
    path = escape_leading_slashes(parts.path or "/")
    return f"{path}?{parts.query}" if parts.query else path


def slug_of(request: HttpRequest, typed: str) -> str | None:
    """The slug that was typed, or that of the newest order with this number, ours or theirs;
    None where the visitor may see no such order. Spaces around it count only where they are the
    order's own."""
    if "\0" in typed:
        return None
    orders = visible(actor_of(request), Order).filter(archived_at=None)
    slugs = orders.order_by("-placed_at", "-pk").values_list("slug", flat=True)
    name = typed.strip()
    numbers = Q(number=typed) | Q(number=name) | Q(customer_reference=name)
    return slugs.filter(slug=typed).first() or (slugs.filter(numbers).first() if name else None)


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


def asked_of(request: HttpRequest) -> dict[str, str]:
    """The query, a key given twice joined by commas."""
    return {key: ",".join(request.GET.getlist(key)) for key in request.GET}


def _asked(request: HttpRequest, params: Mapping[str, str]) -> dict[str, str]:
    """All that was asked for; the rest is the fragment's."""
    asked = asked_of(request)
    return {
        **asked,
        "company": str(company_id_of(request) or ""),
        "site": house_of(request).site if differ_by_site() else "",
        **params,
    }
