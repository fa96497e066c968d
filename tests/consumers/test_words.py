"""A word that staff edit reaches pages that are open."""

from __future__ import annotations

from oms_portal.words.models import StatusWord
from tests import factories

from . import boards
from .peers import db


def _edit(word):
    factories.order("SO-1", "ACME", raw_status="ZF2")
    StatusWord.objects.update_or_create(kind="order", code="ZF2", defaults={"word": word})


async def test_a_word_that_was_edited_has_open_pages_shown_anew(peer, acme, ann, quick):
    await db(_edit, "Being checked")
    socket = await peer(ann)
    await socket.sub(boards.joining(ann, acme))
    before = await socket.hear("snap")

    await db(_edit, "Looked at")

    after = await socket.hear("snap")
    assert after["v"] > before["v"]
    boards.rendered.clear()
    await socket.silent()
    assert not boards.rendered
