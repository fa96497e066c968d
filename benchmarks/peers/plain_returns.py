"""The open returns by Wagtail's own listing, as plain as it comes: one model, its columns, 50 rows."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView

from oms_portal.returns.kinds import OPEN
from oms_portal.returns.models import Return
from tests.site.urls import urlpatterns as site


class PlainReturns(IndexView):
    model = Return
    page_title = "Returns"
    paginate_by = 50
    default_ordering = "submitted_at"
    any_permission_required = ["view"]
    columns = [
        TitleColumn("number", url_name="oms_returns:inspect"),
        Column("state", accessor="get_state_display"),
        Column("company", accessor="company.name"),
        Column("kind", accessor="get_kind_display"),
        Column("method", accessor="get_method_display"),
        Column("order", accessor="currency"),
        Column("parcels", accessor="parcel_count"),
        DateColumn("submitted_at"),
        DateColumn("scanned_at"),
    ]

    def get_base_queryset(self):  # type: ignore[no-untyped-def]  # as one writes it by hand
        return Return.objects.filter(state__in=OPEN).select_related("company")


urlpatterns = [path("plain/", PlainReturns.as_view()), *site]
