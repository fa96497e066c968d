"""What each view needs, said on the view itself; ``manage.py oms_routes`` lists it, a test insists.

    @needs("view", Order)
    def order(request, slug): ...

The decorator lets nobody in who is signed out or holds the verb nowhere at the company they look
at. Which rows they may see or touch is the view's own question to ``visible`` and ``can``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods

from oms_portal.customers.access import VERBS, actor_of
from oms_portal.customers.current import current_actor
from oms_portal.erp.inbox import TRANSIENT


log = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD")


@dataclass(frozen=True)
class Right:
    """A verb on a model, or, with ``verb`` empty, a reason why anybody may come in."""

    verb: str
    model: type[Model] | None
    methods: tuple[str, ...]
    why: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.model.__name__}" if self.model else f"anybody: {self.why}"


def right_of(view: Callable[..., Any]) -> Right | None:
    """What a view declared; None where it declared nothing."""
    return getattr(view, "oms_right", None)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


def needs(
    verb: str,
    model: type[Model],
    *,
    methods: Iterable[str] = READ,
    signed_out: Callable[[HttpRequest], HttpResponseBase] = to_sign_in,
    anywhere: bool = False,
    kept: bool = False,
) -> Callable[[View], View]:
    """The view is for people who hold ``verb``; all others get a 404, strangers ``signed_out``.

    "view" is held by everybody who is signed in: what they see may still be nothing. ``anywhere``:
    at any of their companies, as an order is shown whichever of them they look at. ``kept``: what
    bears an ETag may lie in the visitor's own browser, which asks each time whether it still holds.
    """
    if verb not in VERBS:
        raise ValueError(f"{verb} is no verb of the rules")
    right = Right(verb, model, tuple(methods))

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return signed_out(request)
            if verb != "view" and not holds(request, verb, anywhere=anywhere):
                raise Http404
            return view(request, *args, **kwargs)

        return _declare(guarded, right, kept=kept)

    return decorate


def anybody(why: str, *, methods: Iterable[str] = READ, shared: int = 0) -> Callable[[View], View]:
    """The view is open to all, and asks for itself what a visitor may do.

    ``shared``: seconds that caches may keep the answer, where it is the same for everybody.
    """
    right = Right("", None, tuple(methods), why)

    def decorate(view: View) -> View:
        return _declare(view, right, shared)

    return decorate


def holds(request: HttpRequest, verb: str, *, anywhere: bool = False) -> bool:
    """Whether the visitor has a role with this verb at the company they look at, or ``anywhere``."""
    actor = actor_of(request) if anywhere else current_actor(request)
    return any(grant.role in VERBS[verb] for grant in actor.grants)


def private(response: HttpResponseBase) -> HttpResponseBase:
    """For this visitor alone: kept by no cache, not even the browser's."""
    response.headers.pop("Cache-Control", None)
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def asked_again(response: HttpResponseBase) -> HttpResponseBase:
    """For this visitor's own browser, which has to ask each time whether it still holds."""
    patch_cache_control(response, private=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def _public(response: HttpResponseBase, seconds: int) -> HttpResponseBase:
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def _declare(view: View, right: Right, shared: int = 0, *, kept: bool = False) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
            if shared:
                return _public(response, shared)
            return asked_again(response) if kept and "ETag" in response else private(response)
        except Http404 as error:
            # Caches keep a 404 that says nothing; it may be another for the next visitor.
            handler: View = get_resolver().resolve_error_handler(404)
            return private(handler(request, exception=error))
        except TRANSIENT:
            log.warning("the database is away from %s", request.path, exc_info=True)
            return private(_unavailable())

    checked = require_http_methods(list(right.methods))(answered)
    checked.oms_right = right  # type: ignore[attr-defined]  # kept with the view
    return checked


def _unavailable() -> HttpResponse:
    """Drawn without the request: whoever asks its user or session asks the database again."""
    response = render(None, "oms_portal/portal/unavailable.html", status=503)
    response["Retry-After"] = "5"
    return response
