"""One return, live: what to do, its labels, its goods on two axes, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms_portal.erp.outbox.models import Breaker, Command
from oms_portal.fragments.base import fragment
from oms_portal.returns import actions
from oms_portal.returns.kinds import LabelState
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import Label
from oms_portal.returns.rules import ReturnPolicy
from tests import factories
from tests.returns import parcels
from tests.returns.scene import NOW, Scene, again, item, new_key, set_up

from .drawn import at, colleague, read, render, states, text


pytestmark = pytest.mark.django_db
GONE = "This label is void. Please throw it away if you have printed it."


@pytest.fixture
def scene(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    at(monkeypatch, NOW)
    return set_up(settings, fee_percent="10")


def labelled(scene: Scene, **asked: Any) -> Return:
    """A return whose parcel has a label."""
    rma = scene.send(**asked)
    parcels.printable(rma)
    return again(rma)


def see(scene: Scene, rma: Return, **asked: Any) -> str:
    return read(scene, "return", **{"return": rma.number}, **asked)


def html_of(scene: Scene, rma: Return, **asked: Any) -> str:
    return render(scene, "return", **{"return": rma.number}, **asked).html


def test_an_approved_return_says_what_to_do_and_by_when(scene: Scene) -> None:
    rma = labelled(scene)
    page = see(scene, rma)
    assert f"Return {rma.number} Approved Your request is approved." in page
    assert "Print the label, put it on the parcel and drop the parcel off." in page
    assert "Please hand the goods over by Dec 20, 2126." in page
    assert "Valid until Dec 20, 2126." in page
    assert "Reason Wrong size Condition Unopened What you would like Credit note" in page
    assert "Goes to" in page and "28195 Bremen Germany" in page
    assert states(html_of(scene, rma)) == {"approved", "open"}


def test_the_steps_have_their_days(scene: Scene) -> None:
    rma = labelled(scene)
    page = see(scene, rma)
    assert "Requested (done) Nov 22, 2126 Approved Nov 22, 2126 Sent Received Checked" in page
    scene.received(rma, lines={"L1": {"received": "1"}})
    assert 'aria-current="step"' in html_of(scene, rma)


def test_its_label_can_be_had_in_every_size_and_for_label_printers(scene: Scene) -> None:
    rma = labelled(scene)
    html = html_of(scene, rma)
    url = f"/portal/returns/{rma.number}/label/1"
    assert f'href="{url}/return.pdf?size=a4"' in html
    for size in ("4x6", "100x150", "a6", "letter"):
        assert f"{url}/return.pdf?size={size}" in html
    assert f"{url}/return.zpl?size=4x6&amp;dpi=203" in html
    assert f"{url}/return.zpl?size=4x6&amp;dpi=300" in html
    assert f"{url}/slip.pdf?size=a4" in html
    assert "cn22" not in html


def test_goods_that_cross_a_border_get_their_customs_form(scene: Scene) -> None:
    rma = labelled(scene)
    Return.objects.filter(pk=rma.pk).update(sender={"country": "CH"})
    label = Label.objects.get()
    label.data["label"]["sender"]["country"] = "CH"
    goods = {"sku": "BRG-1", "description": "Bearing", "quantity": "1"}
    for value, small in (("330", True), ("330.01", False)):
        label.data["label"] |= {"items": [goods | {"value": value}], "currency": "EUR"}
        label.save()
        html = html_of(scene, rma)
        assert "/cn23.pdf?size=a4" in html
        assert ("/cn22.pdf" in html) is small


def test_who_has_no_printer_shows_the_code(scene: Scene) -> None:
    rma = labelled(scene, method="qr")
    html = html_of(scene, rma)
    assert "Show the code at the parcel shop. You need no printer." in html
    assert '<details class="oms-more oms-return-show" open>' in html
    assert 'class="oms-return-code"' in html and "style=" not in html
    assert "/qr.pdf?size=a4" in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LabelState.READY, "The label is being checked and appears here by itself."),
        (LabelState.USED, "This label was scanned. It can’t be used again."),
        (LabelState.EXPIRED, "This label is too old to be used. Please ask us for a new one."),
        (LabelState.SUPERSEDED, "There is a newer label. Please use that one only."),
        (LabelState.VOIDED, GONE),
    ],
)
def test_a_label_that_is_not_alive_leads_nowhere_and_says_what_to_do(
    scene: Scene, state: str, words: str
) -> None:
    rma = labelled(scene)
    Label.objects.update(state=state)
    html = html_of(scene, rma)
    assert words in text(html) and ".pdf" not in html and "oms-return-code" not in html


def test_a_label_is_dead_the_moment_its_last_day_is_over(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rma = labelled(scene)
    at(monkeypatch, NOW.replace(month=12, day=20, hour=22, minute=59))
    assert ".pdf" in html_of(scene, rma)
    at(monkeypatch, NOW.replace(month=12, day=20, hour=23))
    assert ".pdf" not in html_of(scene, rma)
    assert "This label is too old to be used." in see(scene, rma)


def test_while_the_label_is_made_it_says_so(scene: Scene) -> None:
    page = see(scene, scene.send())
    assert "The label is being made and appears here by itself." in page


def test_a_withdrawn_one_is_over_and_so_is_its_label(scene: Scene) -> None:
    rma = labelled(scene)
    actions.withdraw(rma, scene.user, now=NOW, key=new_key())
    html = html_of(scene, rma)
    page = text(html)
    assert "This was withdrawn. Please don’t send anything. Labels of it are void." in page
    assert GONE in page and ".pdf" not in html and "Goes to" not in page
    assert states(html) == {"cancelled", "over"} and "oms-step-stopped" in html
    assert "Change or withdraw it" not in page


def test_our_question_is_put_to_whoever_can_answer_it(scene: Scene, settings: Any) -> None:
    rma = scene.send()
    staff = factories.person("desk@shop.example", staff=["Desk"], is_superuser=True)
    Return.objects.filter(pk=rma.pk).update(state="in_review")
    actions.ask(again(rma), staff, "Is the seal <b>broken</b>?", now=NOW)
    html = html_of(scene, rma)
    assert "Is the seal &lt;b&gt;broken&lt;/b&gt;?" in html
    assert f'href="/portal/returns/{rma.number}/#oms-reply"' in html
    other = see(scene, rma, actor=colleague("viewer"))
    assert "A colleague who may return goods has to answer it." in other
    assert "Answer the question" not in other and "Change or withdraw it" not in other


def test_two_axes_tell_what_came_and_what_was_taken(scene: Scene) -> None:
    rma = scene.send(item("4"), item("1", "L2"))
    first, second = (line.ref for line in rma.lines.order_by("pk"))
    counts = {"received": "3", "accepted": "2", "rejected": "1"}
    scene.received(rma, lines={first: counts, second: {"received": "0"}})
    page = see(scene, rma)
    assert "A part of your goods has reached us. We are waiting for the rest." in page
    assert "We received 3 pieces. Accepted: 2 pieces. Not accepted: 1 piece." in page
    assert "Partly accepted" in page


def test_a_credit_note_takes_the_place_of_our_estimate(scene: Scene) -> None:
    rma = scene.send(item("2"))
    assert "Estimated credit" in see(scene, rma) and "Fee -€" in see(scene, rma)
    ref = rma.lines.get().ref
    done = {"received": "2", "accepted": "2", "rejected": "0"}
    note = {"number": "CN-7", "amount": "12.50", "currency": "EUR"}
    scene.received(rma, lines={ref: done}, credit_note=note)
    page = see(scene, rma)
    assert "What came of it Credit note CN-7 over €12.50" in page
    assert "Estimated credit" not in page and "Everything about this is settled." in page


def test_the_order_that_replaces_the_goods_is_a_link_for_those_who_see_it(scene: Scene) -> None:
    rma = scene.send()
    Return.objects.filter(pk=rma.pk).update(replacement_order_ref="SO-2")
    assert 'href="/portal/orders/SO-2/"><bdi>SO-2</bdi>' in html_of(scene, rma)
    type(scene.other).objects.filter(pk=scene.other.pk).update(ship_to_ref="S9")
    html = html_of(scene, rma)
    assert "SO-2" not in html and "on an order of its own" in html


def test_hostile_words_stay_words(scene: Scene) -> None:
    rma = scene.send(item("1", text="<script>alert(1)</script>"), note="</p><img src=x>")
    html = html_of(scene, rma)
    assert "<script" not in html and "<img src=x" not in html
    assert "&lt;script&gt;" in html and "&lt;img src=x&gt;" in html


def test_those_who_may_the_same_share_one_text_and_others_get_none(scene: Scene) -> None:
    rma, kind = scene.send(), fragment("return")
    assert kind is not None
    asked = {"return": rma.number}
    mine = kind.spec(scene.actor, asked, "en")
    assert mine is not None and mine == kind.spec(colleague("admin"), asked, "en")
    assert mine != kind.spec(colleague("viewer"), asked, "en")
    elsewhere = factories.address(scene.company, "S2")
    assert kind.spec(colleague("returns", ship_tos=[elsewhere]), asked, "en") is None
    assert kind.spec(scene.actor, {"return": "R0\0"}, "en") is None


def test_a_draft_has_no_fragment_even_for_its_author(scene: Scene) -> None:
    kind = fragment("return")
    assert kind is not None
    assert kind.spec(scene.actor, {"return": scene.draft().number}, "en") is None


def test_what_moved_is_announced(scene: Scene) -> None:
    rma, before = scene.send(), NOW - timedelta(days=1)
    asked = {"return": rma.number}
    say = str(render(scene, "return", **asked).say)
    assert say == f"Return {rma.number}: It was requested and approved at once."
    label = parcels.printable(rma)
    rma.events.update(at=before)
    Label.objects.filter(pk=label.pk).update(verified_at=NOW)
    assert str(render(scene, "return", **asked).say) == f"Return {rma.number}: The label is ready."
    Label.objects.update(verified_at=before)
    assert str(render(scene, "return", **asked).say).endswith(": Your request is approved.")


def test_its_queries_are_few_whatever_there_is(scene: Scene) -> None:
    rma = scene.send(item("1"), item("1", "L2"))
    parcels.printable(rma)
    with CaptureQueriesContext(connection) as queries:
        html_of(scene, rma)
    # Rights and the topic's version among them.
    assert len(queries) <= 16, [query["sql"][:100] for query in queries]


def test_an_old_one_is_no_longer_urgent(scene: Scene) -> None:
    rma = scene.send()
    actions.expire(NOW + timedelta(days=60))
    page = see(scene, rma)
    assert "This has ended: the goods were not handed over in time." in page
    assert "You may ask for it again." in page


def test_while_the_erp_is_away_it_says_that_the_request_is_kept(scene: Scene) -> None:
    ReturnPolicy.objects.update(approval="erp")
    rma = scene.send()
    kept = "It is kept and passed on by itself as soon as that is possible."
    assert rma.command is not None and kept not in see(scene, rma)

    Command.objects.filter(pk=rma.command.pk).update(state="retrying")
    assert f"about to answer it. {kept} Please don’t send anything yet." in see(scene, rma)

    Command.objects.filter(pk=rma.command.pk).update(state="queued")
    Breaker.objects.update_or_create(source=rma.command.source, defaults={"opened_at": NOW})
    assert kept in see(scene, rma)

    Command.objects.filter(pk=rma.command.pk).update(state="accepted")
    assert kept not in see(scene, rma)


def test_a_claim_that_sends_nothing_says_nothing_of_labels_when_it_is_withdrawn(
    scene: Scene,
) -> None:
    rma = scene.send(item(claim="missing"), kind="claim", method="")
    assert "Nothing to send back" in see(scene, rma)
    actions.withdraw(again(rma), scene.user, now=NOW, key=new_key())
    page = see(scene, rma)
    assert "This was withdrawn." in page
    assert "don’t send anything" not in page and "Labels" not in page
