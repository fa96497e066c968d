"""Keys of OMS_PORTAL that nobody knows."""

from __future__ import annotations

from django.test import override_settings

from .found import found


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
