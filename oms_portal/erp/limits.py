"""How much somebody may ask, counted in fixed windows in the site's shared cache."""

from __future__ import annotations

import logging
import time
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from oms_portal.conf import settings

from .models import Source
from .problems import Problem


log = logging.getLogger(__name__)

WINDOW = 60


def count_events(source: Source, events: int) -> None:
    """Count what a source sends. A batch may start while one event is still free, or a small
    limit would keep batches out for ever. Problem 429 beyond that."""
    limit = settings().EVENTS_PER_MINUTE
    if count("events", str(source.pk), events) - events >= limit:
        raise _too_many(f"More than {limit} events a minute.")


def count_failure(request: HttpRequest) -> None:
    """Count a call that nobody signed. Problem 429 once its address made too many."""
    limit = settings().FAILED_SIGNATURES_PER_MINUTE
    if count("failures", address(request)) > limit:
        raise _too_many("Too many calls without a valid signature or key.")


def address(request: HttpRequest) -> str:
    """The caller's address: the one that the outermost trusted proxy saw."""
    proxies = settings().TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def count(what: str, who: str, amount: int = 1, seconds: int = WINDOW) -> int:
    """How much of ``what`` is counted for ``who`` in this window, with these ``amount`` more.

    Names are hashed: addresses stay out of the cache. 0 where the cache is away: that must keep
    no event out and close no page.
    """
    name = sha256(who.encode("utf-8", "replace")).hexdigest()[:32]
    key = f"oms_portal:{what}:{int(time.time()) // seconds}:{name}"
    try:
        if cache.add(key, amount, timeout=2 * seconds):
            return amount
        return int(cache.incr(key, amount))
    except Exception:
        log.warning("the cache can't count %s", what, exc_info=True)
        return 0


def _too_many(detail: str) -> Problem:
    left = WINDOW - int(time.time()) % WINDOW
    return Problem(429, "too-many", detail, headers={"Retry-After": str(left)})
