from __future__ import annotations

import json

import jsonschema
import pytest
from django.urls import reverse

from oms_portal.erp import calls, hooks, inbox
from oms_portal.erp.models import InboundEvent, Source
from oms_portal.erp.schemas import TYPES
from tests import wire

from .peer import ROOT


def order(version=1, ref="SO-1001", **changes):
    return wire.event("order", wire.order(ref), version, **changes)


def is_problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert told["request_id"] == answer["X-Request-ID"]
    return True


@pytest.mark.parametrize(
    ("path", "limit"),
    [("events", 262_144), ("events/validate", 262_144), ("events/batch", 1_048_576)],
)
def test_what_is_too_large_is_refused_before_anything_else(client, db, path, limit):
    over = client.post(ROOT + path, b"x" * (limit + 1), content_type="text/plain")
    just = client.post(ROOT + path, b"x" * limit, content_type="text/plain")

    assert is_problem(over, 413)
    assert is_problem(just, 415)


@pytest.mark.parametrize("path", ["events", "events/validate", "events/batch"])
def test_a_body_of_unknown_length_is_not_read(client, db, path):
    answer = client.generic(
        "POST", ROOT + path, b"{}", content_type="application/json", CONTENT_LENGTH=""
    )

    assert is_problem(answer, 411)


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "٣", "9" * 30])
def test_a_length_that_is_none_is_refused(client, db, length):
    answer = client.generic(
        "POST", ROOT + "events", b"{}", content_type="application/json", CONTENT_LENGTH=length
    )

    assert is_problem(answer, 411)


@pytest.mark.parametrize(
    "media",
    [
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/cloudevents-batch+json",
        "é",
        "application/json\x00",
    ],
)
def test_other_media_types_are_refused_before_the_signature(client, db, media):
    assert is_problem(client.post(ROOT + "events", b"{}", content_type=media), 415)


@pytest.mark.parametrize(
    "media",
    ["application/cloudevents+json", "application/json; charset=UTF-8", "Application/JSON"],
)
def test_json_and_cloudevents_are_taken(erp, media):
    assert erp.post("events", order(), content_type=media).status_code == 202


def test_a_compressed_body_is_refused(erp):
    assert is_problem(erp.post("events", order(), content_encoding="gzip"), 415)


def test_the_signature_is_looked_at_before_the_json(client, erp):
    assert is_problem(client.post(ROOT + "events", b"{", content_type="application/json"), 401)
    assert is_problem(erp.post("events", b"{"), 400)


@pytest.mark.parametrize(
    "raw",
    [b" ", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 50_000, b'"\\u0000"', b"9" * 5000, b"NaN"],
)
def test_bad_json_is_a_400_alone_and_for_a_whole_batch(erp, raw):
    assert is_problem(erp.post("events", raw), 400)
    assert erp.post("events/batch", raw).status_code == 400
    assert not InboundEvent.objects.exists()


def test_a_batch_has_at_most_500_events(erp):
    assert is_problem(erp.post("events/batch", [{}] * 501), 413)
    assert erp.post("events/batch", [{}] * 500).status_code == 200


def test_a_batch_that_is_no_array_is_refused(erp):
    assert is_problem(erp.post("events/batch", order()), 400)


