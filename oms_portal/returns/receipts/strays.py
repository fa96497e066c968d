"""Parcels that came and that nobody knows: written down, shown, matched with a return, closed."""

from __future__ import annotations

from datetime import datetime
from secrets import randbelow
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError

from oms_portal import live
from oms_portal.changes.addresses import clean_line
from oms_portal.erp.inbox import writing
from oms_portal.returns import evidence, moving
from oms_portal.returns.arriving import bring
from oms_portal.returns.drafting import check_key
from oms_portal.returns.holding import hold
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.labels import digits
from oms_portal.returns.models import Return
from oms_portal.returns.moving import By
from oms_portal.returns.policy import MOST_PHOTOS
from oms_portal.returns.refusals import KeyReused, Refused, read_text

from .kinds import StrayState
from .models import StrayParcel, StrayPhoto
from .scanning import boxes, counting
from .scanning.codes import cleaned
from .topics import DESK


S = StrayState
_LINE, _TEXT = 100, 2000
# Of a billion numbers hardly one is taken.
_TRIES = 8


def write_down(
    user: AbstractBaseUser,
    *,
    now: datetime,
    key: str,
    code: str = "",
    carrier: str = "",
    sender: str = "",
    contents: str = "",
    damaged: bool = False,
    station: str = "",
) -> StrayParcel:
    """A parcel nobody knows, under a number of its own ("U", nine digits, a check digit). The same
    form again: the same parcel; Refused where a text can't be taken, KeyReused for another's."""
    check_key(key)
    told = {
        "code": cleaned(code),
        "carrier": read_text(carrier, _LINE, "carrier", clean_line),
        "sender": read_text(sender, _TEXT, "sender"),
        "contents": read_text(contents, _TEXT, "contents"),
        "station": read_text(station, _LINE, "station", clean_line),
    }
    return _numbered(
        StrayParcel(found_at=now, found_by_id=user.pk, damaged=damaged, form_key=key, **told)
    )


def _numbered(row: StrayParcel) -> StrayParcel:
    """The row kept under a number of its own, or what was kept of the same form."""
    for _ in range(_TRIES):
        if known := StrayParcel.objects.filter(form_key=row.form_key).first():
            if known.found_by_id != row.found_by_id:
                raise KeyReused
            return known
        row.number = _number()
        try:
            with writing():
                row.save(force_insert=True)
                live.changed(DESK)
            return row
        except IntegrityError:
            # The form was sent twice at this instant, or the number is taken.
            continue
    raise Refused("illegal")


def photograph(
    upload: UploadedFile[bytes], stray: StrayParcel, user: AbstractBaseUser
) -> StrayPhoto:
    """Keep a photo of it; of the same picture sent twice there is one. Refused with "photo_…".
    Decodes it first: not for inside a transaction."""

    def enter(columns: dict[str, Any]) -> StrayPhoto:
        rows = StrayParcel.objects.select_for_update(of=("self",), no_key=True)
        with writing():
            known = list(rows.get(pk=stray.pk).photos.all())
            for one in known:
                if one.sha256 == columns["sha256"]:
                    return one
            if len(known) >= MOST_PHOTOS:
                raise Refused("photo_many", most=MOST_PHOTOS)
            live.changed(DESK)
            return StrayPhoto.objects.create(stray=stray, actor_id=user.pk, **columns)

    return evidence.keep(upload, f"{evidence.FOLDER}/stray-{stray.pk}", enter)


def match(
    stray: StrayParcel, rma: Return, user: AbstractBaseUser, now: datetime, *, sure: bool = False
) -> StrayParcel:
    """It belongs to this return, of which a parcel is here with it: the first that was awaited,
    where one was. Refused "stray_over" where somebody was faster, "gone" for a draft, "ended" where
    the return is over and nobody is ``sure`` that its goods are to be let in."""
    with writing():
        held = hold(rma)
        if held.rma.state in PRIVATE:
            raise Refused("gone")
        if boxes.is_over(held.rma) and not sure:
            raise Refused("ended")
        counting.let_in(held.rma.pk, stray.found_at)
        _end(stray, S.MATCHED, user, now, rma=held.rma)
        boxes.arrive_unread(held.rma, stray.found_at, damaged=stray.damaged)
        by = By("staff", user, reason=stray.number)
        moving.record(held.rma, "matched", by, now, {}, {})
        if held.rma.state in boxes.OVER:
            bring(held, stray.found_at, by)
        moving.say(held.rma)
    return stray


def close(stray: StrayParcel, why: str, user: AbstractBaseUser, now: datetime) -> StrayParcel:
    """It belongs to no return; ``why`` says what became of it. Refused "stray_why" without one,
    "stray_over" where somebody was faster."""
    said = read_text(why, _TEXT, "why")
    if not said:
        raise Refused("stray_why", fields={"why": "stray_why"})
    with writing():
        _end(stray, S.CLOSED, user, now, ended_why=said)
        live.changed(DESK)
    return stray


def _end(
    stray: StrayParcel, to: StrayState, user: AbstractBaseUser, now: datetime, **columns: Any
) -> None:
    told = {"state": to, "ended_at": now, "ended_by_id": user.pk, **columns}
    if not StrayParcel.objects.filter(pk=stray.pk, state=S.OPEN).update(**told):
        raise Refused("stray_over")
    for name, value in told.items():
        setattr(stray, name, value)


def _number() -> str:
    nine = f"{randbelow(10**9):09d}"
    return f"U{nine}{digits.damm(nine)}"
