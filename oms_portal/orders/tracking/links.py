"""Where a customer may follow a parcel: a link the ERP told is believed only at its carrier's."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from oms_portal.conf import settings


# A host as browsers and servers read alike: no userinfo, no port, no escapes, plain ASCII.
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
# What browsers drop or turn into "/" must not be in a link at all.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\uffff\U00010000-\U0010ffff\\\"'<>^`{|}]")


def tracking_link(carrier_code: str, number: str, told: str) -> str | None:
    """An https link at one of the carrier's own hosts, else the carrier's pattern with the
    number, else None."""
    carrier = settings().carrier(carrier_code.strip()) if carrier_code else None
    if carrier is None:
        return None
    if told and is_at(told, carrier.hosts):
        return told
    if carrier.url and number:
        return carrier.url.replace("{number}", quote(number, safe=""))
    return None


def is_at(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether a URL leads, over https, to one of these hosts or below it."""
    if _UNSAFE.search(url) or not url.lower().startswith("https://"):
        return False
    try:
        netloc = urlsplit(url).netloc.lower()
    except ValueError:
        return False
    if not _HOST.fullmatch(netloc):
        return False
    return any(netloc == host or netloc.endswith(f".{host}") for host in hosts)
