"""Which requests a person looks at before they go to the ERP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from oms_portal.changes.models import RiskPolicy
from oms_portal.changes.post_boxes import is_po_box
from oms_portal.changes.risks import policy_now, risks_of
from oms_portal.changes.standing import Standing
from oms_portal.changes.wishes import Wish
from tests import factories

from .standings import part, standing


pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
ALL = RiskPolicy(new_address=True, value_above=Decimal(10_000))
HERE = {"name": "Plant S1", "lines": ["Hafenstr. 1"], "city": "Hamburg", "country": "DE"}


@pytest.fixture
def order() -> Standing:
    """Of a company with a place in Germany and one in Austria, sent to France until now."""
    company = factories.company("C1")
    factories.address(company, "S1", contact="Erika Muster", phone="+49 40 1")
    factories.address(company, "S2", country="AT")
    factories.address(company, "S3", country="CH", archived_at=NOW)
    there = {"address": {"country": "FR"}, "contact": "Anna Roux", "phone": "+33 1"}
    found = standing(part("D1", values=there), values=there)
    found.order.company_id = company.pk
    return found


def risks(order: Standing, policy: RiskPolicy = ALL, **requested: Any) -> tuple[str, ...]:
    return risks_of(order, Wish(requested), policy)


@pytest.mark.parametrize(
    ("country", "new"),
    [("DE", False), ("AT", False), ("at", False), ("FR", False), ("CH", True), ("NG", True)],
)
def test_a_country_is_new_where_the_company_has_no_place(
    order: Standing, country: str, new: bool
) -> None:
    found = risks(order, address=HERE | {"country": country})
    assert ("new_country" in found) is new


def test_a_place_of_the_book_is_no_new_address(order: Standing) -> None:
    assert risks(order, ship_to_ref="S1", address=HERE) == ()
    assert risks(order, ship_to_ref="S1") == ()
    assert risks(order, address=HERE) == ("new_address",)
    assert "new_address" in risks(order, ship_to_ref="S3", address=HERE)


def test_another_contact_at_another_place_is_looked_at(order: Standing) -> None:
    assert "contact_and_address" in risks(order, address=HERE, contact="Mr X")
    assert "contact_and_address" in risks(order, address=HERE | {"phone": "+234 1"})
    assert "contact_and_address" in risks(order, ship_to_ref="S1", address=HERE, phone="+234")
    # The one the ERP names moves along; the book's own is known; blanks are nobody.
    assert "contact_and_address" not in risks(order, address=HERE, contact="anna  roux")
    taken = HERE | {"contact": "Erika Muster", "phone": "+49 401"}
    assert risks(order, ship_to_ref="S1", address=taken) == ()
    assert "contact_and_address" not in risks(order, address=HERE, contact="")
    assert risks(order, contact="Mr X", phone="+234") == ()


def test_what_is_dear_is_looked_at_whatever_changes(order: Standing) -> None:
    order.order.net = Decimal("10000.00")
    assert risks(order, instructions="Ring twice.") == ()
    order.order.net = Decimal("10000.01")
    assert risks(order, instructions="Ring twice.") == ("value_above",)
    assert risks(order, RiskPolicy(value_above=None), instructions="Ring twice.") == ()


def test_only_what_the_policy_watches_counts(order: Standing) -> None:
    thief = HERE | {"country": "NG", "lines": ["PO Box 1"], "contact": "Mr X"}
    assert risks(order, address=thief) == (
        "new_country", "po_box", "contact_and_address", "new_address",
    )  # fmt: skip
    off = RiskPolicy(new_country=False, po_box=False, contact_and_address=False, value_above=None)
    assert risks(order, off, address=thief) == ()


def test_there_is_a_policy_before_anybody_made_one() -> None:
    policy = policy_now()
    assert (policy.new_country, policy.new_address, policy.value_above) == (True, False, 10_000)
    RiskPolicy.objects.create(po_box=False)
    assert not policy_now().po_box


def test_what_is_closed_is_no_risk_of_its_own(order: Standing) -> None:
    shut = replace(order, parts=(part("D1", closed="packed"),))
    assert "contact_and_address" in risks(shut, address=HERE, contact="Anna Roux")


@pytest.mark.parametrize(
    ("line", "country"),
    [
        ("PO Box 12", "GB"), ("P.O. Box 12", "US"), ("P. O. BOX12", "US"), ("p.o.box", "AE"),
        ("P O B O X 7", "US"), ("ＰＯ Ｂｏｘ ７", "US"), ("P\u200bO Bo\u00adx 7", "US"),
        ("Post Office Box 1", "US"), ("GPO Box 5", "AU"), ("Private Bag X12", "ZA"),
        ("Postfach 10 01 02", "DE"), ("POSTFACH10", "AT"), ("Pf. 12", "DE"),
        ("Boîte postale 7", "FR"), ("B.P. 123", "MA"), ("BP n° 12", "SN"), ("Case postale 3", "CH"),
        ("C.P. 3", "CH"), ("Apartado de Correos 9", "ES"), ("Apartado 1234", "PT"),
        ("Apdo. 12", "MX"), ("Casilla 55", "CL"), ("Caixa Postal 9", "BR"),
        ("Casella postale 12", "IT"), ("C.P. 12", "IT"), ("Postbus 9000", "NL"),
        ("Postboks 1", "NO"), ("Box 1234", "SE"), ("PL 123", "FI"), ("Skrytka pocztowa 1", "PL"),
        ("skr. poczt. 4", "PL"), ("Poštovní přihrádka 2", "CZ"), ("Poštanski pretinac 2", "HR"),
        ("Postafiók 8", "HU"), ("Pf.: 8", "HU"), ("Căsuța poștală 3", "RO"), ("P.K. 12", "TR"),
        ("Posta Kutusu 3", "TR"), ("Τ.Θ. 12345", "GR"), ("Ταχ. Θυρίδα 8", "CY"), ("а/я 12", "RU"),
        ("Абонентский ящик 4", "RU"), ("а/с 7", "UA"), ("Пощенска кутия 9", "BG"),
        ("صندوق بريد ١٢٣٤", "AE"), ("ص.ب. 1234", "SA"), ("ص ب ١٢", "EG"), ("ת.ד. 55", "IL"),
        ("ת״ד 5", "IL"), ("東京中央郵便局私書箱12号", "JP"), ("郵政信箱5號", "TW"), ("사서함 3호", "KR"),
    ],
)  # fmt: skip
def test_a_box_at_the_post_office_is_known_in_many_languages(line: str, country: str) -> None:
    assert is_po_box({"name": "Firm", "lines": ["Dept. 3", line], "country": country})


@pytest.mark.parametrize(
    ("line", "country"),
    [
        ("Box Hill Road 12", "AU"), ("Boxhagener Str. 1", "DE"), ("Via Po 12", "IT"),
        ("Postfachstraße 3", "DE"), ("Posthof 12", "DE"), ("Post Street 12", "US"),
        ("BP Tankstelle", "DE"), ("Poblado 12", "ES"), ("Apartado Norte", "ES"),
        ("CP 28001", "ES"), ("Casillas de Berlanga 3", "ES"), ("Plac PL 3", "PL"),
        ("Box 7, Industrial Estate", "GB"), ("Τ.Κ. 12345", "GR"),
        ("Bahnhofstraße 12", "DE"), ("ул. Ящикова 3", "RU"), ("شارع البريد 4", "AE"), ("", ""),
    ],
)  # fmt: skip
def test_a_street_is_no_box(line: str, country: str) -> None:
    assert not is_po_box({"name": "Box 12 & Pf. 3 AG", "lines": [line], "country": country})


def test_the_words_are_looked_for_in_name_and_city_too() -> None:
    assert is_po_box({"name": "Firm, PO Box 3", "lines": []})
    assert is_po_box({"name": "Firm", "lines": ["x"], "city": "Postfach 3"})
    assert not is_po_box({})
    assert not is_po_box({"lines": None, "name": None})
