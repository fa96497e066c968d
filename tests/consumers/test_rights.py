"""Nobody joins what is not theirs, and nobody keeps what no longer is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from oms_portal import live
from oms_portal.customers.models import Company, Membership
from oms_portal.fragments.base import Spec
from oms_portal.fragments.tickets import ticket
from tests import factories

from . import boards
from .peers import cookie, db, signed_in


# The promise of the wire, in seconds.
WITHDRAWN_WITHIN = 5


async def test_strangers_are_told_to_sign_in(peer):
    for headers in ({}, {"cookie": "sessionid=nobody"}, {"cookie": "sessionid=a\x00b"}):
        socket = await peer(**headers)
        assert await socket.ends(4401) == "signed out"


async def test_people_who_were_deactivated_are_strangers(peer, ann):
    client = await db(signed_in, ann)
    await db(get_user_model().objects.update, is_active=False)
    socket = await peer(cookie=cookie(client))
    await socket.ends(4401)


async def test_a_session_from_before_the_password_changed_is_over(peer, ann):
    client = await db(signed_in, ann)
    await db(get_user_model().objects.update, password="another")
    socket = await peer(cookie=cookie(client))
    await socket.ends(4401)


async def _denied(socket: Any, *topics: list[Any]) -> None:
    await socket.sub(*topics)
    for name, *_ in topics:
        assert (await socket.hear("deny"))["topic"] == name
    await socket.silent()


async def test_a_foreign_board_is_denied_even_with_a_genuine_ticket(peer, ann):
    foreign = await db(factories.company, "FOREIGN")
    await _denied(await peer(ann), boards.joining(ann, foreign))


async def test_another_persons_ticket_is_no_ticket(peer, acme, ann):
    bob = await db(factories.person, "bob@acme.example", acme)
    await _denied(await peer(ann), boards.joining(bob, acme))


async def test_a_ticket_opens_the_topic_it_names_only(peer, acme, ann):
    foreign = await db(factories.company, "FOREIGN")
    _, for_acme, _ = boards.joining(ann, acme)
    await _denied(await peer(ann), [boards.spec_for(foreign).name, for_acme, 0])


async def test_forged_and_stale_tickets_are_denied(peer, acme, ann, settings):
    name, good, _ = boards.joining(ann, acme)
    socket = await peer(ann)
    for bad in ("", "x", good[:-1], good + "A", ":::", "\udcff", ".eJw:1:2", "é" * 50):
        await _denied(socket, [name, bad, 0])
    settings.OMS_PORTAL = {"TICKET_AGE": -1}
    await _denied(socket, [name, good, 0])


async def test_a_ticket_for_a_fragment_that_is_no_more_is_denied(peer, acme, ann):
    spec = Spec("gone-by", boards.topic(acme), (), "en")
    await _denied(await peer(ann), [spec.name, ticket(spec, ann.pk), 5])


@pytest.fixture
def hints_only(settings: Any) -> None:
    """No sweep comes to help."""
    settings.OMS_PORTAL = {"SWEEP": 60, "RIGHTS_SWEEP": 60}


@pytest.fixture
async def watching(peer, acme, ann):
    """Ann watches Acme's board at the place S1, from two windows of one session."""
    client = await db(signed_in, ann)
    sockets = [await peer(client=client), await peer(client=client)]
    for socket in sockets:
        await socket.sub(boards.joining(ann, acme, place="S1"))
        await socket.hear("snap")
    return client, sockets


async def test_signing_out_closes_every_window(watching, acme):
    client, sockets = watching
    await db(client.logout)
    for socket in sockets:
        await socket.ends(4401, WITHDRAWN_WITHIN)


async def test_deactivation_closes_every_window(watching, ann):
    ann.is_active = False
    await db(ann.save)
    for socket in watching[1]:
        await socket.ends(4401, WITHDRAWN_WITHIN)


async def test_a_new_password_closes_every_window(watching, ann):
    ann.set_password("another horse 8 battery")
    await db(ann.save)
    for socket in watching[1]:
        await socket.ends(4401, WITHDRAWN_WITHIN)


async def test_a_membership_removed_empties_the_board(watching, acme, ann):
    await db(_remove, ann)
    for socket in watching[1]:
        assert (await socket.hear("gone", seconds=WITHDRAWN_WITHIN))["topic"]
    await db(boards.rename, acme, "Not for Ann")
    for socket in watching[1]:
        await socket.silent()


def _remove(user: Any) -> None:
    Membership.objects.get(user=user).delete()


async def test_a_right_withdrawn_behind_our_back_is_noticed_too(watching, ann):
    await db(Membership.objects.filter(user=ann)._raw_delete, "default")
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)


async def test_a_narrowed_ship_to_empties_what_lies_elsewhere(watching, acme, ann):
    def narrow() -> None:
        membership = Membership.objects.get(user=ann)
        membership.all_ship_tos = False
        membership.save()
        membership.ship_tos.set([factories.address(acme, "S2")])

    await db(narrow)
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)


async def test_others_keep_what_one_person_lost(watching, peer, acme, ann):
    bob = await db(factories.person, "bob@acme.example", acme)
    kept = await peer(bob)
    await kept.sub(boards.joining(bob, acme, place="S1"))
    await kept.hear("snap")

    await db(_remove, ann)
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)
    await db(boards.rename, acme, "Still for Bob")

    assert "Still for Bob" in (await kept.hear("snap"))["html"]


async def test_what_moves_to_another_audience_is_checked_before_it_is_shown(watching, acme):
    def close() -> None:
        Company.objects.filter(pk=acme.pk).update(vat=boards.CLOSED)
        boards.rename(acme, "Secret")

    await db(close)
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)
        await socket.silent(0.1)


async def test_every_right_is_asked_anew_when_rights_moved(hints_only, watching, acme):
    def close() -> None:
        Company.objects.filter(pk=acme.pk).update(vat=boards.CLOSED)
        live.changed(live.RIGHTS)

    await db(close)
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)


async def test_what_is_deleted_is_gone(watching, acme):
    def delete() -> None:
        Membership.objects.filter(company=acme).update(company=factories.company("HEIR"))
        Company.objects.filter(pk=acme.pk).delete()
        live.changed(boards.topic(acme), live.RIGHTS)

    topic = acme.pk
    await db(delete)
    acme.pk = topic
    for socket in watching[1]:
        await socket.hear("gone", seconds=WITHDRAWN_WITHIN)
