from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection
from django.utils import timezone

from oms_portal.erp import inbox
from oms_portal.erp.models import InboundEvent, Record, Source
from tests import factories, wire


FUTURE = timezone.now() + timedelta(hours=25)


def order(version=1, ref="SO-1001", customer_ref="C1", **changes):
    return wire.event("order", wire.order(ref, customer_ref), version, **changes)


def test_a_new_event_is_stored_and_applied(erp, handled):
    sent = order()

    answer = erp.send(sent)

    assert (answer.status_code, answer.json()) == (202, {"state": "applied"})
    assert handled.versions == [1]
    assert handled.messages[0].newest
    assert handled.messages[0].record.number == "SO-1001"
    row = InboundEvent.objects.get()
    assert bytes(row.body) == wire.encode(sent)
    assert (row.event_id, row.type, row.subject) == (sent["id"], "order.updated.v1", "SO-1001")


def test_the_same_event_again_is_a_duplicate_and_applied_once(erp, handled):
    sent = order()
    erp.send(sent)

    answer = erp.send(sent)

    assert (answer.status_code, answer.json()) == (200, {"state": "duplicate"})
    assert handled.versions == [1]


def test_an_event_is_the_same_alone_and_in_a_batch(erp):
    sent = order()
    erp.send(sent)
    reordered = dict(reversed(sent.items()))

    answer = erp.post("events/batch", [reordered])

    assert answer.json()["results"][0]["state"] == "duplicate"


def test_an_id_with_other_content_is_refused_and_not_applied(erp, handled):
    sent = order()
    erp.send(sent)

    answer = erp.send({**sent, "data": {**sent["data"], "version": 2}})

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert handled.versions == [1]
    assert Record.objects.get().version == 1


def test_two_sources_may_use_the_same_id(erp, other):
    erp.send(order(id="e-same"))

    answer = other.send(order(ref="SO-2", customer_ref="C2", id="e-same", source="/erp/other"))

    assert answer.json() == {"state": "applied"}


def test_an_older_event_is_superseded_and_still_handed_on(erp, handled):
    erp.send(order(version=5))

    answer = erp.send(order(version=3))

    assert (answer.status_code, answer.json()) == (202, {"state": "superseded"})
    assert [(m.version, m.newest) for m in handled.messages] == [(5, True), (3, False)]
    assert Record.objects.get().version == 5


@pytest.mark.parametrize("arrival", list(permutations(range(4))))
def test_in_any_order_of_arrival_the_newest_wins(erp, arrival):
    moment = wire.START.isoformat()
    later = (wire.START + timedelta(microseconds=1)).isoformat()
    events = [
        order(version=1, id="z", time=later),
        order(version=2, id="a", time=moment),
        order(version=2, id="b", time=moment),
        order(version=2, id="A", time=later),
    ]

    for index in arrival:
        erp.send(events[index])

    assert Record.objects.get().event.event_id == "A"


def test_a_type_nobody_knows_is_kept_and_ignored(erp, handled):
    answer = erp.send({**order(), "type": "weather.updated.v1"})

    assert (answer.status_code, answer.json()) == (202, {"state": "ignored"})
    assert InboundEvent.objects.get().state == "ignored"
    assert handled.messages == []


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (
            "stock",
            {
                "sku": "A1",
                "location_ref": "W1",
                "on_hand": "5",
                "available": "4",
                "as_of": "2026-11-20T10:00:00Z",
            },
        ),
        ("return", {"ref": "R1", "number": "RMA-1", "lines": []}),
    ],
)
def test_kinds_without_a_handler_are_kept_as_the_newest_record(erp, kind, record):
    assert erp.send(wire.event(kind, record, 2)).json() == {"state": "applied"}
    assert erp.send(wire.event(kind, record, 1)).json() == {"state": "superseded"}
    assert Record.objects.get(kind=kind).version == 2


