"""Checks of what live pages need: the socket's route and a channel layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from . import TAG


SOCKET_ROUTE = "oms_portal_socket"


@register(TAG)
def check_asgi(**kwargs: Any) -> list[CheckMessage]:
    path = getattr(settings, "ASGI_APPLICATION", None)
    if not path:
        return [
            Error(
                "ASGI_APPLICATION is not set, so no page can be live.",
                hint="Point it to an application that mounts "
                "oms_portal.routing.websocket_urlpatterns.",
                id="oms_portal.E005",
            )
        ]
    if _mounts_socket(import_string(path)):
        return []
    return [
        Warning(
            "The ASGI application does not mount the portal's socket.",
            hint="Add oms_portal.routing.websocket_urlpatterns to its URLRouter.",
            id="oms_portal.W001",
        )
    ]


def _mounts_socket(application: Any) -> bool:
    """Whether the socket's route is in there; yes where the application can't be looked into."""
    mapping = getattr(application, "application_mapping", None)
    if mapping is not None:
        return "websocket" in mapping and _mounts_socket(mapping["websocket"])
    routes = getattr(application, "routes", None)
    if routes is not None:
        return any(_is_socket(route) for route in routes)
    for name in ("inner", "application", "app"):
        if (wrapped := getattr(application, name, None)) is not None:
            return _mounts_socket(wrapped)
    return True


def _is_socket(route: Any) -> bool:
    nested = getattr(route, "callback", None)
    has_routes = nested is not None and hasattr(nested, "routes")
    return getattr(route, "name", None) == SOCKET_ROUTE or (has_routes and _mounts_socket(nested))


@register(TAG)
def check_channel_layer(**kwargs: Any) -> list[CheckMessage]:
    layer = getattr(settings, "CHANNEL_LAYERS", {}).get("default", {})
    backend = layer.get("BACKEND", "")
    if backend.startswith("channels_redis.core."):
        return _check_redis(layer.get("CONFIG", {}).get("hosts", []))
    if settings.DEBUG or (backend and "InMemory" not in backend):
        return []
    return [
        Warning(
            "No channel layer that processes share: what the worker changes shows only with the "
            "next sweep.",
            hint="Set CHANNEL_LAYERS['default'] to channels_redis.pubsub.RedisPubSubChannelLayer.",
            id="oms_portal.W002",
        )
    ]


def _check_redis(hosts: Iterable[Any]) -> list[CheckMessage]:
    """redis-py 8 ends idle reads and allows 100 connections, fewer than there may be sockets."""
    import redis

    if int(redis.__version__.split(".")[0]) < 8:
        return []
    needed = {"max_connections", "socket_timeout"}
    if all(isinstance(host, dict) and needed <= host.keys() for host in hosts or [None]):
        return []
    return [
        Warning(
            "channels_redis.core on redis-py 8 loses sockets with its default limits.",
            hint="Give each host as a dict with 'address', 'max_connections' and "
            "'socket_timeout', use the pub/sub layer, or stay with redis<8.",
            id="oms_portal.W003",
        )
    ]
