"""Photos of a return: taken in, looked at, taken away again. Who may is asked by who calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from oms_portal.erp.inbox import writing

from .kinds import ASKED, OPEN, PRIVATE
from .models import Evidence, Picture, Return, ReturnLine, new_key
from .photos import LARGEST, Photo, clean_name, rewritten
from .policy import MOST_PHOTOS
from .private import storage
from .refusals import Refused


log = logging.getLogger(__name__)
# Of the private storage; within it each return has one of its own.
FOLDER = "returns"
Kept = TypeVar("Kept", bound=Picture)
# While we still ask for it.
TAKING = (*PRIVATE, *ASKED)


def take(
    upload: UploadedFile[bytes],
    rma: Return,
    line: ReturnLine | None,
    user: Any,
    *,
    at_desk: bool = False,
) -> Evidence:
    """Keep a photo, of a line or of the return as a whole; of the same picture sent twice for a line
    there is one. Refused with "photo_…", with "unknown_line" for another return's, and "illegal"
    once goods move; ``at_desk`` ours, once it is over. Decodes it first: not for inside a
    transaction."""
    if line is not None and line.rma_id != rma.pk:
        raise Refused("unknown_line")

    def enter(columns: dict[str, Any]) -> Evidence:
        return _enter(rma, line, user, Evidence(at_desk=at_desk, **columns))

    return keep(upload, f"{FOLDER}/{rma.pk}", enter)


def keep(upload: UploadedFile[bytes], folder: str, enter: Callable[[dict[str, Any]], Kept]) -> Kept:
    """Write the photo anew into this folder of the private storage, and have ``enter`` keep its
    columns, or give the row that has the same picture already. Not for inside a transaction."""
    photo = rewritten(_content(upload))
    key = new_key()
    file = storage().save(f"{folder}/{key}.jpg", ContentFile(photo.content))
    try:
        row = enter({"key": key, "file": file, "name": _name(upload), **_columns(photo)})
    except BaseException:
        _delete([file])
        raise
    if row.file != file:
        _delete([file])
    return row


def remove(evidence: Evidence) -> None:
    """Refused "illegal" once goods move: then it is part of what happened."""
    with writing():
        rma = _held(evidence.rma_id)
        if rma.state not in TAKING:
            raise Refused("illegal")
        _drop(Evidence.objects.filter(pk=evidence.pk))


def forget(gone: Return | ReturnLine) -> None:
    """Inside a transaction, before a return or a line itself is deleted: its photos go with it."""
    own = "line" if isinstance(gone, ReturnLine) else "rma"
    _drop(Evidence.objects.filter(**{own: gone.pk}))


def open_file(evidence: Picture) -> File[bytes]:
    """FileNotFoundError where the storage has lost it."""
    opened: File[bytes] = storage().open(evidence.file, "rb")
    return opened


def alike(evidence: Evidence) -> QuerySet[Evidence]:
    """The same picture on other returns, which staff should know of."""
    return Evidence.objects.filter(sha256=evidence.sha256).exclude(rma=evidence.rma_id)


def _content(upload: UploadedFile[bytes]) -> bytes:
    if (upload.size or 0) > LARGEST:
        raise Refused("photo_large")
    # Whatever its size is said to be, no more than that is read.
    content: bytes = upload.read(LARGEST + 1)
    return content


def _name(upload: UploadedFile[bytes]) -> str:
    return clean_name(upload.name)


def _held(pk: int) -> Return:
    found = Return.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if found is None:
        raise Refused("illegal")
    return found


def _columns(photo: Photo) -> dict[str, Any]:
    size = {"width": photo.width, "height": photo.height, "size": len(photo.content)}
    return {"sha256": sha256(photo.content).hexdigest(), **size}


def _enter(rma: Return, line: ReturnLine | None, user: Any, row: Evidence) -> Evidence:
    """Under the return's row, so that of two photos one is the sixth."""
    with writing():
        if _held(rma.pk).state not in (OPEN if row.at_desk else TAKING):
            raise Refused("illegal")
        known = list(Evidence.objects.filter(rma=rma.pk, at_desk=row.at_desk))
        for one in known:
            if (one.sha256, one.line_id) == (row.sha256, line.pk if line else None):
                return one
        if len(known) >= MOST_PHOTOS:
            raise Refused("photo_many", most=MOST_PHOTOS)
        row.rma, row.line, row.actor_id = rma, line, getattr(user, "pk", None)
        row.save()
        return row


def _drop(rows: QuerySet[Evidence]) -> None:
    names = set(rows.values_list("file", flat=True))
    rows.delete()
    # A copy of the return may have them still.
    kept = set(Evidence.objects.filter(file__in=names).values_list("file", flat=True))
    transaction.on_commit(partial(_delete, names - kept), robust=True)


def _delete(names: Iterable[str]) -> None:
    for name in names:
        try:
            storage().delete(name)
        except OSError as error:
            log.error("the photo %s was not deleted (%s)", name, type(error).__name__)