@pytest.mark.parametrize("path", ["", "nothing", "events/", "events/main", "schema", "x" * 3000])
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_what_is_not_there_is_a_problem(client, db, path, method):
    assert is_problem(getattr(client, method)(ROOT + path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("put", "events", "GET, POST, HEAD"),
        ("get", "events/batch", "POST"),
        ("delete", "events/main/x", "GET, HEAD"),
        ("post", "healthz", "GET, HEAD"),
        ("options", "events/validate", "POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(client, db, method, path, allow):
    answer = getattr(client, method)(ROOT + path)

    assert is_problem(answer, 405)
    assert answer["Allow"] == allow


def test_head_is_get_without_the_body(client, db):
    answer = client.head(ROOT + "healthz")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_request_id_is_kept_and_a_strange_one_replaced(erp):
    sent = order()

    kept = erp.send(sent, x_request_id="trace-1.a")
    replaced = erp.get("events/main/nothing")

    assert kept["X-Request-ID"] == "trace-1.a"
    assert InboundEvent.objects.get().request_id == "trace-1.a"
    assert len(replaced["X-Request-ID"]) == 32
    assert erp.post("events", b"{", x_request_id="a b<c>")["X-Request-ID"].isalnum()


def test_an_unforeseen_failure_gives_nothing_away(erp, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr(inbox, "receive", fail)

    answer = erp.send(order())

    assert is_problem(answer, 500)
    assert b"passwd" not in answer.content
    assert b"Traceback" not in answer.content


def test_answers_are_kept_by_no_cache(erp):
    for answer in (erp.send(order()), erp.get("events"), erp.get("nothing")):
        assert answer["Cache-Control"] == "no-store"


def test_while_draining_no_event_is_taken_and_reading_goes_on(erp, settings, tmp_path):
    drain = tmp_path / "drain"
    settings.OMS_PORTAL = {"DRAIN_FILE": str(drain)}
    assert erp.send(order()).status_code == 202
    drain.touch()

    for path in ("events", "events/batch", "events/validate"):
        answer = erp.post(path, order())
        assert is_problem(answer, 503)
        assert int(answer["Retry-After"]) > 0
    assert erp.get("events").status_code == 200
    assert erp.client.get(ROOT + "readyz").status_code == 503
    assert erp.client.get(ROOT + "healthz").status_code == 200


def test_the_state_of_an_event_is_told(erp):
    sent = order(id="e-1")
    erp.send(sent)

    told = erp.get("events/main/e-1").json()

    assert told["state"] == "applied"
    assert told["type"] == "order.updated.v1"
    assert told["source"] == "/erp/main"
    assert told["problem"] is None


def test_an_event_whose_id_ends_like_a_replay_is_found(erp):
    erp.send(order(id="e-1/replay"))

    assert erp.get("events/main/e-1/replay").json()["id"] == "e-1/replay"
    assert erp.post("events/main/e-1/replay/replay").json() == {"state": "applied"}


def test_anothers_event_is_answered_like_a_missing_one(erp, other):
    erp.send(order(id="e-1"))

    answers = [
        other.client.get(ROOT + path, headers={**other.headers(b""), "x-request-id": "same"})
        for path in ("events/main/e-1", "events/main/e-2", "events/nobody/e-1", "events/other/e-1")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert is_problem(other.post("events/main/e-1/replay"), 404)


def test_the_quarantine_lists_only_the_callers_own(erp, other):
    erp.send({**order(id="bad"), "data": {}})
    erp.send(order(id="good"))
    other.send({**order(id="foreign"), "source": "/erp/other", "data": {}})

    page = erp.get("events", state="quarantined").json()

    assert [event["id"] for event in page["events"]] == ["bad"]
    assert page["events"][0]["problem"]["errors"]
    assert page["next"] is None


def test_the_list_goes_on_page_by_page(erp):
    erp.post("events/batch", [order(version=n, id=f"e-{n}") for n in range(1, 8)])

    seen, cursor = [], None
    while True:
        page = erp.get("events", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [event["id"] for event in page["events"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [f"e-{n}" for n in range(7, 0, -1)]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense"},
        {"cursor": "x"},
        {"cursor": "0"},
        {"cursor": "9" * 40},
        {"limit": "0"},
        {"limit": "101"},
    ],
)
def test_a_strange_parameter_is_told(erp, query):
    answer = erp.get("events", **query)

    assert is_problem(answer, 422)
    assert answer.json()["errors"][0]["parameter"] in query


def test_a_replay_goes_through_the_same_projector(erp, handled):
    handled.error = KeyError("x")
    sent = order()
    erp.send(sent)
    handled.error = None

    answer = erp.post(f"events/main/{sent['id']}/replay")

    assert (answer.status_code, answer.json()) == (200, {"state": "applied"})
    assert handled.versions == [1]
    assert erp.state_of(sent) == "applied"


def test_a_replay_needs_no_content_length(erp):
    sent = order()
    erp.send(sent)

    answer = erp.client.generic(
        "POST",
        f"{ROOT}events/main/{sent['id']}/replay",
        headers=erp.headers(b""),
        CONTENT_LENGTH="",
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["events/main/x%00y", "events/ma%00in/x", "events/main/" + "x" * 999]
)
def test_no_path_breaks_the_database(erp, path):
    assert is_problem(erp.get(path), 404)


def test_alive_and_ready_need_no_key(client, db):
    assert client.get(ROOT + "healthz").json() == {"status": "alive"}
    assert client.get(ROOT + "readyz").json()["status"] == "ready"


def test_ready_tells_counts_and_ages_and_no_names(erp, handled):
    handled.error = KeyError("x")
    erp.send(order(ref="SO-SECRET"))
    erp.send({**order(), "data": {}})

    answer = erp.client.get(ROOT + "readyz")
    told = answer.json()

    assert told["inbox"]["pending"] == 1
    assert told["inbox"]["oldest_pending_seconds"] >= 0
    assert told["inbox"]["quarantined"] == 1
    assert told["outbox"] == {
        "waiting": 0,
        "oldest_waiting_seconds": None,
        "dead": 0,
        "away_seconds": None,
    }
    assert told["feed"]["state"] == "fresh"
    assert b"SO-SECRET" not in answer.content
    assert b"main" not in answer.content


def test_without_a_database_it_is_alive_but_not_ready(client, db, monkeypatch):
    from django.db import OperationalError

    def away(*args):
        raise OperationalError("no route to 10.0.0.1")

    monkeypatch.setattr("oms_portal.erp.health._inbox", away)

    answer = client.get(ROOT + "readyz")

    assert is_problem(answer, 503)
    assert answer.json()["database"] == "unavailable"
    assert b"10.0.0.1" not in answer.content
    assert client.get(ROOT + "healthz").status_code == 200


def test_the_database_away_at_sign_in_is_a_503(erp, monkeypatch):
    from django.db import OperationalError

    def away(*args):
        raise OperationalError("gone")

    monkeypatch.setattr("oms_portal.erp.secrets.live", away)

    assert is_problem(erp.send(order()), 503)


@pytest.fixture
def hook(source):
    def translate(headers, body):
        if headers.get("x-vendor") != "proof":
            raise hooks.Refused
        return [hooks.Ref("order", json.loads(body)["order"])]

    hooks.register("main", translate)
    yield
    hooks.unregister("main")


def post_hook(client, body=b'{"order": "SO-9"}', source="main", proof="proof"):
    return client.post(
        f"{ROOT}hooks/{source}", body, content_type="text/x-vendor", headers={"X-Vendor": proof}
    )


def test_a_native_webhook_says_what_to_fetch_again(client, hook):
    answer = post_hook(client)

    assert answer.status_code == 202
    assert answer.json() == {"fetch": [{"kind": "order", "ref": "SO-9"}]}
    assert Source.objects.get().last_heard_at


def test_a_native_webhook_is_refused_where_it_is_not_proven(client, hook):
    assert is_problem(post_hook(client, proof="x"), 401)
    assert is_problem(post_hook(client, body=b"{"), 400)
    assert is_problem(post_hook(client, body=b"x" * (calls.MAX_BATCH + 1)), 413)


def test_without_a_connector_there_is_no_hook(client, hook, db):
    assert is_problem(post_hook(client, source="nobody"), 404)
    Source.objects.update(active=False)
    assert is_problem(post_hook(client), 404)


def test_the_openapi_document_is_3_1_and_names_every_path(client, db):
    told = client.get(ROOT + "openapi.json").json()

    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": "/portal/api/v1"}]
    assert set(told["paths"]) == {
        "/events",
        "/events/batch",
        "/events/validate",
        "/events/{source}/{id}",
        "/events/{source}/{id}/replay",
        "/hooks/{source}",
        "/schema/{type}",
        "/healthz",
        "/readyz",
    }
    assert reverse("oms_portal:api_root") == ROOT


@pytest.mark.parametrize(
    ("kind", "record"),
    [("order", wire.order()), ("customer", wire.customer()), ("tracking", wire.tracking())],
)
def test_every_type_has_a_schema_that_real_events_fit(client, db, kind, record):
    answer = client.get(f"{ROOT}schema/{wire.TYPE_OF[kind]}")

    assert answer["Content-Type"] == "application/schema+json"
    schema = answer.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    good = wire.event(kind, record)
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, "data": {"version": 1}}, schema)


@pytest.mark.parametrize("name", [*TYPES, "envelope"])
def test_all_schemas_are_there(client, db, name):
    assert client.get(f"{ROOT}schema/{name}").status_code == 200


def test_a_schema_of_nothing_is_a_404(client, db):
    assert is_problem(client.get(ROOT + "schema/weather"), 404)


def test_the_limits_are_those_of_the_wire():
    assert (calls.MAX_EVENT, calls.MAX_BATCH, calls.MAX_ITEMS) == (262_144, 1_048_576, 500)
