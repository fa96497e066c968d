"""In which zone an order's times are told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from oms_portal.orders.zones import place_zone, zone_in


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("NL", "Europe/Amsterdam"),
        ("AE", "Asia/Dubai"),
        ("US", ""),
        ("ES", ""),
        ("NZ", ""),
        ("XX", ""),
        ("", ""),
    ],
)
def test_a_country_whose_clocks_agree_has_one_zone(country: str, zone: str) -> None:
    assert zone_in(country) == zone


@pytest.mark.parametrize(
    ("own", "country", "zone"),
    [
        ("America/New_York", "de", "Europe/Berlin"),
        ("America/New_York", "US", "America/New_York"),
        ("Europe/Busingen", "DE", "Europe/Busingen"),
        ("Europe/Berlin", "US", "Europe/Berlin"),
        ("", "JP", "Asia/Tokyo"),
        ("Europe/Berlin", "", "Europe/Berlin"),
    ],
)
def test_times_are_those_of_the_place_it_goes_to(own: str, country: str, zone: str) -> None:
    order = SimpleNamespace(
        delivery_address={"country": country}, company=SimpleNamespace(time_zone=own)
    )
    assert place_zone(order) == zone


def test_an_order_without_an_address_keeps_its_customers_zone() -> None:
    order = SimpleNamespace(
        delivery_address=None, company=SimpleNamespace(time_zone="Europe/Berlin")
    )
    assert place_zone(order) == "Europe/Berlin"
