"""The papers of an order at the desk, whatever an ERP calls its deliveries."""

from __future__ import annotations

import re
from html import unescape

import pytest

from oms_portal.orders.models import Order
from tests import factories, wire


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ref", ["D1", "a/b", "a\nb\r\nc", "\u202e%?#", "<b>", "{}"])
def test_a_delivery_of_any_name_leads_to_its_packing_list(reader, ref):
    factories.order("SO-1001", "C1", shipments=[wire.shipment(ref)])
    order = Order.objects.get()

    page = reader.get(f"/admin/oms/orders/inspect/{order.pk}/")

    assert page.status_code == 200
    (link,) = set(re.findall(r'href="([^"]+/deliveries/[^"]+)"', page.content.decode()))
    assert reader.get(unescape(link)).status_code == 200, link
