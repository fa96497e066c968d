"""What a hostile or broken browser gets: a clear word and a close, and nobody else notices."""

from __future__ import annotations

import json

import pytest

from oms_portal.consumers.frames import MAX_BYTES, MAX_TOPICS
from oms_portal.consumers.sockets import FRAMES, MAX_NAMES

from . import boards
from .peers import Peer, Refused, db


NAME = "0" * 32
BAD = {
    "no JSON": "{",
    "empty": "",
    "a number": "17",
    "null": "null",
    "a list": "[]",
    "no op": "{}",
    "an unknown op": '{"op":"drop"}',
    "an op that is a list": '{"op":["sub"]}',
    "a server's op": '{"op":"snap","topic":"x","v":1,"html":""}',
    "sub without topics": '{"op":"sub"}',
    "topics that are text": '{"op":"sub","topics":"all"}',
    "a topic that is a name": f'{{"op":"sub","topics":["{NAME}"]}}',
    "a topic too short": f'{{"op":"sub","topics":[["{NAME}","t"]]}}',
    "a topic too long": f'{{"op":"sub","topics":[["{NAME}","t",0,0]]}}',
    "a ticket that is a number": f'{{"op":"sub","topics":[["{NAME}",1,0]]}}',
    "a version that is text": f'{{"op":"sub","topics":[["{NAME}","t","0"]]}}',
    "a version that is true": f'{{"op":"sub","topics":[["{NAME}","t",true]]}}',
    "a version that is a fraction": f'{{"op":"sub","topics":[["{NAME}","t",1.5]]}}',
    "a negative version": f'{{"op":"sub","topics":[["{NAME}","t",-1]]}}',
    "an endless version": f'{{"op":"sub","topics":[["{NAME}","t",{10**30}]]}}',
    "an absurd version": f'{{"op":"sub","topics":[["{NAME}","t",{"9" * 5000}]]}}',
    "not a number": f'{{"op":"sub","topics":[["{NAME}","t",NaN]]}}',
    "a name with markup": '{"op":"sub","topics":[["<b>","t",0]]}',
    "a name with NUL": '{"op":"unsub","topics":["\\u0000"]}',
    "a lone surrogate": '{"op":"unsub","topics":["\\ud800"]}',
    "a deep list": "[" * 20_000 + "]" * 20_000,
    "too many topics": json.dumps({"op": "unsub", "topics": [NAME] * (MAX_TOPICS + 1)}),
    "too large": json.dumps({"op": "ping", "pad": "x" * MAX_BYTES}),
    "too large in bytes": json.dumps({"op": "ping", "pad": "é" * 40_000}, ensure_ascii=False),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_a_bad_frame_ends_the_socket_and_says_why(peer, ann, text):
    socket = await peer(ann)
    await socket.raw(text)
    assert await socket.ends(4400)


async def test_binary_frames_are_none_of_ours(peer, ann):
    socket = await peer(ann)
    await socket.raw(None, bytes=b'{"op":"ping"}')
    await socket.ends(4400)


async def test_a_bad_frame_harms_nobody_else(peer, acme, ann):
    good, bad = await peer(ann), await peer(ann)
    await good.sub(boards.joining(ann, acme))
    await good.hear("snap")
    await bad.raw("{")
    await bad.ends(4400)

    await db(boards.rename, acme, "Acme 2")

    await good.hear("snap")


async def test_a_flood_is_cut_off(peer, ann):
    socket = await peer(ann)
    for _ in range(FRAMES):
        await socket.say(op="ping")
    await socket.hear("pong")
    await socket.say(op="ping")
    while True:
        message = await socket._next()
        if message["type"] == "websocket.close":
            break
    assert message["code"] == 4429


async def test_the_eleventh_socket_of_a_person_is_refused(peer, ann, settings):
    settings.OMS_PORTAL = {"SOCKETS_PER_PERSON": 2}
    first, second = await peer(ann), await peer(ann)
    third = await peer()
    await third.ends(4401)

    from .peers import signed_in

    more = Peer()
    await more.connect(await db(signed_in, ann))
    assert await more.ends(4429) == "too many sockets"

    await first.leave()
    await peer(ann)
    await second.say(op="ping")
    await second.hear("pong")


async def test_topics_on_one_socket_have_an_end(peer, acme, ann):
    socket = await peer(ann)
    places = [boards.joining(ann, acme, place=f"S{n}") for n in range(MAX_NAMES + 1)]
    for start in range(0, len(places), MAX_TOPICS):
        await socket.sub(*places[start : start + MAX_TOPICS])
    while (await socket._next())["type"] != "websocket.close":
        pass
    await socket.task


ORIGINS = {
    "absent": "",
    "null": "null",
    "another site": "http://evil.example",
    "https for http": "https://testserver",
    "another port": "http://testserver:8081",
    "the default port spelt out": "http://testserver:80",
    "a subdomain": "http://www.testserver",
    "a longer name": "http://testserver.evil.example",
    "a trailing dot": "http://testserver.",
    "somebody in front": "http://testserver@evil.example",
    "in front of us": "http://evil@testserver",
    "a path": "http://testserver/",
    "upper case": "HTTP://TESTSERVER",
    "half an IPv6": "http://[",
    "an odd IPv6": "http://[::1]]",
    "two": "http://testserver, http://testserver",
    "punycode": "http://xn--testserver-9za",
    "bytes": "http://testserver\xff",
    "a socket's scheme": "ws://testserver",
    "just the host": "testserver",
    "blank": " ",
}


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS.keys())
async def test_other_origins_are_refused_before_the_handshake(acme, origin):
    with pytest.raises(Refused):
        await Peer().connect(origin=origin)


async def test_a_host_that_is_not_ours_is_refused_with_its_own_origin(acme):
    with pytest.raises(Refused):
        await Peer().connect(host="evil.example", origin="http://evil.example")
    with pytest.raises(Refused):
        await Peer().connect(host="", origin="http://")


async def test_the_port_of_the_page_counts(peer):
    await peer(host="testserver:8000", origin="http://testserver:8000")
    await peer(host="testserver:80", origin="http://testserver")


async def test_a_proxy_is_believed_about_tls_only_where_the_site_says_so(peer, settings):
    with pytest.raises(Refused):
        await Peer().connect(origin="https://testserver", x_forwarded_proto="https")

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    await peer(origin="https://testserver", x_forwarded_proto="https")
    with pytest.raises(Refused):
        await Peer().connect(origin="http://testserver", x_forwarded_proto="https")


async def test_origins_the_site_lists_may_open_the_socket(peer, settings):
    settings.OMS_PORTAL = {"WS_ORIGINS": ("https://www.example.com",)}
    await peer(origin="https://www.example.com")
    with pytest.raises(Refused):
        await Peer().connect(origin="https://www.example.com.evil.example")
