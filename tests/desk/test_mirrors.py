"""What staff see of what the ERP told: found by number, fast, harmless, and as customers see it."""

from __future__ import annotations

import base64
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from openpyxl import load_workbook

from oms_portal.customers.models import Address, Company, Membership
from oms_portal.desk import listings
from oms_portal.orders.models import Order, Package, Shipment
from oms_portal.words.models import StatusWord
from tests import factories, wire
from tests.papers import PDF

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\u202eexe.gnp\u2066"


def listed(client: Any, page: str, asked: str = "") -> set[str]:
    """The titles in a list."""
    html = client.get(f"/admin/oms/{page}/?{asked}").content.decode()
    return set(re.findall(r'/inspect/\d+/"\s*>\s*([^<]+?)\s*</a>', html))


def shown(client: Any, page: str, row: Any) -> str:
    return client.get(f"/admin/oms/{page}/inspect/{row.pk}/").content.decode()


# Orders


@pytest.fixture
def orders(db: None) -> None:
    factories.company("C1", name="Hafenwerk", number="10001", time_zone="Europe/Berlin")
    factories.company("C2", name="Ardèche", number="20001")
    on_time = {"lines": wire.on_time()}
    factories.order("SO-1", "C1", customer_reference="PO-11", **on_time)
    factories.order("SO-2", "C2", customer_reference="PO-22", on_hold=True, **on_time)
    late = wire.line(promises=[{"kind": "confirmed", "from": "2020-01-01"}])
    factories.order("SO-3", "C2", lines=[late], placed_at="2019-12-01T10:00:00Z")
    Order.objects.filter(ref="SO-2").update(exception=True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"SO-1", "SO-2", "SO-3"}),
        ("q=SO-1", {"SO-1"}),
        ("q=po-2", {"SO-2"}),
        ("q=o-", {"SO-1", "SO-2", "SO-3"}),
        ("q=PO-22", {"SO-2"}),
        ("q=PO-", {"SO-1", "SO-2", "SO-3"}),
        ("q=so-", {"SO-1", "SO-2", "SO-3"}),
        ("q=%25", set()),
        ("q=%00", {"SO-1", "SO-2", "SO-3"}),
        ("status=on_hold", {"SO-2"}),
        ("late=true", {"SO-3"}),
        ("late=false", {"SO-1", "SO-2"}),
        ("exception=true", {"SO-2"}),
        ("placed_at_to=2020-01-01", {"SO-3"}),
        ("placed_at_from=2020-01-01", {"SO-1", "SO-2"}),
        ("company=10001", {"SO-1"}),
        ("company=C2", {"SO-2", "SO-3"}),
        ("company=ard", {"SO-2", "SO-3"}),
        ("status=nonsense", {"SO-1", "SO-2", "SO-3"}),
    ],
)
def test_orders_are_found(reader, orders, asked, found):
    assert listed(reader, "orders", asked) == found


def test_the_newest_order_stands_first(reader, orders):
    html = reader.get("/admin/oms/orders/").content.decode()

    assert html.index("PO-11") < html.index("2019")


def test_an_order_is_shown_as_its_customer_sees_it_and_raw(reader):
    order = factories.order(shipments=[wire.shipment()], raw_status="ZF2-OPEN")

    page = shown(reader, "orders", order)

    assert "Ball bearing L1" in page
    assert "ZF2-OPEN" in page
    assert "ERP main" in page
    assert "/oms/inbox/inspect/" in page
    assert "data-ticket" not in page


def test_the_lines_of_a_long_order_are_paged_through_in_the_admin(reader):
    order = factories.order(lines=[wire.line(f"L{n}") for n in range(1, 121)])
    page = shown(reader, "orders", order)
    assert "Ball bearing L1<" in page and "Ball bearing L120<" not in page

    links = re.findall(r'href="(/admin/oms/orders/inspect/[^"]*lines=2[^"]*)"', page)
    after = reader.get(links[0].replace("&amp;", "&")).content.decode()

    assert "Ball bearing L60<" in after and "Ball bearing L1<" not in after
    assert 'href="/portal/orders/SO-1001/?' not in after


