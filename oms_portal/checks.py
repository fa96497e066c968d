"""System checks: what a host must have for the portal to hold its promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from re import fullmatch
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections
from django.utils.module_loading import import_string

from oms_portal.conf import known_keys
from oms_portal.erp.connectors.registry import made
from oms_portal.returns import private
from oms_portal.returns.carriers import registry as return_carriers


TAG = "oms_portal"
ACCOUNT_MIDDLEWARE = "allauth.account.middleware.AccountMiddleware"
SOCKET_ROUTE = "oms_portal_socket"
PER_PROCESS_CACHES = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)
# Seconds a writer waits for the lock of SQLite before it gives up.
SQLITE_TIMEOUT = 20
# Aliases of STORAGES that everybody may read.
PUBLIC_STORAGES = ("default", "staticfiles")


@register(TAG)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    if not isinstance(given, dict):
        return [Error("OMS_PORTAL must be a dict.", id="oms_portal.E001")]
    return [_unknown_key(str(key)) for key in given if key not in known_keys()]


def _unknown_key(key: str) -> CheckMessage:
    near = get_close_matches(key.upper(), sorted(known_keys()), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {sorted(known_keys())}."
    return Error(f"OMS_PORTAL has an unknown key {key!r}.", hint=hint, id="oms_portal.E001")


@register(TAG)
def check_gs1_prefix(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    prefix = given.get("GS1_PREFIX", "") if isinstance(given, dict) else ""
    if prefix == "" or (isinstance(prefix, str) and fullmatch(r"[0-9]{4,12}", prefix)):
        return []
    return [
        Error(
            f"OMS_PORTAL['GS1_PREFIX'] is no GS1 company prefix: {prefix!r}.",
            hint="It is a text of 4 to 12 digits, as GS1 licensed it to you.",
            id="oms_portal.E011",
        )
    ]


@register(TAG)
def check_transactions(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database {alias!r}.",
            hint="The portal commits each event for itself, and a page that only reads would hold "
            "SQLite's one write lock. Turn it off and use atomic() where you need it.",
            id="oms_portal.E002",
        )
        for alias in connections
        if connections[alias].settings_dict["ATOMIC_REQUESTS"]
    ]


@register(TAG)
def check_middleware(**kwargs: Any) -> list[CheckMessage]:
    if ACCOUNT_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "People could not sign in: allauth's middleware is missing.",
            hint=f"Add {ACCOUNT_MIDDLEWARE!r} to MIDDLEWARE.",
            id="oms_portal.E003",
        )
    ]


@register(TAG)
def check_apps(**kwargs: Any) -> list[CheckMessage]:
    needed = ["allauth", "allauth.account", "allauth.mfa", "wagtail.contrib.settings"]
    if apps.is_installed("allauth.usersessions"):
        needed.append("django.contrib.humanize")
    return [
        Error(f"{name!r} is missing in INSTALLED_APPS.", id="oms_portal.E006")
        for name in needed
        if not apps.is_installed(name)
    ]


@register(TAG)
def check_sign_up(**kwargs: Any) -> list[CheckMessage]:
    from oms_portal.customers.adapter import AccountAdapter

    path = getattr(settings, "ACCOUNT_ADAPTER", "allauth.account.adapter.DefaultAccountAdapter")
    if issubclass(import_string(path), AccountAdapter):
        return []
    return [
        Error(
            "Anybody could sign up: ACCOUNT_ADAPTER does not keep sign-up to invitations.",
            hint="Take oms_portal.customers.account_settings.ACCOUNT_SETTINGS over, or derive "
            "your adapter from oms_portal.customers.adapter.AccountAdapter.",
            id="oms_portal.E004",
        )
    ]


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


@register(TAG)
def check_sqlite(**kwargs: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"SQLite ({alias}) would fail under several writers: {', '.join(missing)}.",
            hint='OPTIONS: {"transaction_mode": "IMMEDIATE", "timeout": 20, '
            '"init_command": "PRAGMA journal_mode=WAL;"}',
            id="oms_portal.W004",
        )
        for alias in connections
        if connections[alias].vendor == "sqlite"
        if (missing := list(_sqlite_gaps(connections[alias].settings_dict["OPTIONS"])))
    ]


def _sqlite_gaps(options: dict[str, Any]) -> Iterator[str]:
    pragmas = str(options.get("init_command", "")).lower().replace(" ", "")
    if "journal_mode=wal" not in pragmas:
        yield "no WAL"
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield "transactions not IMMEDIATE"
    if options.get("timeout", 5) < SQLITE_TIMEOUT:
        yield f"timeout under {SQLITE_TIMEOUT} s"


@register(TAG)
def check_cache(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG or settings.CACHES["default"]["BACKEND"] not in PER_PROCESS_CACHES:
        return []
    return [
        Warning(
            "Rate limits are kept in a cache of each process and end with it.",
            hint="Use Redis or django.core.cache.backends.db.DatabaseCache as default cache.",
            id="oms_portal.W005",
        )
    ]


@register(TAG)
def check_connectors(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    connectors = given.get("CONNECTORS", {}) if isinstance(given, dict) else {}
    if not isinstance(connectors, Mapping):
        return [_bad_connectors("OMS_PORTAL['CONNECTORS'] must be a dict, by the sources' slugs.")]
    return [
        _bad_connectors(f"The connector of {slug!r} can't be made: {why}.")
        for slug, entry in connectors.items()
        if (why := _why_not_made(entry))
    ]


def _why_not_made(entry: Any) -> str:
    """Why an entry gives no connector; "" where it does."""
    connector, why = _made(entry, "connector", made)
    if connector is None:
        return why
    fit = callable(getattr(connector, "push", None)) and hasattr(connector, "capabilities")
    return "" if fit else f"{entry['connector']!r} has no push or no capabilities"


def _made(entry: Any, name: str, make: Callable[[Any], Any]) -> tuple[Any, str]:
    """What an entry makes, or why it makes nothing, without its options: they hold secrets."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get(name), str):
        return None, f"it is no dict with the path of a class as {name!r}"
    try:
        return make(entry), ""
    except ImportError:
        return None, f"{entry[name]!r} can't be imported"
    except ValueError as error:
        return None, str(error)
    except Exception as error:
        options = ", ".join(sorted(map(str, entry)))
        return None, f"{entry[name]!r} does not take {options} ({type(error).__name__})"


