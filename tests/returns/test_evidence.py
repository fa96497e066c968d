"""Photos lie where no address leads, six of a return at most, and go when the return goes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from oms_portal.returns import evidence
from oms_portal.returns.models import Evidence, Return, ReturnableLine, ReturnLine, new_key
from oms_portal.returns.private import storage
from oms_portal.returns.refusals import Refused
from tests import factories


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def photo(shade: int = 100, name: str = "photo.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (30, 20), (shade, 0, 0)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def draft(number: str = "R0000000001", state: str = "draft") -> Return:
    company = factories.company("C1")
    return Return.objects.create(number=number, company=company, state=state, form_key=number)


def line(rma: Return, ref: str = "1") -> ReturnLine:
    order = factories.order()
    place, _ = ReturnableLine.objects.get_or_create(
        order=order, line_ref=f"L{ref}", thread="D1", defaults={"cap": 9}
    )
    return ReturnLine.objects.create(rma=rma, ref=ref, returnable=place, unit="C62", requested=1)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_photo_lies_beside_the_public_files_and_has_no_address(media: Path) -> None:
    user = factories.person("x@c1.example")
    rma = draft()
    row = evidence.take(photo(name="../../a\r\nb.jpg"), rma, line(rma), user)
    [path] = files(media)
    assert path.is_relative_to(media / "media-private") and path.suffix == ".jpg"
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    assert (row.name, row.width, row.height) == ("a b.jpg", 30, 20)
    assert row.actor == user and row.size == path.stat().st_size
    with evidence.open_file(row) as opened:
        assert opened.read() == path.read_bytes()
    with pytest.raises(ValueError, match="no address"):
        storage().url(row.file)


def test_the_same_photo_again_is_the_one_there_is(media: Path) -> None:
    rma = draft()
    first = evidence.take(photo(), rma, None, None)
    again = evidence.take(photo(name="other.jpg"), rma, None, None)
    assert first.pk == again.pk and len(files(media)) == 1
    other = draft("R0000000002")
    elsewhere = evidence.take(photo(), other, None, None)
    assert list(evidence.alike(first)) == [elsewhere]


def test_a_seventh_photo_is_refused_and_leaves_no_file(media: Path) -> None:
    rma = draft()
    for shade in range(6):
        evidence.take(photo(shade * 40), rma, None, None)
    with pytest.raises(Refused) as refused:
        evidence.take(photo(255), rma, None, None)
    assert refused.value.code == "photo_many"
    assert len(files(media)) == 6 == Evidence.objects.count()


def test_what_is_refused_leaves_nothing(media: Path) -> None:
    rma = draft()
    for content, code in ((b"", "photo_empty"), (b"<svg/>", "photo_kind")):
        with pytest.raises(Refused) as refused:
            evidence.take(SimpleUploadedFile("a.jpg", content), rma, None, None)
        assert refused.value.code == code
    large = photo()
    large.size = 10_000_001
    with pytest.raises(Refused) as refused:
        evidence.take(large, rma, None, None)
    assert refused.value.code == "photo_large"
    # One that lies about its size is not read to its end.
    huge = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * 11_000_000)
    huge.size = 100
    with pytest.raises(Refused) as refused:
        evidence.take(huge, rma, None, None)
    assert refused.value.code == "photo_large" and not files(media)


def test_a_photo_of_another_returns_line_is_refused() -> None:
    rma, other = draft(), draft("R0000000002")
    with pytest.raises(Refused) as refused:
        evidence.take(photo(), rma, line(other), None)
    assert refused.value.code == "unknown_line"


@pytest.mark.parametrize("state", ["requested", "info_needed", "in_review"])
def test_photos_are_taken_while_we_still_ask(state: str) -> None:
    assert evidence.take(photo(), draft(state=state), None, None).pk


@pytest.mark.parametrize("state", ["approved", "in_transit", "closed", "cancelled", "expired"])
def test_once_goods_move_photos_neither_come_nor_go(state: str, media: Path) -> None:
    rma = draft()
    row = evidence.take(photo(), rma, None, None)
    Return.objects.update(state=state)
    for verb in (lambda: evidence.take(photo(9), rma, None, None), lambda: evidence.remove(row)):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "illegal"
    assert len(files(media)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_is_removed_is_gone_for_good(media: Path) -> None:
    rma = draft()
    row = evidence.take(photo(), rma, None, None)
    evidence.remove(row)
    assert not files(media) and not Evidence.objects.exists()
    evidence.remove(row)


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_a_return_keeps_its_photos_when_the_other_is_forgotten(media: Path) -> None:
    old, new = draft(), draft("R0000000002")
    kept, dropped, copy = line(old, "1"), line(old, "2"), line(new, "1")
    photos = [
        evidence.take(photo(shade), old, at, None)
        for shade, at in ((1, kept), (90, dropped), (200, None))
    ]
    for row, at in ((photos[0], copy), (photos[2], None)):
        row.pk, row.key, row.rma, row.line = None, new_key(), new, at
        row.save()
    with transaction.atomic():
        evidence.forget(dropped)
    assert len(files(media)) == 2 and old.evidence.count() == 2
    with transaction.atomic():
        evidence.forget(old)
    assert len(files(media)) == 2 == new.evidence.count()
    with evidence.open_file(photos[0]) as opened:
        assert opened.read()
    with transaction.atomic():
        evidence.forget(new)
        # Should the transaction come to nothing, they are needed still.
        assert len(files(media)) == 2
    assert not files(media)
