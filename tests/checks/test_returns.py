"""Carriers, photos and numbers of returns."""

from __future__ import annotations

import pytest

from .found import found


HOUSE = "oms_portal.returns.carriers.house.House"
HTTP = "oms_portal.erp.connectors.http.HttpConnector"
SECRET = "whsec_" + "QUFB" * 8


@pytest.mark.parametrize(
    ("carriers", "words"),
    [
        ([], "must be a dict"),
        ({"house": {"name": "Ours"}}, "no dict with the path"),
        ({"fast": {"carrier": "nowhere.Fast"}}, "'nowhere.Fast' can't be imported"),
        ({"house": {"carrier": HOUSE, "api_key": SECRET}}, "does not take api_key, carrier"),
        ({"fast": {"carrier": HOUSE}}, "it calls itself 'house'"),
        ({"fast": {"carrier": HTTP, "url": "https://x.example", "secret": SECRET}}, "no create"),
    ],
)
def test_it_refuses_a_return_carrier_that_can_not_be_made(settings, carriers, words):
    settings.OMS_PORTAL = {"RETURN_CARRIERS": carriers}
    message = found()["oms_portal.E008"]
    assert words in message
    assert SECRET not in message


def test_it_takes_the_carrier_of_the_house(settings):
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {"house": {"carrier": HOUSE, "name": "Our van"}}}
    assert found() == {}


def test_it_refuses_to_keep_private_photos_in_public(settings, tmp_path):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    local = "django.core.files.storage.FileSystemStorage"
    for folder, words in (("media/photos", "in MEDIA_ROOT"), ("static", "in STATIC_ROOT")):
        kept = {"BACKEND": local, "OPTIONS": {"location": tmp_path / folder}}
        settings.STORAGES = {**settings.STORAGES, "photos": kept}
        settings.OMS_PORTAL = {"PRIVATE_STORAGE": "photos"}
        assert words in found()["oms_portal.E009"]
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "default"}
    assert "which is public" in found()["oms_portal.E009"]
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "nowhere"}
    assert "no 'nowhere'" in found()["oms_portal.E009"]


def test_it_takes_a_private_folder_beside_the_public_one(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    assert found() == {}
    kept = {"location": tmp_path / "private"}
    photos = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": kept}
    settings.STORAGES = {**settings.STORAGES, "photos": photos}
    settings.OMS_PORTAL = {"PRIVATE_STORAGE": "photos"}
    assert found() == {}


def test_a_gs1_prefix_of_other_than_digits_is_told(settings):
    settings.OMS_PORTAL = {"GS1_PREFIX": 952000001}
    assert "oms_portal.E011" in found()
    settings.OMS_PORTAL = {"GS1_PREFIX": "952000001"}
    assert "oms_portal.E011" not in found()