def _bad_connectors(message: str) -> CheckMessage:
    return Error(
        message,
        hint="{'main': {'connector': 'oms_portal.erp.connectors.http.HttpConnector', "
        "'url': 'https://erp.example.com/commands', 'secret': 'whsec_…'}}",
        id="oms_portal.E007",
    )


_CARRIER_VERBS = ("create", "void", "track", "points")


@register(TAG)
def check_return_carriers(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    carriers = given.get("RETURN_CARRIERS", {}) if isinstance(given, dict) else {}
    if not isinstance(carriers, Mapping):
        return [_bad_carriers("OMS_PORTAL['RETURN_CARRIERS'] must be a dict, by slug.")]
    return [
        _bad_carriers(f"The return carrier {slug!r} can't be made: {why}.")
        for slug, entry in carriers.items()
        if (why := _why_no_carrier(str(slug), entry))
    ]


def _why_no_carrier(slug: str, entry: Any) -> str:
    """Why an entry gives no adapter; "" where it does."""
    carrier, why = _made(entry, "carrier", return_carriers.made)
    if carrier is None:
        return why
    missing = [verb for verb in _CARRIER_VERBS if not callable(getattr(carrier, verb, None))]
    if missing or not getattr(carrier, "methods", None):
        return f"{entry['carrier']!r} has no {' or '.join(missing or ['methods'])}"
    own = getattr(carrier, "slug", "")
    return "" if own == slug else f"it calls itself {own!r}"


def _bad_carriers(message: str) -> CheckMessage:
    return Error(
        message,
        hint="{'house': {'carrier': 'oms_portal.returns.carriers.house.House'}}",
        id="oms_portal.E008",
    )


@register(TAG)
def check_private_storage(**kwargs: Any) -> list[CheckMessage]:
    given = getattr(settings, "OMS_PORTAL", {})
    alias = given.get("PRIVATE_STORAGE", "") if isinstance(given, dict) else ""
    if alias and alias not in settings.STORAGES:
        return [_public_photos(f"STORAGES has no {alias!r}, where photos of returns would lie.")]
    if alias in PUBLIC_STORAGES:
        return [_public_photos(f"Photos of returns would lie in {alias!r}, which is public.")]
    folder = getattr(private.storage(), "location", None)
    return [
        _public_photos(f"Photos of returns would lie in {name}, which is public.")
        for name in ("MEDIA_ROOT", "STATIC_ROOT")
        if (public := getattr(settings, name, None))
        if folder and Path(folder).resolve().is_relative_to(Path(public).resolve())
    ]


def _public_photos(message: str) -> CheckMessage:
    return Error(
        message,
        hint="STORAGES['private'] with a location outside MEDIA_ROOT, and "
        "OMS_PORTAL['PRIVATE_STORAGE'] = 'private'.",
        id="oms_portal.E009",
    )
