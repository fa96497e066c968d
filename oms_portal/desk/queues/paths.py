"""Where the queues' own addresses lie, below the list of returns."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .bulk import DecideMany
from .present import Presence
from .saved import SavedViews


def paths(policy: Any) -> list[URLPattern]:
    told = {"permission_policy": policy}
    return [
        path("bulk/", DecideMany.as_view(**told), name="bulk"),
        path("views/", SavedViews.as_view(**told), name="views"),
        path("presence/<int:pk>/", Presence.as_view(**told), name="presence"),
    ]
