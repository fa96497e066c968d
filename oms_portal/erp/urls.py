"""The API's paths, each in the API's frame; whatever is not there is a problem too."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from .api import api, not_found
from .calls import framed


def _patterns() -> list[URLPattern]:
    patterns = [p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"]
    for pattern in patterns:
        pattern.callback = framed(pattern.callback)
    return patterns


urlpatterns = [
    path("", framed(not_found), name="api_root"),
    *_patterns(),
    re_path(r"", framed(not_found)),
]
