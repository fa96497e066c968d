"""The socket's route and the channel layer."""

from __future__ import annotations

import pytest
import redis
from channels.routing import ProtocolTypeRouter, URLRouter
from django.test import override_settings

from oms_portal.routing import websocket_urlpatterns

from .found import found


bare = ProtocolTypeRouter({"http": None})
elsewhere = ProtocolTypeRouter({"websocket": URLRouter([])})
mounted = ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)})


def opaque(scope, receive, send):
    """An application nobody can look into."""


class Wrapper:
    def __init__(self, inner):
        self.inner = inner


wrapped = ProtocolTypeRouter({"websocket": Wrapper(URLRouter(websocket_urlpatterns))})
wrapped_elsewhere = Wrapper(elsewhere)


@override_settings(ASGI_APPLICATION=None)
def test_it_wants_an_asgi_application():
    assert list(found()) == ["oms_portal.E005"]


@pytest.mark.parametrize("name", ["bare", "elsewhere", "wrapped_elsewhere"])
def test_it_misses_the_socket(name, settings):
    settings.ASGI_APPLICATION = f"tests.checks.test_live.{name}"

    assert list(found()) == ["oms_portal.W001"]


@pytest.mark.parametrize("name", ["mounted", "wrapped", "opaque"])
def test_a_mounted_socket_is_found_and_what_is_opaque_is_trusted(name, settings):
    settings.ASGI_APPLICATION = f"tests.checks.test_live.{name}"

    assert found() == {}


@pytest.mark.parametrize(
    "layers", [{}, {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}]
)
def test_it_warns_of_a_layer_that_processes_do_not_share(layers, settings):
    settings.CHANNEL_LAYERS = layers
    assert list(found()) == ["oms_portal.W002"]

    settings.DEBUG = True
    assert found() == {}


@pytest.mark.parametrize(
    ("version", "hosts", "warned"),
    [
        ("8.1.0", [("localhost", 6379)], True),
        ("8.1.0", [{"address": "redis://localhost", "max_connections": 20000}], True),
        (
            "8.1.0",
            [{"address": "redis://localhost", "max_connections": 20000, "socket_timeout": None}],
            False,
        ),
        ("8.1.0", [], True),
        ("7.4.1", ["redis://localhost"], False),
    ],
)
def test_it_warns_of_the_limits_of_redis_py_8(version, hosts, warned, settings, monkeypatch):
    monkeypatch.setattr(redis, "__version__", version)
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": hosts},
        }
    }

    assert list(found()) == (["oms_portal.W003"] if warned else [])
