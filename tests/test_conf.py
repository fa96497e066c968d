from __future__ import annotations

from django.test import override_settings

from oms_portal import conf


def test_every_key_has_a_default():
    assert conf.settings().STALE_AFTER == 900


def test_overriding_the_setting_is_seen_at_once_and_undone_after():
    with override_settings(OMS_PORTAL={"STALE_AFTER": 60}):
        assert conf.settings().STALE_AFTER == 60
    assert conf.settings().STALE_AFTER == 900


def test_a_carrier_may_be_given_as_a_plain_dict():
    with override_settings(OMS_PORTAL={"CARRIERS": {"acme": {"name": "Acme Freight"}}}):
        assert conf.settings().carrier("ACME").name == "Acme Freight"
        assert conf.settings().carrier("dhl") is None
