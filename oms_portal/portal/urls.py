from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import people_urls


urlpatterns: list[URLPattern | URLResolver] = [
    *people_urls.urlpatterns,
]