def test_an_answer_to_a_command_nobody_gave_is_quarantined(erp):
    answer = erp.send(wire.event("answer", {"command_id": "c1", "outcome": "accepted"}))

    assert answer.status_code == 202
    assert answer.json()["state"] == "quarantined"
    assert answer.json()["problem"]["type"].endswith("unknown-command")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"id": ""}, "/id"),
        ({"id": "x" * 256}, "/id"),
        ({"id": "é" * 128}, "/id"),
        ({"id": "x" * 5000}, "/id"),
        ({"id": "a\nb"}, "/id"),
        ({"id": 7}, "/id"),
        ({"source": None}, "/source"),
        ({"type": "x" * 101}, "/type"),
        ({"subject": "x" * 256}, "/subject"),
        ({"time": "yesterday"}, "/time"),
        ({"time": "2026-11-21T18:00:00"}, "/time"),
        ({"time": "1763748000"}, "/time"),
        ({"time": 1763748000}, "/time"),
        ({"time": "0001-01-01T00:00:00+10:00"}, "/time"),
        ({"time": "9999-12-31T23:59:59-10:00"}, "/time"),
        ({"data": []}, "/data"),
        ({"data": "x"}, "/data"),
        ({"datacontenttype": "text/xml"}, "/datacontenttype"),
    ],
)
def test_a_bad_envelope_is_refused_where_it_is_bad(erp, changes, pointer):
    answer = erp.send({**order(), **changes})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("member", ["specversion", "id", "source", "type", "time", "data"])
def test_every_needed_member_of_the_envelope_is_asked_for(erp, member):
    sent = order()
    del sent[member]

    answer = erp.send(sent)

    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        (f"/{member}", "missing")
    ]


@pytest.mark.parametrize("payload", [[], "x", 1, None, [{}]])
def test_what_is_no_object_is_no_event(erp, payload):
    assert erp.send(payload).status_code == 422


@pytest.mark.parametrize(
    "name", ["../../x", "a/b/c", "x/replay", "%00", "<script>", "é ü", "🙂", "."]
)
def test_odd_ids_are_kept_and_found_again(erp, name):
    from urllib.parse import quote

    sent = order(id=name)
    assert erp.send(sent).status_code == 202

    found = erp.get(f"events/main/{quote(name, safe='')}")

    assert found.json()["id"] == name


BAD_DATA = [
    ({}, ["/data/version", "/data/order"]),
    ({"version": "1"}, ["/data/version", "/data/order"]),
    ({"version": -1, "order": wire.order()}, ["/data/version"]),
    ({"version": 1.0, "order": wire.order()}, ["/data/version"]),
    ({"version": True, "order": wire.order()}, ["/data/version"]),
    ({"version": 1, "order": wire.order(currency="euro")}, ["/data/order/currency"]),
    (
        {"version": 1, "order": wire.order(lines=[wire.line(quantities={"ordered": 5})])},
        ["/data/order/lines/0/quantities/ordered"],
    ),
    (
        {
            "version": 1,
            "order": wire.order(
                lines=[wire.line(promises=[{"kind": "requested", "from": "soon"}])]
            ),
        },
        ["/data/order/lines/0/promises/0/from"],
    ),
    (
        {"version": 1, "order": wire.order(placed_at="0001-01-01T00:00:00+10:00")},
        ["/data/order/placed_at"],
    ),
]


@pytest.mark.parametrize(("data", "pointers"), BAD_DATA)
def test_bad_data_go_to_quarantine_with_their_errors(erp, handled, data, pointers):
    answer = erp.send({**order(), "data": data})

    assert answer.status_code == 202
    assert answer.json()["state"] == "quarantined"
    errors = answer.json()["problem"]["errors"]
    assert sorted({error["pointer"] for error in errors}) == sorted(pointers)
    assert all(error["code"] and error["detail"] for error in errors)
    assert handled.messages == []
    assert not Record.objects.exists()


@pytest.mark.parametrize(("data", "pointers"), BAD_DATA)
def test_a_strict_sender_has_bad_data_refused_and_not_stored(erp, data, pointers):
    answer = erp.send({**order(), "data": data}, prefer="respond-async, handling=strict")

    assert answer.status_code == 422
    assert answer["Preference-Applied"] == "handling=strict"
    assert {e["pointer"] for e in answer.json()["errors"]} == set(pointers)
    assert not InboundEvent.objects.exists()


