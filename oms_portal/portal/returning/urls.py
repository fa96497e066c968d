"""The pages of returns. They stand after what else lies below returns/, as their names are anything."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import check, items, listing, reasons, tracking, verbs, way


urlpatterns: list[URLPattern] = [
    path("returns/", listing.returns, name="returns"),
    path("returns/new/", items.return_new, name="return_new"),
    path("returns/<str:number>/items/", items.return_items, name="return_items"),
    path("returns/<str:number>/reasons/", reasons.return_reasons, name="return_reasons"),
    path("returns/<str:number>/way/", way.return_method, name="return_method"),
    path("returns/<str:number>/check/", check.return_check, name="return_check"),
    path("returns/<str:number>/", tracking.rma, name="return"),
    path("returns/<str:number>/<str:verb>/", verbs.return_verb, name="return_verb"),
]
