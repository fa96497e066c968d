"""Parcels that came and that nobody knows: written down, shown, matched with a return, closed."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile

from oms_portal.returns.models import Return

from .models import StrayParcel, StrayPhoto


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
    """A parcel nobody knows, under a number of its own. The same form again: the same parcel."""
    raise NotImplementedError


def photograph(
    upload: UploadedFile[bytes], stray: StrayParcel, user: AbstractBaseUser
) -> StrayPhoto:
    """Keep a photo of it. Refused with "photo_…". Decodes it: not for inside a transaction."""
    raise NotImplementedError


def match(stray: StrayParcel, rma: Return, user: AbstractBaseUser, now: datetime) -> StrayParcel:
    """It belongs to this return, of which a parcel is here with it. Refused where it is over."""
    raise NotImplementedError


def close(stray: StrayParcel, why: str, user: AbstractBaseUser, now: datetime) -> StrayParcel:
    """It belongs to no return; ``why`` says what became of it. Refused where it is over."""
    raise NotImplementedError
