"""Where a station's screens lie, below the returns of the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .finding import Find
from .receive import Receive
from .scans import Scans
from .settings_page import StationPage
from .strays import Stray, StrayNew, StrayPhotoView, Strays


def paths(policy: Any) -> list[URLPattern]:
    """``policy`` is that of returns."""
    told = {"permission_policy": policy}
    return [
        path("scans/", Scans.as_view(**told), name="scan"),
        path("receive/<int:pk>/", Receive.as_view(**told), name="receive"),
        path("unknown/", Strays.as_view(**told), name="strays"),
        path("unknown/new/", StrayNew.as_view(**told), name="stray_new"),
        path("unknown/<int:stray>/", Stray.as_view(**told), name="stray"),
        path("unknown/<int:stray>/<str:key>/", StrayPhotoView.as_view(**told), name="stray_photo"),
        path("find/", Find.as_view(**told), name="find"),
        path("station/", StationPage.as_view(**told), name="station"),
    ]
