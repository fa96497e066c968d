"""The ERP's answers as events: they move the command they answer, and no other."""

from __future__ import annotations

from itertools import count
from uuid import UUID, uuid4

import pytest

from oms_portal.erp import secrets
from oms_portal.erp.connectors.contract import Outcome, Result
from oms_portal.erp.models import InboundEvent, Record
from oms_portal.erp.outbox import delivery
from oms_portal.erp.outbox.claims import claim
from oms_portal.erp.outbox.models import Command
from tests import factories, wire
from tests.erp.peer import Peer


# Written down, so that each process of a parallel run names its tests alike.
NOBODYS = UUID("6f1c2a54-0b7e-4e0a-9d3c-5a2b8c7d9e10")


_numbers = count(1)


@pytest.fixture
def peer(main):
    return Peer(main, secret=secrets.create(main))


def event(key, outcome, version=1, **values):
    answer = {"command_id": str(key), "outcome": outcome, **values}
    return wire.event("answer", answer, version, id=f"a-{next(_numbers)}")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("accepted", "accepted"),
        ("applied", "applied"),
        ("rejected", "rejected"),
        ("countered", "countered"),
    ],
)
@pytest.mark.parametrize("before", ["queued", "sent", "retrying", "accepted", "dead"])
def test_the_answer_is_the_truth_whatever_was_believed(queue, peer, told, before, outcome, state):
    command = queue(state=before, uncertain=True, trouble="deadline")
    counter = {"requested": {"from": "2026-12-01"}}

    answer = peer.send(
        event(command.key, outcome, code="C7", text="words", reference="R1", counter=counter)
    )

    command.refresh_from_db()
    assert answer.json() == {"state": "applied"}
    assert command.state == state
    assert (command.code, command.text, command.reference) == ("C7", "words", "R1")
    assert command.counter == counter
    assert (command.trouble, command.uncertain, command.lease_until) == ("", False, None)
    assert told == [state]


def test_the_newest_answer_wins_in_whatever_turn_they_come(queue, peer, told):
    command = queue(state="accepted")

    assert peer.send(event(command.key, "rejected", 3)).json() == {"state": "applied"}
    assert peer.send(event(command.key, "applied", 2)).json() == {"state": "superseded"}
    assert peer.send(event(command.key, "applied", 4)).json() == {"state": "applied"}
    assert peer.send(event(command.key, "countered", 1)).json() == {"state": "superseded"}

    command.refresh_from_db()
    assert command.state == "applied"
    assert told == ["rejected", "applied"]


@pytest.mark.parametrize("last", ["applied", "rejected", "countered", "superseded"])
def test_accepted_takes_no_last_word_back(queue, peer, told, last):
    command = queue(state=last)

    answer = peer.send(event(command.key, "accepted", 9))

    command.refresh_from_db()
    assert answer.json() == {"state": "superseded"}
    assert (command.state, told) == (last, [])


def test_the_same_word_again_is_told_once(queue, peer, told):
    command = queue(state="accepted")
    peer.send(event(command.key, "applied", 1, reference="R1"))
    peer.send(event(command.key, "applied", 2, reference="R1"))
    assert told == ["applied"]
    peer.send(event(command.key, "applied", 3, reference="R2"))
    assert told == ["applied", "applied"]


def test_an_erp_may_write_the_key_in_capitals(queue, peer):
    command = queue(state="accepted")
    peer.send(event(str(command.key).upper(), "applied"))
    command.refresh_from_db()
    assert command.state == "applied"


def unknown(answer):
    problem = answer.json()["problem"]
    return answer.status_code, answer.json()["state"], problem["type"], problem["detail"]


@pytest.mark.parametrize(
    "key", [str(NOBODYS), "c1", f"{{{NOBODYS}}}", NOBODYS.hex, f"urn:uuid:{NOBODYS}", "é"]
)
def test_what_nobody_sent_is_unknown_and_leaves_no_record(peer, key):
    answer = peer.send(event(key, "applied"))

    assert unknown(answer)[:2] == (202, "quarantined")
    assert unknown(answer)[2].endswith("unknown-command")
    assert not Record.objects.exists()


@pytest.mark.parametrize("allowed", [{}, {"all_customers": False, "customers": ["C2"]}])
def test_another_erp_hears_of_a_command_only_that_it_is_unknown(queue, peer, told, allowed):
    command = queue(state="accepted")
    other = factories.source("other", **allowed)
    stranger = Peer(other, secret=secrets.create(other))

    foreign = stranger.send({**event(command.key, "rejected", 9), "source": other.uri})
    made_up = stranger.send({**event(uuid4(), "rejected", 9), "source": other.uri})

    command.refresh_from_db()
    assert unknown(foreign) == unknown(made_up)
    assert (command.state, told) == ("accepted", [])
    assert not Record.objects.exists()
    assert peer.send(event(command.key, "applied", 1)).json() == {"state": "applied"}


def test_an_erp_that_may_no_longer_speak_for_the_customer_is_refused(queue, peer, main):
    command = queue(state="accepted")
    main.all_customers, main.customers = False, ["C2"]
    main.save()

    assert peer.send(event(command.key, "applied")).status_code == 403
    assert Command.objects.get().state == "accepted"


def test_an_answer_that_overtakes_the_http_response_stands(queue, peer, told):
    command = queue()
    held = claim(["main"], "w")

    peer.send(event(command.key, "applied"))
    assert not delivery.settle(held, Result(Outcome.ACCEPTED, status=202))

    command.refresh_from_db()
    assert command.state == "applied"
    assert told == ["sent", "applied"]


def test_a_replay_of_the_answer_changes_nothing(queue, peer, told):
    command = queue(state="accepted")
    sent = event(command.key, "applied")
    peer.send(sent)

    answer = peer.post(f"events/main/{sent['id']}/replay")

    assert answer.status_code == 200
    assert InboundEvent.objects.get().state == "applied"
    assert told == ["applied"]
