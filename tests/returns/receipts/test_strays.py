"""Parcels nobody knows."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from oms_portal import live
from oms_portal.returns.kinds import ParcelState, ReturnState
from oms_portal.returns.models import Return
from oms_portal.returns.private import storage
from oms_portal.returns.receipts import arrivals, strays
from oms_portal.returns.receipts.kinds import StrayState
from oms_portal.returns.receipts.models import StrayParcel
from oms_portal.returns.refusals import KeyReused, Refused
from tests.returns.scene import NOW, again, new_key

from .scene import Desk, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any, tmp_path: Any) -> Desk:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return set_up(settings)


def written(desk: Desk, key: str = "", **told: Any) -> StrayParcel:
    return strays.write_down(desk.here.user, now=NOW, key=key or new_key(), **told)


def picture(colour: str = "red", name: str = "box.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (9, 9), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def code_of(why: pytest.ExceptionInfo[Refused]) -> str:
    return why.value.code


def test_it_is_written_down_once_under_a_number_to_put_on_it(desk: Desk) -> None:
    before = live.versions(["desk:returns"])["desk:returns"]
    stray = written(
        desk, "stray-form-1", code="]C0X-1\r", carrier=" DHL ", sender="Nobody\nNowhere",
        contents="Bolts", damaged=True, station="Dock 1",
    )  # fmt: skip
    assert written(desk, "stray-form-1").pk == stray.pk
    stray.refresh_from_db()
    assert stray.number[0] == "U"
    assert len(stray.number) == 11
    assert (stray.carrier, stray.sender, stray.damaged) == ("DHL", "Nobody\nNowhere", True)
    assert (stray.found_by, stray.found_at) == (desk.here.user, NOW)
    assert stray.state == StrayState.OPEN
    assert live.versions(["desk:returns"])["desk:returns"] > before
    with pytest.raises(KeyReused):
        strays.write_down(desk.there.user, now=NOW, key="stray-form-1")


def test_what_can_not_be_taken_is_refused(desk: Desk) -> None:
    for told in ({"carrier": "x" * 101}, {"sender": "x" * 2001}):
        with pytest.raises(Refused) as why:
            written(desk, **told)
        assert why.value.fields.keys() == told.keys()
    assert not StrayParcel.objects.exists()


def test_photos_are_kept_written_anew_and_each_once(desk: Desk) -> None:
    stray = written(desk)
    first = strays.photograph(picture(), stray, desk.here.user)
    assert strays.photograph(picture(name="again.png"), stray, desk.here.user).pk == first.pk
    assert first.name == "box.png"
    with storage().open(first.file) as kept:
        assert kept.read(3) == b"\xff\xd8\xff"
    colours = ("blue", "green", "white", "black", "yellow")
    for colour in colours:
        strays.photograph(picture(colour), stray, desk.here.user)
    with pytest.raises(Refused) as why:
        strays.photograph(picture("pink"), stray, desk.here.user)
    assert code_of(why) == "photo_many"
    with pytest.raises(Refused) as why:
        strays.photograph(SimpleUploadedFile("a.png", b"GIF89a"), stray, desk.here.user)
    assert code_of(why) == "photo_kind"
    # No file is left of what was not kept.
    folder = first.file.rpartition("/")[0]
    assert len(storage().listdir(folder)[1]) == stray.photos.count() == 6


def test_matched_it_is_a_parcel_of_that_return_which_hears_of_it(desk: Desk) -> None:
    stray = written(desk, damaged=True)
    strays.match(stray, desk.rma, desk.there.user, NOW)
    stray.refresh_from_db()
    assert (stray.state, stray.rma, stray.ended_by) == ("matched", desk.rma, desk.there.user)
    assert desk.receipt().arrived_at == NOW
    first, second = desk.parcels
    assert (first.arrived_at, first.damaged, second.arrived_at) == (NOW, True, None)
    event = again(desk.rma).events.last()
    assert (event.verb, event.actor, event.reason) == ("matched", desk.there.user, stray.number)
    arrivals.tell_all()
    assert again(desk.rma).state == ReturnState.IN_TRANSIT
    # Nobody else sees to it.
    for act in (
        lambda: strays.match(stray, desk.other, desk.here.user, NOW),
        lambda: strays.close(stray, "Thrown away", desk.here.user, NOW),
    ):
        with pytest.raises(Refused) as why:
            act()
        assert code_of(why) == "stray_over"
    assert not desk.other.events.filter(verb="matched").exists()


def test_more_parcels_than_were_announced_are_here_all_the_same(desk: Desk) -> None:
    for code in desk.codes:
        desk.here.beep(code)
    strays.match(written(desk), desk.rma, desk.here.user, NOW)
    assert desk.rma.parcels.count() == 2
    Return.objects.filter(pk=desk.other.pk).update(state=ReturnState.EXPIRED)
    desk.other.parcels.update(state=ParcelState.VOIDED)
    stray = written(desk)
    with pytest.raises(Refused) as why:
        strays.match(stray, desk.other, desk.here.user, NOW)
    assert code_of(why) == "ended"
    assert not desk.other.events.filter(verb="matched").exists()
    strays.match(stray, desk.other, desk.here.user, NOW, sure=True)
    assert desk.receipt(desk.other).arrived_at == desk.other.parcels.get().arrived_at == NOW
    # Its goods can be counted now, and it stands among those that are under way.
    assert desk.here.beep("SKU-L1", rma=desk.other.pk).result.value == "counted"
    arrivals.tell_all()
    assert again(desk.other).state == ReturnState.IN_TRANSIT


def test_a_draft_is_no_return_to_match_with(desk: Desk) -> None:
    with pytest.raises(Refused):
        strays.match(written(desk), desk.scene.draft(), desk.here.user, NOW)


def test_closed_it_says_what_became_of_it(desk: Desk) -> None:
    stray = written(desk)
    with pytest.raises(Refused) as why:
        strays.close(stray, "  ", desk.here.user, NOW)
    assert code_of(why) == "stray_why"
    strays.close(stray, "Back to its sender", desk.here.user, NOW)
    stray.refresh_from_db()
    assert (stray.state, stray.ended_why, stray.ended_at) == ("closed", "Back to its sender", NOW)
