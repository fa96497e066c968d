"""The OMS_PORTAL setting: one dict, each key with a default, checked by oms_portal.E001.

Read it as ``conf.settings().STALE_AFTER``; ``override_settings(OMS_PORTAL=…)`` is seen at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed


@dataclass(frozen=True)
class Carrier:
    """How a carrier is shown, and which hosts a tracking link of it may lead to.

    ``url`` has one ``{number}`` in it and makes a link where the ERP sends none.
    """

    name: str
    hosts: tuple[str, ...] = ()
    url: str = ""


CARRIERS: Mapping[str, Carrier] = {
    "dhl": Carrier("DHL", ("dhl.com", "dhl.de"), "https://www.dhl.com/track?id={number}"),
    "dpd": Carrier("DPD", ("dpd.com", "dpd.de"), "https://tracking.dpd.de/parcel/{number}"),
    "ups": Carrier("UPS", ("ups.com",), "https://www.ups.com/track?tracknum={number}"),
    "gls": Carrier(
        "GLS", ("gls-group.eu", "gls-group.com"), "https://gls-group.com/track/{number}"
    ),
    "fedex": Carrier("FedEx", ("fedex.com",), "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "postnl": Carrier("PostNL", ("postnl.nl",), ""),
}


RETURN_CARRIERS: Mapping[str, Mapping[str, Any]] = {
    "house": {"carrier": "oms_portal.returns.carriers.house.House"}
}


@dataclass(frozen=True)
class Settings:
    """Every key of OMS_PORTAL. Durations are seconds unless the name says otherwise."""

    # Fernet keys or any strings, newest first; the first seals, all of them open. Default: SECRET_KEY.
    SECRET_KEYS: tuple[str, ...] = ()
    # Origins, besides the page's own, that may open the socket: "https://www.example.com".
    WS_ORIGINS: tuple[str, ...] = ()
    # The feed is called stale, then offline, after so long without a word from its source.
    STALE_AFTER: int = 900
    OFFLINE_AFTER: int = 3600
    # Webhook timestamps may be off by so much (Standard Webhooks 1.0.0).
    EVENT_TOLERANCE: int = 300
    EVENTS_PER_MINUTE: int = 12_000
    FAILED_SIGNATURES_PER_MINUTE: int = 600
    # While this file exists the API takes no events (503) and readyz fails: touch it before a stop.
    DRAIN_FILE: str = ""
    # Raw bodies of events are dropped, then whole rows, once they are no longer the newest truth.
    RAW_BODY_DAYS: int = 30
    EVENT_DAYS: int = 400
    # How often the hub looks for lost hints and for rights withdrawn.
    SWEEP: float = 2.0
    RIGHTS_SWEEP: float = 3.0
    TICKET_AGE: int = 900
    SOCKETS_PER_PERSON: int = 10
    INVITATION_DAYS: int = 7
    # How many proxies in front may be believed about the caller's address.
    TRUSTED_PROXY_COUNT: int = 0
    # Where the papers of a source may be fetched, by its slug: hosts over https ("docs.example.com",
    # "docs.example.com:8443"), networks that are private and yet allowed ("10.1.0.0/16"), and for
    # trying out "http://127.0.0.1:8001". Nothing is fetched from anywhere else.
    DOCUMENT_HOSTS: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Where the commands of a source go, by its slug: {"connector": "path.to.Class", …its options}.
    # What has no connector takes no commands, and pages offer none.
    CONNECTORS: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # Commands that a worker sends at once; each waits for its ERP 15 s at most.
    COMMAND_THREADS: int = 4
    # After so long without the ERP's last word on a command it took, staff are alerted, and what
    # waits behind it goes on.
    COMMAND_PATIENCE: int = 900
    # Who is told by e-mail of alerts, beside the list in the admin.
    ALERT_EMAILS: tuple[str, ...] = ()
    # Change requests and returns that were begun and never sent are forgotten after so many days.
    DRAFT_DAYS: int = 7
    # What links in e-mails begin with, up to the first slash of a path: "https://www.example.com".
    # Default: WAGTAILADMIN_BASE_URL.
    BASE_URL: str = ""
    CARRIERS: Mapping[str, Carrier | Mapping[str, Any]] = field(default_factory=lambda: CARRIERS)
    # Who makes return labels, by slug: {"carrier": "path.to.Class", …its options}. The first one
    # that takes a way back is asked; "house" needs nobody.
    RETURN_CARRIERS: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: RETURN_CARRIERS
    )
    # Your GS1 company prefix, 4 to 12 digits: return parcels get an SSCC behind it, and nobody else
    # may number with it. Without one they have none.
    GS1_PREFIX: str = ""
    # Where photos of returns lie: an alias of STORAGES. Default: a folder beside MEDIA_ROOT.
    PRIVATE_STORAGE: str = ""
    # Within so many hours the returns desk is to have dealt with what waits for it; after that it is
    # overdue. "approve": a wish, "answer": the customer's reply, "send": goods on their way,
    # "inspect": goods that arrived.
    RETURN_DESK_HOURS: Mapping[str, int] = field(
        default_factory=lambda: {"approve": 24, "answer": 72, "send": 336, "inspect": 48}
    )
    # From this net value on, in the return's currency, a second person confirms what becomes of
    # goods. None: never.
    RETURN_SECOND_PERSON_FROM: Decimal | None = Decimal(1000)
    # More faces for labels, where characters are missing: TrueType files.
    LABEL_FONTS: tuple[str, ...] = ()

    def carrier(self, code: str) -> Carrier | None:
        """The carrier of this code, None where the site knows none."""
        found = self.CARRIERS.get(code.lower())
        return Carrier(**found) if isinstance(found, Mapping) else found


def known_keys() -> frozenset[str]:
    return frozenset(f.name for f in fields(Settings))


@lru_cache(maxsize=1)
def settings() -> Settings:
    given = getattr(django_settings, "OMS_PORTAL", {})
    if not isinstance(given, Mapping):  # oms_portal.E001 says so.
        return Settings()
    return Settings(**{key: value for key, value in given.items() if key in known_keys()})


def _reload(*, setting: str, **kwargs: object) -> None:
    if setting == "OMS_PORTAL":
        settings.cache_clear()


setting_changed.connect(_reload, dispatch_uid="oms_portal.conf")
