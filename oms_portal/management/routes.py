"""Every way into the portal, with the right it needs: URLs, the API, the socket, its topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from oms_portal import routing, urls
from oms_portal.desk.group import desk
from oms_portal.erp.api import api
from oms_portal.erp.scopes import Scope, scope_of
from oms_portal.fragments.base import fragments
from oms_portal.portal.rights import Right, right_of


# What stands before the topics; a socket that is not here has declared nothing.
SOCKETS = {
    "oms_portal_socket": "anybody signed in, from an allowed origin; each topic by its ticket",
}


@dataclass(frozen=True)
class Route:
    """``kind`` is "page", "api", "socket", "topic" or "desk"; ``needs`` None where nothing was
    declared."""

    kind: str
    methods: tuple[str, ...]
    path: str
    name: str
    needs: Right | Scope | str | None


def all_routes() -> list[Route]:
    return [*http_routes(), *socket_routes(), *topics(), *desk_routes()]


def http_routes() -> list[Route]:
    """Every URL under the mount, as the host mounted it."""
    return list(_walk(urls.urlpatterns, reverse("oms_portal:home")))


def _walk(patterns: Iterable[Any], prefix: str) -> Iterator[Route]:
    operations = {
        operation.view_func.__name__: operation
        for path_view in api.default_router.path_operations.values()
        for operation in path_view.operations
    }
    for entry in patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield _route(entry, path, operations)


def _route(entry: URLPattern, path: str, operations: dict[str, Any]) -> Route:
    name = entry.name or ""
    if right := right_of(entry.callback):
        return Route("page", right.methods, path, name, right)
    if operation := operations.get(name):
        scope = scope_of(operation.view_func)
        return Route("api", tuple(operation.methods), path, name, scope)
    return Route("api", ("*",), path, name, scope_of(entry.callback))


def socket_routes() -> list[Route]:
    return [
        Route(
            "socket", ("WS",), f"/{entry.pattern}", entry.name or "", SOCKETS.get(entry.name or "")
        )
        for entry in routing.websocket_urlpatterns
    ]


def topics() -> list[Route]:
    """What can be joined over the socket: a topic shown by a fragment."""
    return [
        Route("topic", ("SUB",), each.topic, each.name, each.needs or None) for each in fragments()
    ]


def desk_routes() -> list[Route]:
    """Every address of the order portal in Wagtail's admin, with the permission it asks for; none
    where the host has no admin."""
    try:
        root = reverse("wagtailadmin_home")
    except NoReverseMatch:
        return []
    return [
        _desk_route(f"{root}{each.url_prefix}/{entry.pattern}", f"{each.name}:{entry.name}", entry)
        for each in desk.registerables
        for entry in each.get_urlpatterns()
    ]


def _desk_route(path: str, name: str, entry: URLPattern) -> Route:
    view = getattr(entry.callback, "view_class", None)
    told = getattr(entry.callback, "view_initkwargs", {})
    model = told.get("model") or getattr(view, "model", None)
    asked = [getattr(view, "permission_required", None)]
    verbs = [*filter(None, asked), *(getattr(view, "any_permission_required", None) or ())]
    known = {"get", "post"} & set(getattr(view, "http_method_names", ()))
    methods = tuple(sorted(verb.upper() for verb in known if hasattr(view, verb)))
    needs = f"staff: {' or '.join(verbs)} {model.__name__}" if model and verbs else None
    return Route("desk", methods, path, name, needs)
