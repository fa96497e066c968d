"""The matrix of rights: every way in, every role, one's own and others' things.

Ways in come from the routes themselves. A route that appears later is walked through by itself,
or fails here with a word on what the matrix must be told (tests/matrix.py).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import path, reverse

from oms_portal import live, urls
from oms_portal.consumers.frames import MAX_TOPICS
from oms_portal.customers import access
from oms_portal.customers.access import actor_for, actors
from oms_portal.customers.models import Membership
from oms_portal.erp.scopes import Scope
from oms_portal.fragments.base import Fragment, Spec, fragments
from oms_portal.fragments.tickets import ticket
from oms_portal.management.routes import Route, all_routes, http_routes, topics
from oms_portal.orders.models import Order
from oms_portal.portal.rights import Right
from oms_portal.returns.models import Return
from tests.consumers.peers import Peer, db, signed_in

from . import matrix, wire
from .matrix import MARKS, MISSING, Person, Thing, World, leaks, state, told


# Who may see what is asked of Django alone: one database tells all.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = [route for route in http_routes() if isinstance(route.needs, Right)]
API = [route for route in http_routes() if isinstance(route.needs, Scope)]
THINGS = [route for route in PAGES if "<" in route.path and route.needs.model]
PLAIN = [route for route in PAGES if "<" not in route.path]
# Pages that look for their thing in the visitor's session or token, tested where they are at home.
AT_HOME = {
    "invitation_link": "tests/portal/test_people.py",
    "label_link": "tests/portal/test_labels.py",
}
METHODS = ("get", "post")
# What somebody might add to a question to get at others' things.
BAIT = {"order": f"{matrix.OTHER}-1", "company": "", "rights": "", "before": "", "size": "100"}


@pytest.fixture
def world(request) -> World:
    if "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
    return matrix.build()


def named(route: Route) -> str:
    return route.name or route.path


def argument(route: Route) -> str:
    """The names of the arguments of a page's URL: "slug", "slug pk"."""
    return " ".join(part.split(":")[-1] for part in route.path.replace(">", "<").split("<")[1::2])


def url_of(route: Route, key: Any) -> str:
    """``key`` is a tuple where the URL has several arguments."""
    names, keys = argument(route).split(), key if isinstance(key, tuple) else (key,)
    return reverse(f"oms_portal:{route.name}", kwargs=dict(zip(names, keys, strict=True)))


def may(person: Person, right: Right, thing: Thing) -> bool:
    return thing.mark in person.sees and person.holds(right.verb)


def bait(world: World) -> dict[str, str]:
    other = world.companies["OTHER"].pk
    return {**BAIT, "company": str(other), "rights": json.dumps([[[other], None]])}


# Every route is known here


def test_every_way_in_has_declared_what_it_needs():
    own = [r for r in all_routes() if r.kind != "topic"] + own_topics()

    assert [route for route in own if route.needs is None] == []
    assert {route.name for route in own} >= {"order", "post_event", "oms_portal_socket"}


def own_topics() -> list[Route]:
    own = {each.name for each in own_fragments()}
    return [route for route in topics() if route.name in own]


def own_fragments() -> list[Fragment]:
    """Those of the portal: other tests register fragments of their own in this process."""
    return [each for each in fragments() if type(each).__module__.startswith("oms_portal.")]


def test_a_view_that_declares_nothing_makes_the_command_fail(monkeypatch):
    door = path("back/door/", lambda request: None, name="door")
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, door])

    with pytest.raises(CommandError, match="No right declared for: .*/portal/back/door/"):
        call_command("oms_routes", "--json")


def test_the_command_prints_every_way_in(capsys, monkeypatch):
    monkeypatch.setattr("oms_portal.management.routes.fragments", own_fragments)
    call_command("oms_routes")

    lines = capsys.readouterr().out.splitlines()
    assert any("/portal/orders/<order:slug>/" in line and "view Order" in line for line in lines)
    assert any("/portal/api/v1/events/batch" in line and "events:write" in line for line in lines)
    assert any("order:<pk>" in line and "view Order" in line for line in lines)