def paper(**changes: Any) -> dict[str, Any]:
    return {
        "ref": "P1", "kind": "invoice", "number": "RE-1", "issued_on": "2026-11-20",
        "media_type": "application/pdf", "content_base64": base64.b64encode(PDF).decode(),
        **changes,
    }  # fmt: skip


def test_every_link_of_an_order_leads_staff_somewhere(reader):
    shipment = wire.shipment("D/1 ü", "dispatched")
    order = factories.order(documents=[paper()], shipments=[shipment])
    seen = shown(reader, "orders", order).split("As the customer sees it")[1]

    links = {unescape(link) for link in re.findall(r'href="(/[^"]+)"', seen)}
    assert any("/papers/" in link for link in links)
    assert any("/deliveries/" in link for link in links)
    assert {reader.get(link).status_code for link in links} == {200}
    assert not any(link.startswith("/portal/") for link in links)
    assert 'action="/portal/' not in seen


def test_a_paper_is_handed_to_staff_as_to_customers(reader):
    order = factories.order(documents=[paper()])
    pk = order.documents.get().pk

    answer = reader.get(f"/admin/oms/orders/inspect/{order.pk}/papers/{pk}/")

    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="RE-1.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    other = factories.order("SO-2")
    assert reader.get(f"/admin/oms/orders/inspect/{other.pk}/papers/{pk}/").status_code == 404


def test_a_paper_that_cannot_be_had_is_said_on_the_orders_page(reader):
    told = paper(content_base64="", url="https://docs.example.com/a.pdf")
    order = factories.order(documents=[told])
    pk = order.documents.get().pk

    answer = reader.get(f"/admin/oms/orders/inspect/{order.pk}/papers/{pk}/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/admin/oms/orders/inspect/{order.pk}/"
    assert "This document is not available online" in answer.content.decode()


def test_a_packing_list_is_shown_to_staff_and_given_as_a_file(reader):
    order = factories.order(shipments=[wire.shipment("D1")])
    url = f"/admin/oms/orders/inspect/{order.pk}/deliveries/D1/"

    page = reader.get(url).content.decode()
    file = reader.get(f"{url}?format=csv")

    assert "340123450000000018" in page and "T100" in page
    assert "340123450000000018" in file.content.decode()
    assert file["Content-Disposition"].startswith("attachment")
    assert reader.get(url.replace("D1", "D9")).status_code == 404


def test_staff_read_the_words_meant_for_staff(reader):
    order = factories.order()
    code = {"kind": "order", "code": order.status}
    StatusWord.objects.create(**code, audience="customer", word="In good hands")
    StatusWord.objects.create(**code, audience="staff", word="Stuck in the ERP")

    page = shown(reader, "orders", order)

    assert "Stuck in the ERP" in page
    assert "In good hands" not in page


def test_lists_and_files_say_what_staff_call_a_status(reader):
    order = factories.order(raw_status="ZF2", shipments=[wire.shipment("D1", "ZS9")])
    for kind, code, told in (
        ("order", "zf2", "Credit check"), ("order", order.status, "Just in"),
        ("shipment", "ZS9", "On ramp 4"), ("tracking", "in_transit", "Rolling"),
    ):  # fmt: skip
        StatusWord.objects.create(kind=kind, code=code, audience="staff", word=told)
        StatusWord.objects.create(kind=kind, code=code, audience="customer", word="For customers")
    Package.objects.update(tracking_status="in_transit")

    for name, row, code, told in (
        ("orders", order, "ZF2", "Credit check"),
        ("deliveries", Shipment.objects.get(), "ZS9", "On ramp 4"),
    ):
        listed_page = reader.get(f"/admin/oms/{name}/").content.decode()
        file = b"".join(reader.get(f"/admin/oms/{name}/?export=csv").streaming_content).decode()
        raw = shown(reader, name, row)
        assert all(told in text for text in (listed_page, file, raw)), name
        assert code in raw
        assert not any("For customers" in text for text in (listed_page, file, raw)), name
    assert "Rolling" in shown(reader, "deliveries", Shipment.objects.get())
    assert "Credit check" in shown(reader, "customers", order.company)
    assert ">Just in</option>" in reader.get("/admin/oms/orders/").content.decode()


def test_an_order_that_was_taken_back_says_so(reader):
    order = factories.order()
    Order.objects.update(archived_at=datetime.now(UTC))

    assert "no longer see it" in shown(reader, "orders", order)


def test_who_may_not_see_the_inbox_is_not_led_there(site):
    only_orders = client_of(staff("few@shop.example", "view_order"))
    order = factories.order()

    page = shown(only_orders, "orders", order)

    assert "/admin/oms/inbox/" not in page
    assert "/admin/oms/people/" not in page


# Deliveries, customers, people


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=D1", {"D1"}),
        ("q=T100", {"D1", "D2"}),
        ("q=340123450000000018", {"D1"}),
        ("q=00340123450000000018", {"D1"}),
        ("q=T1", {"D1", "D2"}),
        ("q=d1", {"D1"}),
        ("q=100", set()),
        ("status=planned", {"D2"}),
        ("carrier=dhl", {"D1", "D2"}),
        ("carrier=ups", set()),
        ("tracking=exception", {"D2"}),
    ],
)
def test_deliveries_are_found(reader, asked, found):
    second = wire.shipment("D2", "planned", packages=[{"tracking_number": "T100", "lines": []}])
    factories.order(shipments=[wire.shipment("D1"), second])
    Package.objects.filter(shipment__ref="D2").update(tracking_status="exception")

    assert listed(reader, "deliveries", asked) == found