def test_a_version_far_ahead_of_the_known_one_is_quarantined(erp, handled):
    erp.send(order(version=1))

    answer = erp.send(order(version=1_000_002))

    assert answer.json()["state"] == "quarantined"
    assert answer.json()["problem"]["type"].endswith("version-jump")
    assert erp.send(order(version=1_000_001)).json() == {"state": "applied"}
    assert handled.versions == [1, 1_000_001]


def test_an_order_is_not_frozen_by_a_time_in_the_future(erp, handled):
    answer = erp.send(order(version=9, time=FUTURE.isoformat()))

    assert answer.json()["state"] == "quarantined"
    assert answer.json()["problem"]["type"].endswith("time-ahead")
    assert erp.send(order(version=2)).json() == {"state": "applied"}
    assert handled.versions == [2]


def test_strict_refuses_what_would_be_quarantined_for_its_time(erp):
    answer = erp.send(order(time=FUTURE.isoformat()), prefer="handling=strict")

    assert answer.status_code == 422
    assert not InboundEvent.objects.exists()


def test_another_customers_order_is_forbidden_and_not_stored(other, handled):
    answer = other.send(order(customer_ref="C1", source="/erp/other"))

    assert answer.status_code == 403
    assert not InboundEvent.objects.exists()
    assert not Record.objects.exists()
    assert handled.messages == []


def test_a_forbidden_customer_is_forbidden_also_where_it_would_be_quarantined(other):
    answer = other.send(order(customer_ref="C1", source="/erp/other", time=FUTURE.isoformat()))

    assert answer.status_code == 403


def test_kinds_that_name_no_customer_are_for_sources_of_all_customers(other):
    event = wire.event("return", {"ref": "R1", "number": "1", "lines": []}, source="/erp/other")

    assert other.send(event).status_code == 403


def test_a_source_may_be_limited_to_types(erp):
    Source.objects.update(types=["customer.updated.v1"])

    assert erp.send(order()).status_code == 403
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("error", [KeyError("x"), IntegrityError("x"), DataError("x")])
def test_a_failing_handler_leaves_the_event_for_the_worker(erp, handled, error):
    handled.error = error

    answer = erp.send(order())

    assert (answer.status_code, answer.json()) == (202, {"state": "pending"})
    row = InboundEvent.objects.get()
    assert (row.state, row.attempts) == ("pending", 1)
    assert not Record.objects.exists()


def test_a_real_integrity_error_in_a_handler_undoes_all_it_did(erp, monkeypatch, handled):
    def clash(message):
        factories.company("C7")
        Source.objects.create(slug="main", uri="/again")

    monkeypatch.setattr(type(handled), "apply", lambda self, message: clash(message))
    monkeypatch.setitem(
        inbox.projector.messages._handlers,
        "order.updated.v1",
        inbox.projector.messages.Handler(clash, lambda o: o.ref, lambda o: {o.customer_ref}),
    )

    assert erp.send(order()).json() == {"state": "pending"}
    assert not factories.Company.objects.filter(ref="C7").exists()


def test_a_failing_event_does_not_hold_up_a_later_one(erp, handled):
    handled.error = KeyError("x")
    erp.send(order(version=1))
    handled.error = None

    assert erp.send(order(version=2)).json() == {"state": "applied"}


def test_a_database_that_takes_no_writes_is_said_so(erp, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("attempt to write a readonly database at /srv/x")

    monkeypatch.setattr(inbox, "_insert", fail)

    answer = erp.send(order())

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "/srv" not in answer.content.decode()
    assert erp.post("events/batch", [order()]).status_code == 503


def test_a_deadlock_is_tried_again_at_once(erp, handled, monkeypatch):
    real, calls = inbox.settle, []

    def deadlock_once(*args, **kwargs):
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("deadlock detected")
        return real(*args, **kwargs)

    monkeypatch.setattr(inbox, "settle", deadlock_once)

    assert erp.send(order()).json() == {"state": "applied"}
    assert handled.versions == [1]


def test_validate_says_what_would_be_and_keeps_nothing(erp, handled):
    answer = erp.post("events/validate", order())

    assert (answer.status_code, answer.json()) == (200, {"state": "applied"})
    assert not InboundEvent.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"{", 400),
        ({**order(), "time": 1}, 422),
        ({**order(), "data": {}}, 422),
        (order(time=FUTURE.isoformat()), 422),
        (order(source="/erp/other"), 403),
    ],
)
def test_validate_refuses_what_strict_would_refuse(erp, sent, status):
    assert erp.post("events/validate", sent).status_code == status
    assert not InboundEvent.objects.exists()


