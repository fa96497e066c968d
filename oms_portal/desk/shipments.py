"""Deliveries as the ERP tells them, found by their number, a tracking number or an SSCC."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from oms_portal.conf import settings
from oms_portal.orders.models import Package, Shipment, ShipmentStatus, TrackingStatus
from oms_portal.orders.search import FEW
from oms_portal.words.models import Kind

from .companies import url_of
from .inspecting import Fact, Inspection, Mirror, Section, rows
from .listings import Listing, Moment, Text, Title, Word, among, beginning
from .wording import choices, parcel_word, shipment_word


def carriers() -> list[tuple[str, str]]:
    known = settings()
    return [(code, found.name) for code in known.CARRIERS if (found := known.carrier(code))]


class ShipmentFilters(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=lambda: choices(Kind.SHIPMENT, ShipmentStatus),
        empty_label=gettext_lazy("All"),
    )
    carrier = django_filters.ChoiceFilter(
        field_name="carrier_code",
        lookup_expr="iexact",
        label=gettext_lazy("Carrier"),
        choices=carriers,
        empty_label=gettext_lazy("All"),
    )
    tracking = django_filters.ChoiceFilter(
        label=gettext_lazy("The carrier’s word"),
        choices=lambda: choices(Kind.TRACKING, TrackingStatus),
        empty_label=gettext_lazy("All"),
        method="by_tracking",
    )

    class Meta:
        model = Shipment
        fields: list[str] = []

    def by_tracking(self, found: QuerySet[Shipment], name: str, value: str) -> QuerySet[Shipment]:
        """Few are taken by their index and sorted; of many, a page is soon full by walking."""
        parcels = Package.objects.filter(tracking_status=value).order_by()
        if parcels[: FEW + 1].count() <= FEW:
            return found.filter(pk__in=parcels.values("shipment"))
        return found.filter(Exists(parcels.filter(shipment=OuterRef("pk"))))


class ShipmentListing(Listing):
    related = ("order", "order__company")
    deferred = ("order__history", "order__billing_address", "order__delivery_address")
    said = {"status": shipment_word}

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().prefetch_related("packages")

    def search_queryset(self, queryset: QuerySet[Shipment]) -> QuerySet[Shipment]:
        """As with orders: the whole number, how one begins, and then only a piece of it."""
        words = self.search_query.strip()
        if not words:
            return queryset
        sscc = words[2:] if len(words) == 20 and words.startswith("00") else words
        every = Shipment.objects.order_by().values("pk")
        parcels = Package.objects.order_by().values("shipment")
        exact = among(
            queryset,
            every.filter(number=words),
            parcels.filter(tracking_number=words),
            parcels.filter(sscc=sscc),
        )
        begun = among(
            queryset,
            every.filter(beginning("number", words)),
            parcels.filter(beginning("tracking_number", words)),
        )
        for found in (exact, begun):
            if found.exists():
                return found
        return queryset.filter(number__icontains=words)


class ShipmentInspection(Inspection):
    related = ("order", "order__company")

    def sections(self) -> Iterable[Section]:
        yield Section("facts", _("Delivery"), facts=self._facts(), icon="oms-tracker")
        columns = [
            Text("tracking_number", label=_("Tracking number")),
            Text("sscc", label=_("SSCC")),
            Word("word", label=_("The carrier’s word"), accessor=parcel_word, tone=_tone),
            Moment("tracking_at", label=_("Last scan")),
            Text("tracking_scans", label=_("Scans")),
        ]
        yield Section(
            "parcels",
            _("Parcels"),
            table=rows(columns, list(self.object.packages.all()[:100])),
            empty=_("No parcels."),
            icon="grid",
        )

    def _facts(self) -> list[Fact]:
        told, order = self.object, self.object.order
        return [
            Fact(_("Order"), order.number, reverse("oms_orders:inspect", args=[order.pk])),
            Fact(_("Customer"), order.company.name, url_of(order.company)),
            Fact(_("Ref in the ERP"), told.ref),
            Fact(_("Status shown"), shipment_word(told)),
            Fact(_("Status in the ERP"), told.raw_status or _("none told")),
            Fact(_("Carrier"), told.carrier_name or told.carrier_code),
            Fact(_("Service"), told.service),
            Fact(_("From"), told.from_location.get("name", "")),
            Fact(_("Planned"), told.planned_on),
            Fact(_("Sent"), told.shipped_at),
            Fact(_("Expected"), told.eta_to or told.eta_from),
            Fact(_("Delivered"), told.delivered_at),
        ]


def words_of(told: Shipment) -> str:
    """What the carrier says of the parcels, each word once."""
    return ", ".join(dict.fromkeys(parcel_word(parcel) for parcel in told.packages.all()))


def numbers_of(told: Shipment) -> str:
    return ", ".join(str(parcel) for parcel in list(told.packages.all())[:3])


def _tone(parcel: Package) -> str:
    return "bad" if parcel.tracking_status in ("exception", "attempt_failed", "lost") else ""


class Shipments(Mirror):
    model = Shipment
    name = "oms_shipments"
    url_prefix = "oms/deliveries"
    icon = "oms-tracker"
    menu_label = gettext_lazy("Deliveries")
    ordering = "-pk"
    index_view_class = ShipmentListing
    inspect_view_class = ShipmentInspection
    search_fields = ("number",)
    filterset_class = ShipmentFilters
    list_display = [
        Title("number", label=gettext_lazy("Delivery"), url_name="oms_shipments:inspect"),
        Text("order", label=gettext_lazy("Order"), accessor="order.number"),
        Text("company", label=gettext_lazy("Customer"), accessor="order.company.name"),
        Word("status", label=gettext_lazy("Status"), accessor=shipment_word),
        Text("carrier", label=gettext_lazy("Carrier"), accessor="carrier_name"),
        Text("tracking", label=gettext_lazy("The carrier’s word"), accessor=words_of),
        Text("parcels", label=gettext_lazy("Parcels"), accessor=numbers_of),
        Moment("shipped_at", label=gettext_lazy("Sent")),
    ]
    list_export = [
        "number",
        "order.number",
        "order.company.name",
        "status",
        "raw_status",
        "carrier_name",
        "shipped_at",
        "delivered_at",
    ]
    export_headings = {
        "order.number": gettext_lazy("Order"),
        "order.company.name": gettext_lazy("Customer"),
        "status": gettext_lazy("Status"),
    }
    export_filename = "deliveries"
