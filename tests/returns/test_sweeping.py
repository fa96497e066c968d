"""What a crash left of photos goes; what any return names stays."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from oms_portal.erp import beside
from oms_portal.returns import evidence, sweeping
from oms_portal.returns.private import storage
from tests import factories

from .test_evidence import draft, files, line, photo


pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 2 * 86_400


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def left_behind(folder: str, age: float) -> Path:
    """As a process leaves it that dies between file and row."""
    path = Path(storage().path(storage().save(f"{folder}/left.jpg", ContentFile(b"x"))))
    os.utime(path, (time.time() - age,) * 2)
    return path


def sweep() -> None:
    sweeping.run()
    beside.join()


def test_files_without_a_row_go_after_a_day_and_no_other(media: Path) -> None:
    user, rma = factories.person("x@c1.example"), draft()
    kept = evidence.take(photo(), rma, line(rma), user)
    os.utime(storage().path(kept.file), (time.time() - DAYS,) * 2)
    old = left_behind(f"returns/{rma.pk}", DAYS)
    of_none = left_behind("returns/4711", DAYS)
    fresh = left_behind("returns/4712", 60)
    elsewhere = left_behind("other/1", DAYS)

    sweep()

    assert not old.exists() and not of_none.exists()
    assert set(files(media)) == {Path(storage().path(kept.file)), fresh, elsewhere}


def test_a_photo_that_a_copy_of_the_return_names_stays(media: Path) -> None:
    user, rma, copy = factories.person("x@c1.example"), draft(), draft("R0000000002")
    row = evidence.take(photo(), rma, None, user)
    os.utime(storage().path(row.file), (time.time() - DAYS,) * 2)
    type(row).objects.filter(pk=row.pk).update(rma=copy)

    sweep()

    assert len(files(media)) == 1


def test_without_any_photo_there_is_nothing_to_sweep(media: Path) -> None:
    sweep()

    assert files(media) == []
