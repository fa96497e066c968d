"""The worker's part: files of photos that no row names, left by a process that died in between."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from oms_portal.erp.beside import Beside
from oms_portal.erp.worker import every

from .evidence import FOLDER
from .models import Picture
from .private import storage


log = logging.getLogger(__name__)

# A file is there before its row; no request takes as long as this.
AGE = timedelta(days=1)
_waiting: list[str] = []


def work() -> bool:
    """Sweep one folder; False where none is left."""
    if not _waiting:
        return False
    folder = _waiting.pop()
    try:
        sweep(folder, timezone.now())
    except OSError as error:
        log.error("the photos in %s were not looked at (%s)", folder, type(error).__name__)
    return True


def sweep(folder: str, now: datetime) -> int:
    """How many of its files went."""
    names = {f"{folder}/{name}" for name in storage().listdir(folder)[1]}
    gone = [name for name in names - _named(names) if _is_old(name, now)]
    for name in gone:
        storage().delete(name)
    if gone:
        log.warning("%s files of photos in %s belonged to nothing", len(gone), folder)
    return len(gone)


def _named(names: Collection[str]) -> set[str]:
    found: set[str] = set()
    for model in Picture.__subclasses__():
        rows = model._default_manager.filter(file__in=names)
        found.update(rows.values_list("file", flat=True))
    return found


def _is_old(name: str, now: datetime) -> bool:
    try:
        return storage().get_modified_time(name) < now - AGE
    except FileNotFoundError:
        return False


_thread = Beside("photos", work)


@every(86_400, "sweep photos")
def run() -> None:
    """Begin to look through all folders; returns at once."""
    try:
        folders = storage().listdir(FOLDER)[0]
    except FileNotFoundError:
        return
    _waiting[:] = [f"{FOLDER}/{folder}" for folder in folders]
    _thread.wake()
