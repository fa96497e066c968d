"""What people read about their requests."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.changes import actions
from oms_portal.changes.models import RiskPolicy
from oms_portal.notifications.models import Mail
from tests import factories, wire

from .scene import LATE, NOW, Scene, answer, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def mail() -> Mail:
    found = Mail.objects.order_by("-pk").first()
    assert found is not None
    return found


def test_another_offer_is_told_with_its_price_and_a_link(scene: Scene) -> None:
    request = scene.begin(requested={"requested": {"from": "2126-12-01"}})
    offer = {
        "requested": {"from": "2126-12-05"},
        "fee": {"amount": "12.50", "currency": "EUR"},
        "text": "The lorry goes on Thursdays.",
    }
    answer(request, "countered", counter=offer)
    assert mail().to == "asker@c1.example"
    assert mail().subject == "Another offer for your change of order SO-1001"
    assert "Delivery date: Dec 5, 2126" in mail().body
    assert "€12.50" in mail().body
    assert "The lorry goes on Thursdays." in mail().body
    assert f"http://testserver/portal/changes/{request.key}/" in mail().body


def test_links_begin_with_the_site_s_own_address(scene: Scene, settings: Any) -> None:
    settings.OMS_PORTAL = {**settings.OMS_PORTAL, "BASE_URL": "https://shop.example/"}
    request = answer(scene.begin(), "applied")
    assert f"https://shop.example/portal/changes/{request.key}/" in mail().body


def test_a_mail_without_a_link_holds_no_answer_of_the_erp_up(scene: Scene, settings: Any) -> None:
    settings.ROOT_URLCONF = "django.contrib.staticfiles.urls"
    request = answer(scene.begin(), "applied")
    assert request.state == "applied"
    assert mail().subject == "Order SO-1001 was changed as you asked"


def test_who_asked_is_told_what_became_of_it(scene: Scene) -> None:
    answer(scene.begin(), "applied")
    assert mail().subject == "Order SO-1001 was changed as you asked"
    assert "Delivery instructions: Ring at gate 3" in mail().body
    refused = scene.begin(requested={"contact": "Ann"})
    answer(refused, "rejected", code="E-4711", text="PGI DONE")
    assert mail().subject == "Order SO-1001 could not be changed"
    assert "E-4711" not in mail().body
    assert "PGI" not in mail().body
    answer(scene.begin(requested={"phone": "+49 40 123456"}), "dead", uncertain=True)
    assert mail().subject == "It is not certain whether order SO-1001 was changed"
    assert "We are finding out." in mail().body
    assert "stays as it was" not in mail().body
    RiskPolicy.objects.update(value_above=1)
    scene.begin(requested={"contact": "Eve"})
    actions.expire(NOW + LATE)
    assert mail().subject == "It is too late to change order SO-1001"
    assert Mail.objects.count() == 4


def test_what_nobody_could_find_out_is_not_called_unchanged(scene: Scene) -> None:
    request = answer(scene.begin(), "dead", uncertain=True)
    answer(request, "superseded", uncertain=True)
    assert mail().subject == "It is not certain whether order SO-1001 was changed"
    assert "Please call us." in mail().body
    assert "stays as it was" not in mail().body
    answer(scene.begin(requested={"contact": "Ann"}), "dead", deadline=None)
    assert mail().subject == "Your change of order SO-1001 is taking longer"


def test_staff_s_reason_reaches_the_customer(scene: Scene) -> None:
    RiskPolicy.objects.update(value_above=1)
    request = scene.begin()
    actions.reject(request, scene.user, now=NOW, reason="We don’t deliver there.")
    assert "We don’t deliver there." in mail().body


def test_a_company_is_written_to_in_its_language(scene: Scene) -> None:
    scene.order.company.language = "ar"
    scene.order.company.save()
    answer(scene.begin(), "applied")
    assert "SO-1001" in mail().subject


def test_nobody_is_written_to_about_a_draft_or_their_own_doing(scene: Scene) -> None:
    scene.begin(check_first=True)
    actions.expire(NOW + LATE)
    actions.withdraw(scene.begin(), scene.user, now=NOW)
    answer(scene.begin(), "sent")
    assert not Mail.objects.exists()


def test_the_old_contact_hears_of_a_risky_change(scene: Scene) -> None:
    company = scene.order.company
    admin = factories.person("boss@c1.example", company, "admin")
    placer = factories.person(
        "placer@c1.example", company, "buyer", first_name="B.", last_name="Buyer"
    )
    factories.person("other@c1.example", company, "buyer")
    factories.person("gone@c1.example", company, "admin", is_active=False)
    factories.person("far@c9.example", factories.company("C9"), "admin")
    place = {**wire.address(), "contact": "Ann Old", "phone": "+49 40 1"}
    scene.told(delivery_address=place)
    RiskPolicy.objects.update(value_above=1)
    scene.begin(requested={"contact": "Eve New", "ship_to_ref": "S2"})
    assert {m.to for m in Mail.objects.all()} == {admin.email, placer.email}
    assert mail().subject == "Somebody asks to change order SO-1001"
    old, new = mail().body.split("Asked for:")
    assert "Ann Old" in old
    assert "Hamburg" in old
    assert "Eve New" in new
    assert "Bremen" in new
    assert "If this was not you" in new
