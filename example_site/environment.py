"""What the environment says, read into Django's shapes; every setting has a default that works."""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


ROOT = Path(__file__).resolve().parent.parent
# Seconds: how long a call waits for a connection, and how long the pool tries before a next call
# starts it anew. The defaults (30 and 300) let callers hang, and find the database back too late.
POOL = {"min_size": 1, "max_size": 16, "timeout": 5, "reconnect_timeout": 5}

# What the sandbox ERP takes commands for.
CAPABILITIES = ("push.address", "push.date", "push.method", "push.cancel", "push.return")


def demo_dir() -> Path:
    """The folder that holds database, media, mail and logs; made when missing."""
    folder = Path(os.environ.get("DEMO_DIR") or ROOT / ".demo").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or one made once and kept beside the database, readable to its owner only."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def derived(key: str, what: str) -> bytes:
    """32 bytes that only who knows the key can tell, the same each time."""
    return hmac.digest(key.encode(), f"demo:{what}".encode(), "sha256")


def webhook_secret(key: str, what: str) -> str:
    """A secret as Standard Webhooks writes them."""
    return "whsec_" + b64encode(derived(key, what)).decode()


def connectors(key: str, erp_url: str, *sources: str) -> dict[str, dict[str, Any]]:
    """OMS_PORTAL["CONNECTORS"]: the commands of all these sources go to the sandbox ERP."""
    return {
        source: {
            "connector": "oms_portal.erp.connectors.http.HttpConnector",
            "url": f"{erp_url}/api/commands",
            "secret": webhook_secret(key, f"commands:{source}"),
            "capabilities": CAPABILITIES,
        }
        for source in sources
    }


def database(folder: Path) -> dict[str, Any]:
    """DATABASE_URL: ``postgresql://user:password@host:port/name`` or ``sqlite:////path``."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "OPTIONS": {**dict(parse_qsl(url.query)), "pool": POOL},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # "sqlite:////srv/site.sqlite3" is absolute, "sqlite:///site.sqlite3" is not.
        "NAME": unquote(url.path[1:]) or folder / "db.sqlite3",
        # Writers queue instead of failing, and an acknowledged event is on the disk.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16000;"
            ),
        },
    }


def cache() -> dict[str, Any]:
    """Shared by all processes in either case: sign-in limits are counted there."""
    if url := os.environ.get("REDIS_URL"):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}


def channel_layer() -> dict[str, Any]:
    if url := os.environ.get("REDIS_URL"):
        return {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [url]},
        }
    return {"BACKEND": "channels.layers.InMemoryChannelLayer"}


def email(folder: Path) -> dict[str, Any]:
    """EMAIL_URL: ``smtp://user:password@host:port?tls=1``, ``console:``; else files in the folder."""
    url = urlsplit(os.environ.get("EMAIL_URL", ""))
    if url.scheme == "smtp":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": url.hostname or "localhost",
            "EMAIL_PORT": url.port or 25,
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": dict(parse_qsl(url.query)).get("tls") == "1",
        }
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": folder / "mail",
    }


def port(folder: Path) -> int:
    """PORT, or the one the demo in this folder was last started on."""
    if given := os.environ.get("PORT"):
        return int(given)
    kept = folder / "port"
    return int(kept.read_text()) if kept.exists() else 8000


def names(variable: str, default: str) -> list[str]:
    return [name.strip() for name in os.environ.get(variable, default).split(",") if name.strip()]
