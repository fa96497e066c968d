"""Which connectors of OMS_PORTAL["CONNECTORS"] are taken."""

from __future__ import annotations

import pytest

from .found import found


HTTP = "oms_portal.erp.connectors.http.HttpConnector"
SECRET = "whsec_" + "QUFB" * 8


@pytest.mark.parametrize(
    ("connectors", "words"),
    [
        ([], "must be a dict"),
        ({"main": None}, "no dict with the path"),
        ({"main": {"url": "https://erp.example"}}, "no dict with the path"),
        ({"main": {"connector": "nowhere.Connector"}}, "'nowhere.Connector' can't be imported"),
        ({"main": {"connector": HTTP}}, "does not take connector"),
        ({"main": {"connector": HTTP, "url": "https://erp.example", "secret": "x"}}, "webhook"),
        ({"main": {"connector": HTTP, "url": "http://erp.example", "secret": SECRET}}, "https"),
        ({"main": {"connector": "datetime.date", "year": 1, "month": 1, "day": 1}}, "no push"),
    ],
)
def test_it_refuses_a_connector_that_can_not_be_made(settings, connectors, words):
    settings.OMS_PORTAL = {"CONNECTORS": connectors}
    message = found()["oms_portal.E007"]
    assert words in message
    assert SECRET not in message


def test_it_takes_a_connector_that_can_be_made(settings):
    made = {"connector": HTTP, "url": "https://erp.example/commands", "secret": SECRET}
    settings.OMS_PORTAL = {"CONNECTORS": {"main": made}}
    assert found() == {}
