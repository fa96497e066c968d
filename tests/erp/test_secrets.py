from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oms_portal.erp import keys, secrets
from oms_portal.erp.models import ApiKey, Source, SourceSecret
from tests import factories, wire

from .peer import Peer


def accepts(source, secret):
    return Peer(source, secret=secret).get("events").status_code == 200


def test_nothing_in_the_database_gives_a_secret_away(source):
    secret, key = secrets.create(source), keys.create(source)

    kept = bytes(SourceSecret.objects.get().sealed) + ApiKey.objects.get().digest.encode()

    assert secret.removeprefix("whsec_").encode() not in kept
    assert key.encode() not in kept
    assert key[-43:].encode() not in kept


def test_any_text_seals_and_an_older_one_still_opens(source, settings):
    settings.OMS_PORTAL = {"SECRET_KEYS": ("old words",)}
    secret = secrets.create(source)
    settings.OMS_PORTAL = {"SECRET_KEYS": ("new words", "old words")}

    assert accepts(source, secret)


def test_after_sealing_again_the_older_key_can_go(source, settings):
    settings.OMS_PORTAL = {"SECRET_KEYS": ("old words",)}
    secret = secrets.create(source)
    settings.OMS_PORTAL = {"SECRET_KEYS": ("new words", "old words")}
    call_command("oms_source", "reseal", stdout=StringIO())
    settings.OMS_PORTAL = {"SECRET_KEYS": ("new words",)}

    assert accepts(source, secret)


def test_a_secret_nobody_can_open_fits_no_signature(source, settings):
    secret = secrets.create(source)
    settings.OMS_PORTAL = {"SECRET_KEYS": ("other words",)}

    assert not accepts(source, secret)


def test_while_one_secret_replaces_another_both_are_good(source):
    old = secrets.create(source)
    new = secrets.rotate(source)

    assert accepts(source, old)
    assert accepts(source, new)


def test_after_the_overlap_only_the_new_secret_is_good(source):
    old = secrets.create(source)
    new = secrets.rotate(source, overlap_hours=0)

    assert not accepts(source, old)
    assert accepts(source, new)


def test_rotating_again_does_not_lengthen_the_life_of_an_older_secret(source):
    secrets.create(source)
    secrets.rotate(source, overlap_hours=1)
    secrets.rotate(source, overlap_hours=48)

    first = SourceSecret.objects.order_by("pk").first()
    assert first.expires_at < timezone.now() + timedelta(hours=2)


def test_a_revoked_secret_is_bad_at_once_and_the_others_stay(source):
    first, second = secrets.create(source), secrets.create(source)
    secrets.revoke(source, SourceSecret.objects.earliest("pk").pk)

    assert not accepts(source, first)
    assert accepts(source, second)


def test_a_secret_that_is_anothers_is_refused(source):
    secret = secrets.create(source)

    with pytest.raises(ValueError, match="another source"):
        secrets.create(factories.source("second"), secret)


def test_the_command_makes_a_source_that_can_send_at_once(db, handled):
    out = StringIO()
    call_command("oms_source", "create", "acme", "--customer", "C1", stdout=out, stderr=StringIO())
    peer = Peer(Source.objects.get(slug="acme"), secret=out.getvalue().strip())

    answer = peer.send(wire.event("order", wire.order(), source="/erp/acme"))

    assert (answer.status_code, answer.json()) == (202, {"state": "applied"})


def test_the_command_hands_out_and_revokes_keys(source):
    out = StringIO()
    call_command(
        "oms_source", "key", "main", "--scope", "events:read", stdout=out, stderr=StringIO()
    )
    peer = Peer(source, key=out.getvalue().strip())
    assert peer.get("events").status_code == 200

    call_command("oms_source", "revoke", "main", "--key", peer.key[4:12], stdout=StringIO())
    assert peer.get("events").status_code == 401


def test_the_command_rotates_and_revokes_secrets(source):
    old = secrets.create(source)
    out = StringIO()
    call_command("oms_source", "rotate", "main", "--overlap", "0", stdout=out, stderr=StringIO())
    assert not accepts(source, old)
    assert accepts(source, out.getvalue().strip())

    call_command("oms_source", "revoke", "main", stdout=StringIO())
    assert not accepts(source, out.getvalue().strip())


def test_the_list_of_sources_tells_no_secret(source):
    secret, key = secrets.create(source), keys.create(source)
    out = StringIO()
    call_command("oms_source", "list", stdout=out)

    assert "/erp/main" in out.getvalue()
    assert secret not in out.getvalue()
    assert key not in out.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        ["secret", "nobody"],
        ["secret", "main", "--secret", "whsec_short"],
        ["rotate", "main", "--overlap", "1000"],
        ["create", "not a slug"],
        ["create", "main"],
    ],
)
def test_what_the_command_can_not_do_it_says(source, arguments):
    with pytest.raises(CommandError):
        call_command("oms_source", *arguments, stdout=StringIO(), stderr=StringIO())
