"""From a draft to a return: what is reserved, what is frozen, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.notifications.models import Alert, Mail
from oms_portal.orders.models import Order
from oms_portal.returns import actions
from oms_portal.returns.models import Return, ReturnEvent
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.refusals import Illegal, KeyReused, Refused, Short, Stale
from tests import factories

from .scene import NOW, Scene, again, commands, connect, item, new_key, order, reserved, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def test_a_return_that_is_approved_at_once(scene: Scene) -> None:
    rma = again(scene.send(item("2"), note="Back door"))
    assert (rma.state, rma.approval) == ("approved", "auto")
    assert rma.number[0] == "R"
    assert len(rma.number) == 11
    assert reserved() == ("10", "2", "0")
    assert str(rma.expires_on) == "2126-12-20"
    assert rma.destination["ref"] == "W1"
    assert rma.expected["credit"] == "9.00"
    assert [parcel.code[:10] for parcel in ReturnParcel.objects.all()] == [rma.number[:10]]
    assert Order.objects.get(ref="SO-1").returns_open == 1
    assert "approved" in Mail.objects.get().subject


def test_a_parcel_has_an_sscc_where_the_house_has_a_prefix(scene: Scene, settings: Any) -> None:
    assert scene.send(item("1")).parcels.get().sscc == ""
    settings.OMS_PORTAL = settings.OMS_PORTAL | {"GS1_PREFIX": "952000001"}
    sscc = scene.send(item("1")).parcels.get().sscc
    assert (len(sscc), sscc[1:10]) == (18, "952000001")
    assert sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(sscc)) % 10 == 0


def test_the_erp_hears_all_of_it(scene: Scene) -> None:
    rma = scene.send(item("2"), item("0.5", "L2"), item("1", "L1", order="SO-2"))
    (command,) = commands()
    assert (command.kind, command.order_ref, command.customer_ref) == ("return", "SO-1", "C1")
    told = command.payload
    assert told["number"] == rma.number
    assert told["version"] == again(rma).version
    assert [
        (line["order_ref"], line["line_ref"], line["quantity"], line["unit"], line["reason"])
        for line in told["lines"]
    ] == [
        ("SO-1", "L1", "2", "C62", "wrong_size"),
        ("SO-1", "L2", "0.5", "KGM", "wrong_size"),
        ("SO-2", "L1", "1", "C62", "wrong_size"),
    ]
    assert told["destination"]["ref"] == "W1"
    assert told["sender"]["city"] == "Hamburg"
    assert told["method"] == "parcel_shop"
    assert {row.returns_open for row in Order.objects.all()} == {1}


def test_staff_look_at_what_a_policy_leaves_to_them(scene: Scene) -> None:
    type(scene.policy).objects.update(approval="agent")
    rma = scene.send()
    assert again(rma).state == "in_review"
    assert reserved() == ("10", "1", "0")
    assert (commands(), ReturnParcel.objects.count()) == ([], 0)
    assert Alert.objects.get().kind == "return_review"


def test_the_erp_decides_where_a_policy_says_so(scene: Scene) -> None:
    type(scene.policy).objects.update(approval="erp")
    rma = scene.send()
    assert again(rma).state == "requested"
    assert [command.kind for command in commands()] == ["return"]
    assert ReturnParcel.objects.count() == 0


def test_the_same_form_again_is_one_return(scene: Scene) -> None:
    draft = scene.draft()
    key = new_key()
    one = actions.submit(draft, scene.user, now=NOW, key=key, version=draft.version)
    two = actions.submit(draft, scene.user, now=NOW, key=key, version=draft.version)
    assert one.pk == two.pk
    assert two.state == "approved"
    assert reserved() == ("10", "1", "0")
    assert len(commands()) == 1
    assert ReturnEvent.objects.filter(verb="submit").count() == 1


def test_the_same_key_with_something_else_is_refused(scene: Scene) -> None:
    draft = scene.draft()
    key = new_key()
    actions.submit(draft, scene.user, now=NOW, key=key, version=draft.version)
    with pytest.raises(KeyReused):
        actions.submit(draft, scene.user, now=NOW, key=key, version=7)
    with pytest.raises(KeyReused):
        actions.withdraw(draft, scene.user, now=NOW, key=key)
    form = new_key()
    scene.draft(form_key=form)
    with pytest.raises(KeyReused):
        scene.draft(item("2"), form_key=form)


def test_another_form_of_what_was_sent_is_too_late(scene: Scene) -> None:
    draft = scene.draft()
    actions.submit(draft, scene.user, now=NOW, key=new_key())
    with pytest.raises(Illegal) as illegal:
        actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert "withdraw" in illegal.value.possible


def test_a_draft_that_moved_since_the_page_was_drawn_is_stale(scene: Scene) -> None:
    draft = scene.draft()
    scene.draft(item("3"), draft=draft)
    with pytest.raises(Stale) as stale:
        actions.submit(draft, scene.user, now=NOW, key=new_key(), version=draft.version)
    assert stale.value.rma.lines.get().requested == 3
    assert not commands()


def test_only_one_of_two_drafts_gets_the_last_unit(scene: Scene) -> None:
    scene.send(item("9"))
    one, two = scene.draft(), scene.draft()
    actions.submit(one, scene.user, now=NOW, key=new_key())
    with pytest.raises(Short) as short:
        actions.submit(two, scene.user, now=NOW, key=new_key())
    assert short.value.available == {"1": 0}
    assert reserved() == ("10", "10", "0")
    assert again(two).state == "draft"


@pytest.mark.parametrize(
    ("quantity", "line_ref", "code"),
    [
        ("0", "L1", "quantity"),
        ("-1", "L1", "quantity"),
        ("", "L1", "quantity"),
        ("NaN", "L1", "quantity"),
        ("1e30", "L1", "quantity"),
        ("１", "L1", "quantity"),
        ("0.5", "L1", "whole"),
        ("0.5", "L3", "whole"),
        ("11", "L1", "short"),
        ("2.6", "L2", "short"),
        ("0.0000001", "L2", "too_fine"),
        ("1", "L4", "not_goods"),
        ("1", "L5", "not_goods"),
        ("1", "L9", "unknown_line"),
    ],
)
def test_what_nobody_can_send_back(scene: Scene, quantity: str, line_ref: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        scene.draft(item(quantity, line_ref))
    assert refused.value.code == code
    assert refused.value.lines == {"0": code}
    assert not Return.objects.exists()


def test_parts_of_a_kilo_and_freight_without_a_sku_come_back(scene: Scene) -> None:
    rma = again(
        scene.send(
            item("2.5", "L2"),
            item("4", "L3"),
            method="freight",
            pickup={"on": "2126-11-24", "from": "08:00", "to": "12:00"},
        )
    )
    assert rma.state == "approved"
    assert [line.sku for line in rma.lines.all()] == ["SKU-L2", ""]
    assert reserved("L2") == ("2.5", "2.5", "0")


def test_fractions_that_no_float_can_hold_fill_the_cap_to_the_brim(scene: Scene) -> None:
    small = [{**order()["lines"][1], "quantities": {"ordered": "0.3", "shipped": "0.3"}}]
    parts = [{"lines": [{"line_ref": "L2", "quantity": "0.3"}]}]
    scene.told(lines=small, shipments=[{**order()["shipments"][0], "packages": parts}])
    scene.send(item("0.1", "L2"))
    scene.send(item("0.2", "L2"))
    assert reserved("L2") == ("0.3", "0.3", "0")


def test_one_line_stands_once(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        scene.draft(item("1"), item("2"))
    assert refused.value.lines == {"1": "twice"}


def test_a_delivery_that_holds_none_of_it(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        scene.draft(item("1", thread="SO-1-D2"))
    assert refused.value.code == "unknown_delivery"


def test_orders_of_others_are_not_there(scene: Scene) -> None:
    factories.company("C2")
    factories.deliver("order", order("SO-9", customer_ref="C2"))
    with pytest.raises(Refused) as refused:
        scene.draft(item("1", order="SO-9"))
    assert refused.value.code == "unknown_order"


@pytest.mark.parametrize(
    ("changes", "code"), [({"ship_to_ref": "S2"}, "ship_tos"), ({"currency": "CHF"}, "currencies")]
)
def test_what_does_not_go_together(scene: Scene, changes: dict[str, Any], code: str) -> None:
    factories.deliver("order", order("SO-9", **changes))
    with pytest.raises(Refused) as refused:
        scene.draft(item("1"), item("1", order="SO-9"))
    assert refused.value.code == code


def test_whoever_may_not_return_does_not(scene: Scene) -> None:
    viewer = factories.person("viewer@c1.example", scene.company, "viewer")
    with pytest.raises(Refused) as refused:
        scene.draft(user=viewer)
    assert refused.value.code == "not_allowed"
    draft = scene.draft()
    with pytest.raises(Refused) as refused:
        actions.submit(draft, viewer, now=NOW, key=new_key())
    assert refused.value.code == "not_allowed"


def test_nothing_is_offered_without_an_erp_that_takes_returns(scene: Scene, settings: Any) -> None:
    connect(settings, ["push.address"])
    with pytest.raises(Refused) as refused:
        scene.draft()
    assert refused.value.code == "not_offered"


def test_the_policy_is_asked_again_when_it_is_sent(scene: Scene) -> None:
    draft = scene.draft()
    type(scene.policy).objects.update(window_days=1)
    with pytest.raises(Refused) as refused:
        actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert refused.value.code == "window"
    assert "Nov 21, 2126" in refused.value.lines["1"]
    assert reserved()[1] == "0"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "reason"),
        ({"condition": ""}, "condition"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "keep"}, "outcome"),
        ({"reason": "", "outcome": "exchange"}, "reason"),
    ],
)
def test_what_a_line_still_lacks(scene: Scene, changes: dict[str, str], code: str) -> None:
    draft = scene.draft(item("1", **changes))
    with pytest.raises(Refused) as refused:
        actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"method": ""}, "method"),
        ({"method": "nothing"}, "method"),
        ({"method": "branch"}, "place_ref"),
        ({"method": "pickup"}, "pickup.on"),
    ],
)
def test_what_the_way_still_lacks(scene: Scene, asked: dict[str, str], field: str) -> None:
    draft = scene.draft(**asked)
    with pytest.raises(Refused) as refused:
        actions.submit(draft, scene.user, now=NOW, key=new_key())
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("pickup", "code"),
    [
        ({"on": "2126-11-21"}, "pickup_day"),
        ({"on": "tomorrow"}, "pickup_day"),
        ({"on": "2126-11-24", "from": "12:00", "to": "08:00"}, "pickup_time"),
        ({"on": "2126-11-24", "from": "noon"}, "pickup_time"),
    ],
)
def test_a_pickup_nobody_can_keep(scene: Scene, pickup: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        scene.draft(method="pickup", pickup=pickup)
    assert code in refused.value.fields.values()


def test_what_is_brought_to_a_branch_goes_to_that_branch(scene: Scene) -> None:
    rma = again(scene.send(method="branch", place_ref="B1"))
    assert rma.destination["ref"] == "B1"


def test_a_claim_of_what_never_came_needs_nothing_sent(scene: Scene) -> None:
    rma = again(scene.send(item("3", reason="never_came", condition=""), kind="claim", method=""))
    assert (rma.state, rma.method, rma.expires_on) == ("approved", "nothing", None)
    assert rma.lines.get().reception == "not_required"
    assert commands()[0].payload["lines"][0]["claim"] == "missing"
    assert ReturnParcel.objects.count() == 0
    assert reserved() == ("10", "3", "0")


def test_a_draft_keeps_all_answers_and_its_lines_keep_their_names(scene: Scene) -> None:
    draft = scene.draft(item("1"), item("1", "L2", text="Too grey"))
    first = dict(draft.lines.values_list("ref", "pk"))
    scene.draft(item("1", "L2", text="Too green"), item("2", "L3"), draft=draft)
    lines = {line.ref: line for line in draft.lines.all()}
    assert {ref: line.pk for ref, line in lines.items() if ref in first} == {"2": first["2"]}
    assert lines["2"].text == "Too green"
    assert lines["3"].requested == 2
    assert reserved()[1] == "0"


def test_a_draft_is_its_author_s_alone(scene: Scene) -> None:
    draft = scene.draft()
    other = factories.person("other@c1.example", scene.company, "buyer")
    with pytest.raises(Refused):
        actions.discard(draft, other)
    with pytest.raises(Refused):
        scene.draft(draft=draft, user=other)
    actions.discard(draft, scene.user)
    assert not Return.objects.exists()


def test_three_parcels_have_three_codes(scene: Scene) -> None:
    rma = scene.send(parcels=3)
    codes = list(ReturnParcel.objects.values_list("code", flat=True))
    assert [code[10:12] for code in codes] == ["01", "02", "03"]
    assert {code[:10] for code in codes} == {rma.number[:10]}