def test_every_page_is_walked_through():
    walked = {*map(named, THINGS), *map(named, PLAIN), *AT_HOME}

    assert {named(route) for route in PAGES} == walked


# Things: another's answers exactly as none


@pytest.mark.parametrize("route", THINGS, ids=named)
def test_what_is_not_ones_own_answers_exactly_as_what_is_not_there(world, route):
    walk(world, route)


def walk(world: World, route: Route) -> None:
    right, name = route.needs, argument(route)
    assert isinstance(right, Right)
    things = world.things_of(right, name)
    before = state()
    for person in world.people:
        client = world.client(person)
        for method in METHODS:
            missing = url_of(route, MISSING[name])
            nothing = told(getattr(client, method)(missing), missing, MISSING[name])
            for thing in things:
                url, who = url_of(route, thing.key), f"{person}, {method} {thing.mark}"
                if may(person, right, thing):
                    look(client, route, method, url, person, thing)
                    continue
                answer = getattr(client, method)(url)
                assert told(answer, url, thing.key) == nothing, who
                assert answer.status_code in (404, 405), who
                assert not leaks(answer, person, thing.key), who
    assert state() == before


def look(client: Client, route: Route, method: str, url: str, person: Person, thing: Thing) -> None:
    """What is one's own is there, and shows nothing else; an empty form may be refused in words,
    and what posting does is undone."""
    if method == "post" and "POST" not in route.methods:
        return
    with transaction.atomic():
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    refused = {422} if method == "post" else set()
    assert answer.status_code in {200, 302, 303, 405} | refused, f"{person}: {url}"
    assert (answer.status_code == 405) == (method.upper() not in route.methods)
    assert not leaks(answer, person), f"{person}: {url}"
    if answer.status_code == 200:
        assert thing.mark in matrix.words_of(answer), f"{person}: {url}"


# Pages without a thing in their path: no mark of others, whatever is asked


@pytest.mark.parametrize("route", PLAIN, ids=named)
def test_no_page_bears_a_mark_of_others(world, route):
    stroll(world, route)


def stroll(world: World, route: Route) -> None:
    right, url, lure = route.needs, reverse(f"oms_portal:{route.name}"), bait(world)
    assert isinstance(right, Right)
    before = state()
    for person in world.people:
        client = world.client(person)
        shut = not person.holds(right.verb)
        for method in METHODS:
            for data in ({}, lure):
                answer = getattr(client, method)(url, data)
                assert not leaks(answer, person, data.get("order", "-")), f"{person}: {url} {data}"
                assert answer.status_code < 500, f"{person}: {method} {url} {data}"
                if shut and method.upper() in route.methods:
                    assert answer.status_code == 404, f"{person}: {method} {url}"
        if person.sees and right.verb == "view" and "GET" in route.methods:
            assert client.get(url).status_code == 200, f"{person}: {url}"
    assert state() == before


def test_the_list_shows_each_person_all_of_their_own(world):
    for person in world.people:
        page = world.client(person).get("/portal/orders/").content.decode()
        assert {mark for mark in MARKS if f">{mark}-1<" in page} == person.sees, person


def test_who_looks_for_anothers_number_hears_what_they_hear_of_none(world):
    for person in world.people:
        client = world.client(person)
        none = told(client.get("/portal/orders/", {"order": "NO-SUCH"}), "NO-SUCH")
        for mark in person.hidden:
            for text in (f"{mark}-1", f"PO {mark}"):
                answer = client.get("/portal/orders/", {"order": text})
                names = (text, text.replace(" ", "+"))
                assert told(answer, *names) == none, f"{person}: {text}"


# Strangers


