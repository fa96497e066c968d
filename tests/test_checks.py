"""What ``manage.py check`` says to a host that is not set up well."""

from __future__ import annotations

from copy import deepcopy

import pytest
import redis
from channels.routing import ProtocolTypeRouter, URLRouter
from django.apps import apps
from django.core.checks import run_checks
from django.db import connections
from django.test import override_settings

from oms_portal.customers.adapter import AccountAdapter
from oms_portal.routing import websocket_urlpatterns


REDIS = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}
DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}

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


class OwnAdapter(AccountAdapter):
    pass


@pytest.fixture(autouse=True)
def good_host(settings):
    """A host with nothing to say about, on either database."""
    settings.CHANNEL_LAYERS = {"default": REDIS}
    settings.CACHES = {"default": DATABASE_CACHE}


@pytest.fixture
def options(monkeypatch):
    """Settings of the database that a test may spoil."""
    spoiled = deepcopy(connections["default"].settings_dict)
    monkeypatch.setattr(connections["default"], "settings_dict", spoiled)
    return spoiled


def found() -> dict[str, str]:
    return {m.id: f"{m.msg} {m.hint}" for m in run_checks(tags=["oms_portal"])}


def test_a_good_host_hears_nothing():
    assert found() == {}


@override_settings(OMS_PORTAL={"STALE_AFTR": 60})
def test_it_names_the_nearest_of_an_unknown_key():
    assert "'STALE_AFTR'" in found()["oms_portal.E001"]
    assert "Did you mean 'STALE_AFTER'?" in found()["oms_portal.E001"]


@override_settings(OMS_PORTAL={"QQQ": 60})
def test_it_lists_the_keys_where_none_is_near():
    assert "INVITATION_DAYS" in found()["oms_portal.E001"]


@override_settings(OMS_PORTAL=["STALE_AFTER"])
def test_it_wants_a_dict():
    assert "must be a dict" in found()["oms_portal.E001"]


def test_it_refuses_atomic_requests(options):
    options["ATOMIC_REQUESTS"] = True

    assert "'default'" in found()["oms_portal.E002"]


@override_settings(MIDDLEWARE=[])
def test_it_misses_the_middleware_of_allauth():
    assert list(found()) == ["oms_portal.E003"]


@pytest.mark.parametrize(
    "app", ["allauth.mfa", "django.contrib.humanize", "wagtail.contrib.settings"]
)
def test_it_names_an_app_that_is_missing(app, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name != app)

    assert f"'{app}' is missing" in found()["oms_portal.E006"]


@override_settings(ACCOUNT_ADAPTER="allauth.account.adapter.DefaultAccountAdapter")
def test_it_refuses_open_sign_up():
    assert "Anybody could sign up" in found()["oms_portal.E004"]


@override_settings(ACCOUNT_ADAPTER="tests.test_checks.OwnAdapter")
def test_an_adapter_derived_from_ours_is_fine():
    assert found() == {}


@override_settings(ASGI_APPLICATION=None)
def test_it_wants_an_asgi_application():
    assert list(found()) == ["oms_portal.E005"]


@pytest.mark.parametrize("name", ["bare", "elsewhere", "wrapped_elsewhere"])
def test_it_misses_the_socket(name, settings):
    settings.ASGI_APPLICATION = f"tests.test_checks.{name}"

    assert list(found()) == ["oms_portal.W001"]


