from __future__ import annotations

from typing import Any

import pytest

from oms_portal.returns.carriers.contract import Shipping
from oms_portal.returns.carriers.house import House
from oms_portal.returns.carriers.registry import carrier_of, carriers_for, slugs
from oms_portal.returns.kinds import Method
from oms_portal.returns.models import ReturnPlace
from tests.returns.carriers.faking import SETTING


def shop(ref: str, postal_code: str, country: str = "DE", **columns: Any) -> ReturnPlace:
    address = {"city": "Hamburg", "postal_code": postal_code, "country": country}
    defaults = {"kind": "parcel_shop", "name": f"Shop {ref}", "address": address}
    return ReturnPlace.objects.create(ref=ref, **{**defaults, **columns})


@pytest.mark.once
def test_the_house_needs_nobody_for_a_label_whose_number_is_the_parcels_code():
    made = House().create(Shipping("R1234567890128", "parcel_shop", {}, {}, "x"), "key")
    assert made.tracking_number == "R1234567890128"
    assert made.file is None


@pytest.mark.once
def test_the_house_takes_goods_back_on_every_way_on_which_they_come():
    assert {m for m in Method if carriers_for(m)} == set(Method) - {Method.NOTHING}
    assert slugs() == ("house",)


@pytest.mark.once
def test_the_first_carrier_of_the_settings_that_takes_a_way_is_asked(settings):
    house = {"house": {"carrier": "oms_portal.returns.carriers.house.House"}}
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {**SETTING, **house}}

    assert [each.slug for each in carriers_for("parcel_shop")] == ["fake", "house"]
    assert [each.slug for each in carriers_for("branch")] == ["house"]


@pytest.mark.once
def test_a_carrier_that_can_not_be_made_counts_as_none(settings):
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {"fast": {"carrier": "nowhere.Fast"}}}
    assert carrier_of("fast") is None
    assert carriers_for("parcel_shop") == ()


@pytest.mark.django_db
def test_its_points_are_the_active_parcel_shops_of_the_country_the_nearest_first():
    shop("far", "80331")
    shop("near", "20459")
    shop("nearest", "20457")
    shop("closed", "20457", active=False)
    shop("abroad", "20457", "NL")
    shop("depot", "20457", kind="warehouse")

    assert [point.ref for point in House().points("de", "20457")] == ["nearest", "near", "far"]


@pytest.mark.django_db
def test_it_names_twenty_points_at_most():
    for n in range(25):
        shop(f"s{n:02d}", f"2{n:04d}")
    assert len(House().points("DE", "20457")) == 20
