from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import converters, pages, people_urls, pieces  # noqa: F401  converters registers <order:…>


urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("orders/", pages.orders, name="orders"),
    path("orders/<order:slug>/", pages.order, name="order"),
    path("fragments/orders/", pieces.orders, name="fragment_orders"),
    path("fragments/orders/<order:slug>/", pieces.order, name="fragment_order"),
    path("fragments/tracker/<order:slug>/", pieces.tracker, name="fragment_tracker"),
    path("fragments/freshness/", pieces.freshness, name="fragment_freshness"),
    *people_urls.urlpatterns,
]
