from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import (
    brand,
    changing,
    changing_cancel,
    changing_request,
    company,
    converters,  # noqa: F401  it registers <order:…>
    documents,
    invitation,
    order,
    orders,
    overview,
    people,
    pieces,
    updates,
)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="home"),
    path("updates/", updates.updates, name="updates"),
    path("updates/read/", updates.updates_read, name="updates_read"),
    path("fragments/dashboard/", overview.dashboard_piece, name="fragment_dashboard"),
    path("fragments/arriving/", overview.arriving_piece, name="fragment_arriving"),
    path("fragments/updates/", updates.updates_piece, name="fragment_updates"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export.csv", orders.export, {"kind": "csv"}, name="export_csv"),
    path("orders/export.xlsx", orders.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("views/", orders.views, name="views"),
    path("orders/<order:slug>/", order.order, name="order"),
    path("orders/<order:slug>/change/", changing.change, name="change"),
    path("orders/<order:slug>/cancel/", changing_cancel.cancel, name="cancel"),
    path("changes/<str:key>/", changing_request.change_request, name="change_request"),
    path("changes/<str:key>/<str:verb>/", changing_request.change_verb, name="change_verb"),
    path("orders/<order:slug>/documents/<int:pk>/", documents.document, name="document"),
    path(
        "orders/<order:slug>/deliveries/<order:thread>/packing-list/",
        documents.packing_list,
        name="packing_list",
    ),
    path("documents/", documents.documents, name="documents"),
    path("fragments/documents/", documents.documents_piece, name="fragment_documents"),
    path("fragments/orders/", orders.orders_piece, name="fragment_orders"),
    path("fragments/orders/<order:slug>/", order.order_piece, name="fragment_order"),
    path("fragments/tracker/<order:slug>/", order.tracker_piece, name="fragment_tracker"),
    path("fragments/changes/<order:slug>/", order.changes_piece, name="fragment_changes"),
    path("fragments/change/<str:key>/", changing_request.change_piece, name="fragment_change"),
    path("fragments/freshness/", pieces.freshness, name="fragment_freshness"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:pk>/", people.member, name="member"),
    path("people/<int:pk>/remove/", people.remove, name="remove_member"),
    path("people/invitations/<int:pk>/revoke/", people.revoke, name="revoke_invitation"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.invitation_link, name="invitation_link"),
    path("brand.css", brand.brand_css, name="brand_css"),
    path("company/", company.switch_company, name="switch_company"),
]