def test_a_delivery_shows_its_parcels(reader):
    factories.order(shipments=[wire.shipment("D1")])

    page = shown(reader, "deliveries", Shipment.objects.get())

    assert "T100" in page and "340123450000000018" in page


def test_a_customer_is_shown_with_people_places_and_orders(reader):
    company = factories.customer("C1")
    company.parent = factories.company("C0", name="Group")
    company.save()
    factories.order()
    factories.person("buyer@c1.example", company, first_name="Bea", last_name="Buyer")

    page = shown(reader, "customers", company)

    for words in ("Group", "Bea Buyer", "Hafenstrasse 12", "SO-1001", "Europe/Berlin"):
        assert words in page, words
    assert "/admin/oms/orders/?company=C1" in page


def test_people_are_found_by_parts_of_their_name_and_by_role(reader):
    company = factories.company("C1")
    factories.person("bea@c1.example", company, "buyer", first_name="Bea", last_name="Buyer")
    factories.person("ada@c1.example", company, "admin", first_name="Ada", last_name="Admin")

    assert listed(reader, "people", "q=bea+buy") == {"Bea Buyer"}
    assert listed(reader, "people", "role=admin") == {"Ada Admin"}
    assert listed(reader, "people", "company=C1") == {"Bea Buyer", "Ada Admin"}


# Harmless


def test_hostile_names_are_inert_on_every_page(reader):
    company = factories.company("C1", name=HOSTILE, number=HOSTILE, time_zone="nowhere")
    place = factories.address(company, name=HOSTILE, lines=[HOSTILE], contact=HOSTILE)
    factories.person("x@c1.example", company, "buyer", [place], first_name=HOSTILE)
    hostile = wire.shipment(number=HOSTILE, carrier={"code": "x", "name": HOSTILE})
    factories.order(
        customer_reference=HOSTILE, raw_status=HOSTILE, placed_by=HOSTILE, shipments=[hostile]
    )
    pages = [
        *(
            reader.get(f"/admin/oms/{name}/")
            for name in ("orders", "deliveries", "customers", "people")
        ),
        reader.get(f"/admin/oms/orders/inspect/{Order.objects.get().pk}/"),
        reader.get(f"/admin/oms/deliveries/inspect/{Shipment.objects.get().pk}/"),
        reader.get(f"/admin/oms/customers/inspect/{company.pk}/"),
        reader.get(f"/admin/oms/people/inspect/{Membership.objects.get().pk}/"),
    ]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in text
        if "oms-order" not in text:
            assert "\u202e" not in text


