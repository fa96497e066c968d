"""Which tracking links a customer may be led to."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.conf import Carrier
from oms_portal.orders.tracking.links import tracking_link


@pytest.fixture(autouse=True)
def carriers(settings: Any) -> None:
    settings.OMS_PORTAL = {
        "CARRIERS": {
            "ups": Carrier("UPS", ("ups.com",), ""),
            "dhl": {"name": "DHL", "hosts": ("dhl.com",), "url": "https://dhl.com/t?id={number}"},
        }
    }


@pytest.mark.parametrize(
    "link",
    [
        "https://ups.com/track?n=1",
        "https://www.ups.com/track?n=1&x=%20",
        "HTTPS://WWW.UPS.COM/",
        "https://www.ups.com",
    ],
)
def test_a_link_at_or_below_the_carrier_s_host_is_followed(link: str) -> None:
    assert tracking_link("UPS", "1Z", link) == link


@pytest.mark.parametrize(
    "link",
    [
        "http://ups.com/",
        "javascript:alert(1)",
        "JaVaScRiPt://ups.com/%0aalert(1)",
        "data:text/html,x",
        "//ups.com/",
        "https:ups.com",
        "https:///ups.com",
        "https://evilups.com/",
        "https://ups.com.evil.example/",
        "https://ups.com@evil.example/",
        "https://ups.com:pw@ups.com/",
        "https://ups.com:8443/",
        "https://ups.com:443@evil.example/",
        "https://evil.example\\@ups.com/",
        "https://evil.example\\.ups.com/",
        "https://evil.example/\\ups.com",
        "https://ups.com\t.evil.example/",
        "\x01https://ups.com/",
        " https://ups.com/",
        "https://ups.com/\n",
        "https://ups。com/",
        "https://xups.com/",
        "https://ｕps.com/",
        "https://ups.com./",
        "https://.ups.com/",
        "https://[::1]/",
        "https://[ups.com/",
        "https://evil.example#@ups.com/",
        "https://evil.example?.ups.com/",
        "https://ups.com%2eevil.example/",
        'https://ups.com/"onmouseover=x',
    ],
)
def test_any_other_link_is_not(link: str) -> None:
    assert tracking_link("ups", "1Z", link) is None


def test_where_no_good_link_is_told_the_carrier_s_own_pattern_is_used() -> None:
    assert tracking_link("dhl", "A/1 &", "") == "https://dhl.com/t?id=A%2F1%20%26"
    assert tracking_link("dhl", "A1", "https://evil.example/") == "https://dhl.com/t?id=A1"


@pytest.mark.parametrize(("carrier", "number"), [("", "1"), ("nobody", "1"), ("dhl", "")])
def test_without_a_known_carrier_or_a_number_there_is_no_link(carrier: str, number: str) -> None:
    assert tracking_link(carrier, number, "") is None
