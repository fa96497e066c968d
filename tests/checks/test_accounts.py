"""What sign-in needs."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import override_settings

from oms_portal.customers.adapter import AccountAdapter

from .found import found


class OwnAdapter(AccountAdapter):
    pass


@override_settings(MIDDLEWARE=[])
def test_it_misses_the_middleware_of_allauth():
    assert list(found()) == ["oms_portal.E003"]


@pytest.mark.parametrize(
    "app", ["allauth.mfa", "django.contrib.humanize", "wagtail.contrib.settings"]
)
def test_it_names_an_app_that_is_missing(app, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name != app)

    assert f"'{app}' is missing" in found()["oms_portal.E006"]


@override_settings(ACCOUNT_ADAPTER="allauth.account.adapter.DefaultAccountAdapter")
def test_it_refuses_open_sign_up():
    assert "Anybody could sign up" in found()["oms_portal.E004"]


@override_settings(ACCOUNT_ADAPTER="tests.checks.test_accounts.OwnAdapter")
def test_an_adapter_derived_from_ours_is_fine():
    assert found() == {}