def test_an_export_starts_no_formula(reader):
    factories.order("SO-1", customer_reference="=HYPERLINK(1)", lines=wire.on_time())
    factories.order("SO-2", customer_reference="+1", lines=wire.on_time())

    answer = reader.get("/admin/oms/orders/?export=csv&status=confirmed")
    told = b"".join(answer.streaming_content).decode()
    cells = [row[1] for row in csv.reader(io.StringIO(told))][1:]
    assert sorted(cells) == ["'+1", "'=HYPERLINK(1)"]

    book = reader.get("/admin/oms/orders/?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert {row[1].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}


def test_what_no_workbook_can_hold_breaks_no_export(reader):
    factories.order("SO-1", customer_reference="a\x01b\uffffc", lines=wire.on_time())

    book = reader.get("/admin/oms/orders/?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["abc"]


@pytest.mark.parametrize("page", ["orders", "deliveries", "customers", "people", "inbox"])
def test_every_export_is_complete(reader, page):
    factories.order(shipments=[wire.shipment()])
    factories.person("x@c1.example", factories.company("C1"))

    told = b"".join(reader.get(f"/admin/oms/{page}/?export=csv").streaming_content).decode()

    assert len(list(csv.reader(io.StringIO(told)))) == 2


# Fast


def many_orders(count: int) -> None:
    companies = Company.objects.bulk_create(
        Company(ref=f"C{n}", name=f"Company {n}", time_zone="Europe/Berlin") for n in range(20)
    )
    now = datetime(2026, 11, 1, tzinfo=UTC)
    Order.objects.bulk_create(
        Order(
            ref=f"SO-{n}", slug=f"SO-{n}", number=f"SO-{n}", company=companies[n % 20],
            placed_at=now - timedelta(minutes=n), currency="EUR", net=1, tax=0, gross=1,
            version=1, told_at=now, status="confirmed",
        )
        for n in range(count)
    )  # fmt: skip
    Shipment.objects.bulk_create(
        Shipment(
            order=order, position=0, ref="D", thread="D", number=f"D-{order.ref}", status="planned",
            method="parcel",
        )
        for order in Order.objects.all()
    )  # fmt: skip
    Package.objects.bulk_create(Package(shipment=row, position=0) for row in Shipment.objects.all())
    users = get_user_model()
    people = users.objects.bulk_create(
        users(username=f"u{n}", email=f"u{n}@c.example") for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(user=user, company=companies[0], role="buyer", all_ship_tos=False)
        for user in people
    )
    Address.objects.bulk_create(Address(company=row, ref="S", name="S") for row in companies)


@pytest.mark.parametrize("page", ["orders", "deliveries", "customers", "people"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(reader, page, django_assert_max_num_queries):
    many_orders(120)

    with django_assert_max_num_queries(17):
        assert listed(reader, page)


def test_nothing_is_counted_to_the_end(reader, monkeypatch):
    monkeypatch.setattr(listings, "COUNTED", 100)
    many_orders(120)

    html = reader.get("/admin/oms/orders/").content.decode()

    assert "More than 100 orders" in html
    assert "Only the first of them can be paged through" in html
    assert len(listed(reader, "orders", "p=2")) == 50
    assert listed(reader, "orders", "q=SO-119") == {"SO-119"}


# Told to whoever asks for the ways in


def test_the_command_lists_the_ways_into_the_desk(capsys):
    call_command("oms_routes")

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("desk")]
    assert any("/admin/oms/orders/ " in line and "staff: view Order" in line for line in lines)
    assert any(
        "oms_inbox:replay" in line and "staff: replay InboundEvent" in line for line in lines
    )