def test_validate_knows_duplicates_and_reused_ids(erp):
    sent = order()
    erp.send(sent)

    assert erp.post("events/validate", sent).json() == {"state": "duplicate"}
    assert erp.post("events/validate", {**sent, "subject": "x"}).status_code == 409


def test_an_event_that_can_not_be_applied_is_not_valid(erp, handled):
    handled.error = KeyError("x")

    answer = erp.post("events/validate", order())

    assert answer.status_code == 422
    assert not InboundEvent.objects.exists()


def test_a_batch_answers_item_by_item_and_a_bad_one_blocks_none(erp, handled):
    twice = order(ref="SO-2")
    good = [order(ref="SO-1"), twice, twice, order(ref="SO-3")]
    raw = b"[%s]" % b",".join(
        [
            wire.encode(good[0]),
            b'{"id": "nul \\u0000"}',
            b'{"id": 1, "id": 2}',
            wire.encode({"id": "no-envelope"}),
            wire.encode(good[1]),
            wire.encode({**order(), "source": "/erp/other"}),
            wire.encode(good[2]),
            wire.encode({**order(), "data": {}}),
            b"null",
            wire.encode(good[3]),
        ]
    )

    answer = erp.post("events/batch", raw, content_type="application/cloudevents-batch+json")

    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(r["status"], r["state"]) for r in results] == [
        (202, "applied"),
        (400, "rejected"),
        (400, "rejected"),
        (422, "rejected"),
        (202, "applied"),
        (403, "rejected"),
        (200, "duplicate"),
        (202, "quarantined"),
        (422, "rejected"),
        (202, "applied"),
    ]
    assert results[0]["id"] == good[0]["id"]
    assert results[3]["id"] == "no-envelope"
    assert [m.ref for m in handled.messages] == ["SO-1", "SO-2", "SO-3"]


def test_a_strict_batch_refuses_its_bad_items_only(erp):
    answer = erp.post("events/batch", [{**order(), "data": {}}, order()], prefer="handling=strict")

    assert [r["status"] for r in answer.json()["results"]] == [422, 202]
    assert InboundEvent.objects.count() == 1


def test_an_empty_batch_is_a_heartbeat(erp):
    answer = erp.post("events/batch", [])

    assert (answer.status_code, answer.json()) == (200, {"results": []})
    assert Source.objects.get().last_heard_at


def test_the_item_of_a_batch_keeps_its_own_bytes(erp):
    own = wire.encode(order()).replace(b", ", b" ,  ")

    erp.post("events/batch", b"[ " + own + b" ]")

    assert bytes(InboundEvent.objects.get().body) == own


def test_one_event_takes_few_statements(erp, django_assert_max_num_queries):
    erp.send(order(version=1))

    with django_assert_max_num_queries(5):
        # Secrets, savepoint, insert, record, release.
        erp.send(order(version=2))


def test_a_batch_looks_its_source_up_once(erp, django_assert_max_num_queries):
    erp.get("events")
    events = [order(version=n, ref=f"SO-{n}") for n in range(1, 11)]

    with django_assert_max_num_queries(1 + 10 * 4):
        erp.post("events/batch", events)


def test_what_was_refused_can_be_sent_again_once_it_is_allowed(other):
    event = order(customer_ref="C1", source="/erp/other")
    assert other.send(event).status_code == 403
    Source.objects.filter(slug="other").update(customers=["C1"])

    assert other.send(event).json() == {"state": "applied"}


@pytest.mark.django_db(transaction=True)
def test_the_transaction_is_the_events_own_whatever_the_host_wraps_around_requests(
    erp, handled, monkeypatch
):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    around = []
    monkeypatch.setattr(
        inbox.projector, "_advance", lambda *a: around.append(list(connection.savepoint_ids)) or ""
    )

    assert erp.send(order()).status_code == 202
    assert around == [[]]
