from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from oms_portal.erp import keys, secrets, signatures
from oms_portal.erp.models import ApiKey, InboundEvent, Source, SourceSecret
from tests import wire

from .peer import ROOT, Peer


def event(**changes):
    return wire.event("order", wire.order(), **changes)


def test_a_signed_call_is_the_sources(erp):
    assert erp.send(event()).status_code == 202


def test_a_bearer_key_is_as_good(keyed):
    assert keyed.send(event()).status_code == 202


@pytest.mark.parametrize("path", ["events", "events/batch", "events/validate"])
def test_without_proof_nothing_is_taken(client, source, path):
    answer = client.post(ROOT + path, wire.encode(event()), content_type="application/json")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert "Bearer" in answer["WWW-Authenticate"]
    assert not InboundEvent.objects.exists()


def test_unknown_wrong_and_revoked_are_answered_alike(erp, source):
    revoked = Peer(source, secret=secrets.create(source))
    secrets.revoke(source, SourceSecret.objects.latest("pk").pk)
    strangers = [
        Peer(source, secret=signatures.encode(b"x" * 32)),
        revoked,
        Peer(source, key="oms_00000000_" + "a" * 43),
        Peer(source, key="nonsense"),
        Peer(source, key="é" * 20),
    ]

    answers = [stranger.send(event(), x_request_id="same") for stranger in strangers]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("off", [-301, 301, -86400])
def test_a_right_signature_at_the_wrong_time_is_told_the_servers_time(erp, off):
    now = int(time.time())

    answer = erp.post("events", event(), at=now + off)

    assert answer.status_code == 401
    told = answer.json()["detail"]
    assert "time" in told
    assert str(now)[:8] in told


def test_a_wrong_signature_learns_nothing_of_the_time(source):
    stranger = Peer(source, secret=signatures.encode(b"x" * 32))

    answer = stranger.post("events", event(), at=int(time.time()) - 9999)

    assert answer.json()["type"].endswith("not-authenticated")


def test_the_tolerance_is_the_sites(erp, settings):
    settings.OMS_PORTAL = {"EVENT_TOLERANCE": 30}

    assert erp.post("events", event(), at=int(time.time()) - 60).status_code == 401
    assert erp.post("events", event(), at=int(time.time()) - 10).status_code == 202


def test_a_signature_of_other_bytes_is_wrong(erp):
    raw = wire.encode(event())
    headers = erp.headers(raw)

    answer = erp.client.post(
        ROOT + "events", raw + b" ", content_type="application/json", headers=headers
    )

    assert answer.status_code == 401


def test_an_inactive_source_is_nobody(erp, keyed):
    Source.objects.update(active=False)

    assert erp.get("events").status_code == 401
    assert keyed.get("events").status_code == 401


def test_a_source_may_not_send_anothers_events(erp, other):
    answer = other.send(event(source="/erp/main"))

    assert answer.status_code == 403
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "BEARER"])
def test_the_scheme_is_bearer_however_it_is_written(keyed, scheme):
    answer = keyed.client.get(ROOT + "events", headers={"authorization": f"{scheme} {keyed.key}"})

    assert answer.status_code == (401 if scheme == "Basic" else 200)


def test_a_key_may_do_what_its_scopes_say(source, handled):
    reader = Peer(source, key=keys.create(source, ["events:read"]))
    writer = Peer(source, key=keys.create(source, ["events:write"]))
    sent = event()

    assert reader.send(sent).status_code == 403
    assert writer.send(sent).status_code == 202
    assert writer.get("events").status_code == 403
    assert reader.get("events").status_code == 200
    assert writer.post(f"events/main/{sent['id']}/replay").status_code == 403


def test_an_expired_key_is_nobodys(source):
    late = Peer(source, key=keys.create(source, expires_at=timezone.now() - timedelta(seconds=1)))

    assert late.get("events").status_code == 401


def test_an_unknown_scope_is_never_handed_out(source):
    with pytest.raises(ValueError, match="no such scope"):
        keys.create(source, ["everything"])


def test_use_is_noted_but_not_at_every_call(erp, keyed, django_assert_max_num_queries):
    erp.get("events")
    keyed.get("events")
    assert SourceSecret.objects.get().last_used_at
    assert ApiKey.objects.get().last_used_at
    assert Source.objects.get().last_heard_at

    with django_assert_max_num_queries(2):
        erp.get("events")


def test_beyond_its_rate_a_source_waits(erp, settings):
    settings.OMS_PORTAL = {"EVENTS_PER_MINUTE": 3}

    answers = [erp.send(event()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


def test_a_small_rate_does_not_keep_batches_out_for_ever(erp, settings):
    settings.OMS_PORTAL = {"EVENTS_PER_MINUTE": 3}
    batch = [event() for _ in range(5)]

    assert erp.post("events/batch", batch).status_code == 200
    assert erp.post("events/batch", batch).status_code == 429


def test_many_failures_from_an_address_are_slowed_but_never_the_erps(erp, settings):
    settings.OMS_PORTAL = {"FAILED_SIGNATURES_PER_MINUTE": 2}
    stranger = Peer(erp.source, secret=signatures.encode(b"x" * 32))

    answers = [stranger.send(event()).status_code for _ in range(4)]

    assert answers == [401, 401, 429, 429]
    assert erp.send(event()).status_code == 202


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 401)])
def test_an_address_is_believed_of_trusted_proxies_only(source, settings, proxies, last):
    settings.OMS_PORTAL = {"FAILED_SIGNATURES_PER_MINUTE": 1, "TRUSTED_PROXY_COUNT": proxies}
    stranger = Peer(source, secret=signatures.encode(b"x" * 32))

    answers = [
        stranger.send(event(), x_forwarded_for=f"203.0.113.{n}").status_code for n in range(3)
    ]

    assert answers[-1] == last


def test_a_cache_that_is_away_keeps_no_event_out(erp, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("no cache")

    monkeypatch.setattr("oms_portal.erp.limits.cache.add", away)

    assert erp.send(event()).status_code == 202
