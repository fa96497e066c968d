"""How often something may be tried, counted in the site's shared cache in fixed windows."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache


def allowed(action: str, key: str, amount: int, seconds: int) -> bool:
    """Count one try of ``action`` for ``key``; False once there were ``amount`` in this window.

    Keys are hashed: addresses and names stay out of the cache.
    """
    window = int(time.time()) // seconds
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    name = f"oms_portal:{action}:{window}:{digest}"
    if cache.add(name, 1, timeout=seconds):
        return amount >= 1
    try:
        return int(cache.incr(name)) <= amount
    except ValueError:  # The window ended between the two.
        return True