@pytest.mark.parametrize("name", ["mounted", "wrapped", "opaque"])
def test_a_mounted_socket_is_found_and_what_is_opaque_is_trusted(name, settings):
    settings.ASGI_APPLICATION = f"tests.test_checks.{name}"

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


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        ({"init_command": "PRAGMA foreign_keys=ON;"}, "no WAL"),
        ({"transaction_mode": "DEFERRED"}, "not IMMEDIATE"),
        ({"timeout": 5}, "timeout under 20 s"),
    ],
)
def test_it_warns_of_sqlite_with_its_defaults(spoil, word, options, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    good = {
        "init_command": "PRAGMA journal_mode = WAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
    options["OPTIONS"] = good
    assert found() == {}

    options["OPTIONS"] = good | spoil
    assert word in found()["oms_portal.W004"]


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_it_warns_of_rate_limits_that_each_process_counts_for_itself(backend, settings):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    assert list(found()) == ["oms_portal.W005"]

    settings.DEBUG = True
    assert found() == {}


HTTP = "oms_portal.erp.connectors.http.HttpConnector"
SECRET = "whsec_" + "QUFB" * 8


@pytest.mark.parametrize(
    ("connectors", "words"),
    [
        ([], "must be a dict"),
        ({"main": None}, "no dict with the path"),
        ({"main": {"url": "https://erp.example"}}, "no dict with the path"),
        ({"main": {"connector": "nowhere.Connector"}}, "'nowhere.Connector' can't be imported"),
        ({"main": {"connector": HTTP}}, "does not take connector"),
        ({"main": {"connector": HTTP, "url": "https://erp.example", "secret": "x"}}, "webhook"),
        ({"main": {"connector": HTTP, "url": "http://erp.example", "secret": SECRET}}, "https"),
        ({"main": {"connector": "datetime.date", "year": 1, "month": 1, "day": 1}}, "no push"),
    ],
)
def test_it_refuses_a_connector_that_can_not_be_made(settings, connectors, words):
    settings.OMS_PORTAL = {"CONNECTORS": connectors}
    message = found()["oms_portal.E007"]
    assert words in message
    assert SECRET not in message


def test_it_takes_a_connector_that_can_be_made(settings):
    made = {"connector": HTTP, "url": "https://erp.example/commands", "secret": SECRET}
    settings.OMS_PORTAL = {"CONNECTORS": {"main": made}}
    assert found() == {}


HOUSE = "oms_portal.returns.carriers.house.House"


@pytest.mark.parametrize(
    ("carriers", "words"),
    [
        ([], "must be a dict"),
        ({"house": {"name": "Ours"}}, "no dict with the path"),
        ({"fast": {"carrier": "nowhere.Fast"}}, "'nowhere.Fast' can't be imported"),
        ({"house": {"carrier": HOUSE, "api_key": SECRET}}, "does not take api_key, carrier"),
        ({"fast": {"carrier": HOUSE}}, "it calls itself 'house'"),
        ({"fast": {"carrier": HTTP, "url": "https://x.example", "secret": SECRET}}, "no create"),
    ],
)
def test_it_refuses_a_return_carrier_that_can_not_be_made(settings, carriers, words):
    settings.OMS_PORTAL = {"RETURN_CARRIERS": carriers}
    message = found()["oms_portal.E008"]
    assert words in message
    assert SECRET not in message


def test_it_takes_the_carrier_of_the_house(settings):
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {"house": {"carrier": HOUSE, "name": "Our van"}}}
    assert found() == {}


def test_it_refuses_to_keep_private_photos_in_public(settings, tmp_path):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    local = "django.core.files.storage.FileSystemStorage"
    for folder, words in (("media/photos", "in MEDIA_ROOT"), ("static", "in STATIC_ROOT")):
        kept = {"BACKEND": local, "OPTIONS": {"location": tmp_path / folder}}
        settings.STORAGES = {**settings.STORAGES, "photos": kept}
        settings.OMS_PORTAL = {"PRIVATE_STORAGE": "photos"}
        assert words in found()["oms_portal.E009"]
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "default"}
    assert "which is public" in found()["oms_portal.E009"]
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "nowhere"}
    assert "no 'nowhere'" in found()["oms_portal.E009"]


def test_it_takes_a_private_folder_beside_the_public_one(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    assert found() == {}
    kept = {"location": tmp_path / "private"}
    photos = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": kept}
    settings.STORAGES = {**settings.STORAGES, "photos": photos}
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "photos"}
    assert found() == {}


def test_a_gs1_prefix_of_other_than_digits_is_told(settings):
    settings.OMS_PORTAL = {"GS1_PREFIX": 952000001}
    assert "oms_portal.E011" in found()
    settings.OMS_PORTAL = {"GS1_PREFIX": "952000001"}
    assert "oms_portal.E011" not in found()