@pytest.mark.parametrize("route", [*THINGS, *PLAIN], ids=named)
@pytest.mark.parametrize("method", METHODS)
def test_strangers_are_sent_to_sign_in_whatever_they_ask_for(world, route, method):
    right, client = route.needs, Client(raise_request_exception=False)
    before = state()
    if "<" in route.path:
        name = argument(route)
        keys = [MISSING[name], *(thing.key for thing in world.things_of(right, name))]
        urls_ = {url_of(route, key): key for key in keys}
    else:
        urls_ = {reverse(f"oms_portal:{route.name}"): "-"}

    answers = {told(getattr(client, method)(url), url, key) for url, key in urls_.items()}

    (answer,) = answers
    assert not any(mark in str(answer) for mark in MARKS)
    if method.upper() not in route.methods:
        assert answer[0] == 405
    elif right.model:
        assert answer[0] == 401 or (answer[0] == 302 and answer[2].startswith("/accounts/login/"))
    assert state() == before


# The socket


def specs(world: World, fragment: Fragment, person: Person) -> Iterator[tuple[Spec, set[str]]]:
    """What this person may join of a fragment, with the marks it shows."""
    actor = actor_for(person.user)
    asked = [{"order": order.slug} for order in Order.objects.all()]
    asked += [{"company": str(company.pk)} for company in world.companies.values()]
    asked += [{"order": "", "return": rma.number} for rma in Return.objects.all()]
    for params in asked:
        spec = fragment.spec(actor, params, "en")
        rendered = fragment.render(spec, 1) if spec else None
        if spec and rendered:
            shown = rendered.html + rendered.say
            yield spec, {mark for mark in MARKS if mark.lower() in shown.lower()}


@pytest.mark.parametrize("fragment", own_fragments(), ids=lambda each: each.name)
def test_no_fragment_shows_or_allows_what_is_not_ones_own(world, fragment):
    join(world, fragment)


def join(world: World, fragment: Fragment) -> None:
    """Nobody gets a spec that shows another's mark, and nobody is allowed another's spec."""
    shown: dict[Spec, set[str]] = {}
    for person in world.people:
        for spec, marks in specs(world, fragment, person):
            assert not marks & person.hidden, f"{person}: {spec}"
            shown[spec] = marks
    assert shown
    found = actors(person.user.pk for person in world.people)
    for person in world.people:
        for spec, marks in shown.items():
            if marks & person.hidden:
                assert not fragment.allowed(found[person.user.pk], spec), f"{person}: {spec}"


@pytest.mark.django_db(transaction=True)
async def test_no_socket_joins_with_anothers_name_or_even_a_ticket_of_ones_own(settings):
    """The worst case: a ticket signed for this person, but for what they may not see."""
    settings.OMS_PORTAL = {"SWEEP": 0.1, "RIGHTS_SWEEP": 0.2}
    world = await db(matrix.build)
    owners = [
        p for p in world.people if str(p) in ("deep.admin@own.example", "admin@other.example")
    ]
    shown = await db(
        lambda: [s for f in own_fragments() for o in owners for s in specs(world, f, o)]
    )
    foreign = 0
    for person in world.people:
        barred = [spec for spec, marks in shown if marks & person.hidden]
        foreign += len(barred)
        # Tickets of their own for what is not theirs; for some, those of the owner, stolen.
        for owner in (person, owners[0]) if person.role == "viewer" else (person,):
            peer = await Peer().connect(await db(signed_in, person.user))
            await peer.hear("hello")
            asked = [[spec.name, ticket(spec, owner.user.pk), 0] for spec in barred]
            for start in range(0, len(asked), MAX_TOPICS):
                await peer.sub(*asked[start : start + MAX_TOPICS])
            denied = {(await peer.hear("deny"))["topic"] for _ in {spec.name for spec in barred}}
            assert denied == {spec.name for spec in barred}, person
            await db(live.changed, *{spec.topic for spec in barred})
            await peer.say(op="ping")
            await peer.hear("pong")
            await asyncio.sleep(0)
            assert peer.heard.empty(), person
            await peer.leave()
    assert foreign > 20


# The API, with the key of somebody else


