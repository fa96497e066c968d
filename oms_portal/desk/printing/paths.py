"""Where printing is done, below the returns of the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .again import LabelAgain
from .batch import LabelBatch


def paths(policy: Any) -> list[URLPattern]:
    """``policy`` is that of returns."""
    told = {"permission_policy": policy}
    return [
        path("labels/", LabelBatch.as_view(**told), name="labels"),
        path("labels/again/<int:parcel>/", LabelAgain.as_view(**told), name="label_again"),
    ]
