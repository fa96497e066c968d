"""Commands as staff see them: what is asked, what came of it, again or given up."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from oms_portal.erp.outbox import deadlines
from oms_portal.erp.outbox.models import Attempt, Command
from oms_portal.notifications import looking
from oms_portal.notifications.models import Alert
from tests import factories

from .conftest import client_of, staff


pytestmark = pytest.mark.django_db
State = Command.State
URL = "/admin/oms/commands/"
ADDRESS = {"name": "Plant 2", "lines": ["Kaistr. 7"], "postal_code": "20457", "city": "Hamburg",
           "country": "DE"}  # fmt: skip


def command(order_ref: str = "SO-1001", state: str = State.DEAD, **fields: Any) -> Command:
    return Command.objects.create(
        **{"source": factories.source(), "kind": "change", "customer_ref": "C1"} | fields,
        order_ref=order_ref, state=state,
    )  # fmt: skip


def page(client: Any, row: Command) -> str:
    return client.get(f"{URL}inspect/{row.pk}/").content.decode()


def refs(listed: str) -> set[str]:
    return set(re.findall(r"SO-\d+", listed[listed.index("<tbody") :]))


@pytest.fixture
def keeper(site: Any) -> Any:
    return client_of(staff("keeper@shop.example", "view_command", "replay_command", "view_order"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"SO-1", "SO-2", "SO-3"}),
        ("state=dead", {"SO-1"}),
        ("state=retrying", {"SO-2"}),
        ("kind=cancel", {"SO-3"}),
        ("source=999", {"SO-1", "SO-2", "SO-3"}),
        ("q=SO-2", {"SO-2"}),
        ("q=o-", {"SO-1", "SO-2", "SO-3"}),
        ("q=nothing", set()),
    ],
)
def test_commands_are_found(reader, asked, found):
    command("SO-1")
    command("SO-2", State.RETRYING)
    command("SO-3", State.APPLIED, kind="cancel")

    listed = reader.get(f"{URL}?{asked}").content.decode()

    assert (refs(listed) if "<tbody" in listed else set()) == found


def test_a_command_is_found_by_its_key_and_by_the_number_of_its_order(reader):
    factories.order("SO-1", number="A-77")
    wanted = command("SO-1")
    command("SO-2")

    for words in (wanted.key, "A-77"):
        listed = reader.get(f"{URL}?q={words}").content.decode()
        assert "A-77" in listed and "SO-2" not in listed


def test_the_list_leads_to_the_order_where_there_is_one(reader):
    order = factories.order("SO-1", number="A-77")
    command("SO-1")
    command("SO-2")

    listed = reader.get(URL).content.decode()

    assert f'href="/admin/oms/orders/inspect/{order.pk}/"' in listed
    assert listed.count("/admin/oms/orders/inspect/") == 1


def test_who_may_not_see_orders_gets_no_links_to_them(site):
    factories.order("SO-1")
    command("SO-1")
    visitor = client_of(staff("x@shop.example", "view_command"))

    listed = visitor.get(URL).content.decode()
    shown = page(visitor, Command.objects.get())

    assert "/admin/oms/orders/inspect/" not in listed + shown
    assert "/admin/oms/customers/" not in shown


def test_the_page_says_what_is_asked_in_words(reader):
    factories.order()
    asked = {
        "scope": "shipment", "shipments": ["SH-1"], "address": ADDRESS, "method": "freight",
        "lines": [{"line_ref": "L1", "quantity": "2"}, {"line_ref": "L2"}],
        "requested": {"from": "2026-12-01", "to": "2026-12-03"}, "odd_one": {"x": 1},
    }  # fmt: skip
    shown = page(reader, command(payload=asked))

    for words in ("One delivery", "Plant 2, Kaistr. 7, 20457, Hamburg, DE", "Freight",
                  "L1 × 2, L2", "2026-12-01 to 2026-12-03", "odd_one"):  # fmt: skip
        assert words in shown, words


def test_the_page_shows_each_attempt_and_the_answer(reader):
    now = timezone.now()
    row = command(
        code="E42", text="No truck", reference="R-9",
        counter={"requested": {"from": "2026-12-09"}, "fee": {"amount": "5", "currency": "EUR"}},
    )  # fmt: skip
    Attempt.objects.create(
        command=row, number=1, fence=1, worker="worker-a", started_at=now,
        ended_at=now + timedelta(seconds=15), outcome="retry", status=503, detail="HTTP 503",
    )  # fmt: skip
    Attempt.objects.create(command=row, number=2, fence=2, worker="worker-b", started_at=now)

    shown = page(reader, row)

    for words in ("worker-a", "15 s", "not now", "503", "worker-b", "its worker was killed",
                  "E42", "No truck", "R-9", "2026-12-09", "5 EUR"):  # fmt: skip
        assert words in shown, words


def test_a_command_that_was_given_up_is_sent_again_under_its_key(keeper):
    row = command()
    key = row.key

    answer = keeper.post(f"{URL}again/{row.pk}/", follow=True)

    assert "on its way again" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.key) == (State.QUEUED, key)
    entry = ModelLogEntry.objects.get(action="oms_portal.send_again")
    assert entry.user.email == "keeper@shop.example"
    assert entry.message == "Sent the wish for order SO-1001 again"
    assert entry.message in page(keeper, row)


def test_before_it_is_sent_again_staff_hear_that_a_later_wish_went_ahead(keeper):
    row = command()
    assert "may undo it" not in page(keeper, row)

    command("SO-1002", State.APPLIED)
    later = command(state=State.REJECTED)
    assert "may undo it" not in page(keeper, row)

    Command.objects.filter(pk=later.pk).update(state=State.APPLIED)
    assert "may undo it" in page(keeper, row)


def test_pressing_twice_sends_once_and_says_so(keeper):
    row = command()
    keeper.post(f"{URL}again/{row.pk}/")

    answer = keeper.post(f"{URL}again/{row.pk}/", follow=True)

    assert "Nothing was done" in answer.content.decode()
    assert "waiting to be sent" in answer.content.decode()
    assert ModelLogEntry.objects.filter(action="oms_portal.send_again").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_who_send_again_and_give_up_do_one_of_it():
    factories.site()
    row = command()
    both = [
        client_of(staff(f"{name}@shop.example", "view_command", "replay_command"))
        for name in ("anna", "bert")
    ]
    tries = [(f"{URL}again/{row.pk}/", {}), (f"{URL}give-up/{row.pk}/", {"reason": "by hand"})]
    barrier = threading.Barrier(2)

    def press(client: Any, url: str, data: dict[str, str]) -> None:
        barrier.wait(60)
        client.post(url, data)
        connection.close()

    threads = [
        threading.Thread(target=press, args=(client, *each))
        for client, each in zip(both, tries, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Sent again and then given up is an order, too; given up and then sent again is none.
    row.refresh_from_db()
    done = [
        entry.removeprefix("oms_portal.")
        for entry in ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    ]
    assert done in (["give_up"], ["send_again"], ["send_again", "give_up"])
    assert row.state == (State.QUEUED if done == ["send_again"] else State.SUPERSEDED)


def test_marked_commands_are_sent_again_and_the_others_left(keeper):
    first, second, other = command("SO-1"), command("SO-2"), command("SO-3", State.APPLIED)
    listed = keeper.get(URL).content.decode()
    assert listed.count('form="oms-again"') == 2

    marked = {"id": [first.pk, second.pk, other.pk, "x", "9" * 30], "next": "//evil.example/"}
    answer = keeper.post(f"{URL}again/", marked, follow=True)

    assert answer.redirect_chain[0][0] == URL
    text = answer.content.decode()
    assert "2 commands are on their way again." in text
    assert "1 command is no longer given up; nothing was done to it." in text
    other.refresh_from_db()
    assert other.state == State.APPLIED


def test_giving_up_wants_a_reason(keeper):
    row = command(state=State.QUEUED)

    answer = keeper.post(f"{URL}give-up/{row.pk}/", {"reason": "  \0 "}, follow=True)

    assert "Please say why" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == State.QUEUED


@pytest.mark.parametrize("state", [State.QUEUED, State.RETRYING, State.DEAD])
def test_what_is_given_up_is_sent_no_more_and_the_reason_is_written_down(keeper, state):
    row = command(state=state)

    keeper.post(f"{URL}give-up/{row.pk}/", {"reason": "Done by hand\nin the ERP"})

    row.refresh_from_db()
    assert row.state == State.SUPERSEDED and row.next_attempt_at is None
    entry = ModelLogEntry.objects.get(action="oms_portal.give_up")
    assert entry.message == "Gave the wish for order SO-1001 up: Done by hand in the ERP"
    assert "Done by hand in the ERP" in page(keeper, row)


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({"state": State.QUEUED}, {"give_up"}),
        ({"state": State.DEAD}, {"give_up", "again"}),
        ({"state": State.APPLIED}, set()),
        ({"state": State.SENT, "lease_until": timezone.now() + timedelta(hours=9)}, set()),
        ({"state": State.SENT, "lease_until": timezone.now() - timedelta(hours=1)}, {"give_up"}),
        ({"state": State.ACCEPTED, "accepted_at": timezone.now() + timedelta(hours=1)}, set()),
        (
            {"state": State.ACCEPTED, "accepted_at": timezone.now() - timedelta(hours=1)},
            {"give_up"},
        ),
    ],
)
def test_only_what_would_do_something_is_offered(keeper, fields, offered):
    shown = page(keeper, command(**fields))

    assert ("/give-up/" in shown) == ("give_up" in offered)
    assert ("/again/" in shown) == ("again" in offered)


def test_who_gives_up_what_the_erp_may_have_is_not_alerted_to_it(keeper):
    row = command(state=State.RETRYING, uncertain=True)
    Command.objects.update(queued_at=timezone.now() - timedelta(hours=1))
    looking.look()
    assert Alert.objects.get(done_at=None).kind == "command_waiting"

    keeper.post(f"{URL}give-up/{row.pk}/", {"reason": "It is in the ERP already"})
    looking.look()

    row.refresh_from_db()
    assert row.state == State.DEAD
    assert not Alert.objects.filter(done_at=None).exists()
    closed = Alert.objects.get(kind="command_waiting")
    assert (closed.done_by.email, closed.note) == (
        "keeper@shop.example",
        "It is in the ERP already",
    )


def test_hostile_texts_are_inert(keeper):
    bad = "</pre><script>alert(1)</script>\u202eexe<img src=x onerror=alert(2)>"
    row = command(
        bad, payload={bad: bad, "address": {"name": bad}, "lines": [bad, {"line_ref": bad}]},
        counter={bad: [bad]}, code=bad[:90], text=bad, trouble=bad, requested_by=bad, kind=bad[:50],
    )  # fmt: skip
    Attempt.objects.create(command=row, number=1, fence=1, worker=bad, outcome="x", detail=bad)

    for shown in (page(keeper, row), keeper.get(URL).content.decode()):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize("odd", [[], "text", None, 7, {"lines": 5, "address": 3, "fee": []}])
def test_a_payload_of_another_shape_is_shown_as_it_is(reader, odd):
    assert reader.get(f"{URL}inspect/{command(payload=odd or {}).pk}/").status_code == 200


def test_many_are_listed_with_as_few_questions_as_few(reader, django_assert_max_num_queries):
    for number in range(60):
        command(f"SO-{number}")

    with django_assert_max_num_queries(20) as asked:
        reader.get(URL)
    assert not any('"payload"' in query["sql"] for query in asked.captured_queries)


def test_what_ran_out_of_time_says_so_in_words(reader):
    row = command(state=State.QUEUED, deadline=timezone.now() - timedelta(minutes=1))
    deadlines.expire()

    assert "Its time was over before the ERP took it." in page(reader, row)
    assert "Its time was over before the ERP took it." in reader.get(URL).content.decode()


def test_the_first_page_says_how_many_were_given_up(reader):
    command()

    shown = reader.get("/admin/").content.decode()

    assert "Commands given up" in shown and f"{URL}?state=dead" in shown


def test_the_list_can_be_taken_away_as_a_sheet(reader):
    command("=SO-1", trouble="HTTP 500")

    sheet = reader.get(f"{URL}?export=csv").getvalue().decode()

    assert "HTTP 500" in sheet and "Change of a delivery" in sheet and "given up" in sheet
    assert ",=SO-1" not in sheet