def call(route: Route, method: str, key: str = "", event_id: str = "event-x", source: str = "own"):
    """Call an operation as its path asks, with a body of a customer of ``OWN``."""
    filled = {"source": source, "path:id": event_id, "type": "order.updated.v1"}
    target = route.path
    for part in route.path.replace(">", "<").split("<")[1::2]:
        assert part in filled, f"{route.path}: tell the matrix what to put for <{part}>"
        target = target.replace(f"<{part}>", filled[part])
    event = wire.event("customer", wire.customer("OWN", name="Stolen"), 9, source="/erp/other")
    body = [event] if route.name == "post_batch" else event
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return Client(raise_request_exception=False).generic(
        method, target, wire.encode(body), content_type="application/json", headers=headers
    )


SCOPED = [route for route in API if route.needs.name]
OPEN_API = [route for route in API if not route.needs.name]


@pytest.mark.parametrize("route", SCOPED, ids=named)
def test_the_api_asks_for_a_key_with_the_declared_scope(world, route):
    (method,) = route.methods

    assert call(route, method).status_code == 401
    assert call(route, method, "oms_00000000_" + "x" * 43).status_code == 401
    lacking = call(route, method, world.keys[f"OTHER without {route.needs.name}"])
    assert lacking.status_code == 403
    assert "scope-missing" in lacking.content.decode()


@pytest.mark.parametrize("route", SCOPED, ids=named)
def test_a_key_reaches_nothing_of_another_source(world, route):
    (method,) = route.methods
    before = state()
    event = f"event-{matrix.OWN_1}"

    answer = call(route, method, world.keys["OTHER"], event)

    assert matrix.OWN_1 not in answer.content.decode().replace(event, "")
    assert state() == before
    if "<" in route.path:
        missing = call(route, method, world.keys["OTHER"], "nowhere")
        assert told(answer, event) == told(missing, "nowhere")
        assert answer.status_code == 404
        elsewhere = call(route, method, world.keys["OTHER"], event, source="other")
        assert told(elsewhere, event) == told(missing, "nowhere")
    elif method == "POST":
        assert "not-allowed" in answer.content.decode() or "403" in answer.content.decode()


@pytest.mark.parametrize("route", OPEN_API, ids=named)
def test_what_the_api_tells_everybody_is_nobodys(world, route):
    for method in ("GET", "POST"):
        answer = call(route, method, "", f"event-{matrix.OTHER}")
        text = answer.content.decode()
        assert not any(mark in text for mark in MARKS)
        assert answer.status_code < 500


# The matrix itself: it turns red when one check is gone


def broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "visible":
        asking = [
            module
            for name, module in sys.modules.items()
            if name.startswith("oms_portal.") and vars(module).get("visible") is access.visible
        ]
        for module in asking:
            monkeypatch.setattr(module, "visible", lambda actor, model: model.objects.all())
    elif name == "people":
        monkeypatch.setattr(
            "oms_portal.portal.people.people_of",
            lambda actor, **only: list(Membership.objects.filter(**only)),
        )
    elif name == "verb":
        monkeypatch.setattr("oms_portal.portal.rights.holds", lambda *args, **kwargs: True)
    elif name == "ship_to":
        monkeypatch.setattr(access, "_ship_tos", lambda membership: None)
    elif name == "allowed":
        monkeypatch.setattr(Fragment, "allowed", lambda self, actor, spec: True)


def route_named(name: str) -> Route:
    return next(route for route in PAGES if route.name == name)


@pytest.mark.parametrize(
    ("check", "walked"),
    [
        ("visible", lambda world: walk(world, route_named("order"))),
        ("visible", lambda world: walk(world, route_named("fragment_tracker"))),
        ("visible", lambda world: stroll(world, route_named("orders"))),
        ("people", lambda world: walk(world, route_named("member"))),
        ("people", lambda world: stroll(world, route_named("people"))),
        ("verb", lambda world: stroll(world, route_named("people"))),
        ("ship_to", lambda world: walk(world, route_named("order"))),
        ("allowed", lambda world: join(world, own_fragments()[1])),
    ],
)
def test_the_matrix_turns_red_when_a_check_is_taken_away(world, monkeypatch, check, walked):
    broken(check, monkeypatch)

    with pytest.raises(AssertionError):
        walked(world)
