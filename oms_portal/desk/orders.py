"""Orders as the ERP tells them: found by number, shown as the customer sees them, and raw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import django_filters
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, re_path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from oms_portal import live
from oms_portal.changes.models import ChangeRequest
from oms_portal.customers.access import Actor
from oms_portal.erp.models import InboundEvent, Record
from oms_portal.fragments.base import fragment
from oms_portal.orders.lateness import late_at
from oms_portal.orders.models import Order, OrderStatus
from oms_portal.returns.models import Return
from oms_portal.words.models import Kind
from oms_portal.words.queries import speaking_to

from .companies import url_of
from .inspecting import Fact, Inspection, Mirror, Section, rows
from .listings import Listing, Moment, Text, Title, Word, among, beginning
from .order_requests import requests_of
from .order_returns import returns_of
from .papers import PackingList, Paper, led
from .people import CompanyFilter
from .policies import may
from .wording import choices, order_word


# So many of an order's events stand on its page; the inbox has them all.
EVENTS = 10
_OURS = ("number", "customer_reference")


class OrderFilters(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=lambda: choices(Kind.ORDER, OrderStatus),
        empty_label=gettext_lazy("All"),
    )
    late = django_filters.BooleanFilter(label=gettext_lazy("Late"), method="by_lateness")
    exception = django_filters.BooleanFilter(label=gettext_lazy("Problem on the way"))
    placed_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Placed"), widget=DateRangePickerWidget
    )
    company = CompanyFilter()

    class Meta:
        model = Order
        fields: list[str] = []

    def by_lateness(self, found: QuerySet[Order], name: str, value: bool) -> QuerySet[Order]:
        late = late_at(timezone.now())
        return found.filter(late) if value else found.exclude(late)


class OrderListing(Listing):
    related = ("company",)
    deferred = ("history", "billing_address", "delivery_address", "terms_digest")
    said = {"status": order_word}

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """A number, ours or theirs: the exact ones where there are any, else those that begin with
        it, and only where there are none all that hold it, for which every row is looked at."""
        words = self.search_query.strip()
        if not words:
            return queryset
        every = Order.objects.order_by().values("pk")
        exact = among(
            queryset, *(every.filter(**{name: words}) for name in ("ref", "slug", *_OURS))
        )
        begun = among(queryset, *(every.filter(beginning(name, words)) for name in _OURS))
        for found in (exact, begun):
            if found.exists():
                return found
        return queryset.filter(Q(number__icontains=words) | Q(customer_reference__icontains=words))


class OrderInspection(Inspection):
    related = ("company",)
    shows_fragment = True

    def sections(self) -> Iterable[Section]:
        yield Section("facts", _("Order"), facts=self._facts(), icon="list-ul")
        yield Section(
            "seen", _("As the customer sees it"), html=as_seen(self.object, self.request.GET.dict(), self.request.path), icon="view",
            empty=_("The ERP took this order back: customers no longer see it."),
        )  # fmt: skip
        if may(self.request.user, "view", ChangeRequest):
            yield requests_of(self.object)
        if may(self.request.user, "view", Return):
            yield returns_of(self.object)
        if may(self.request.user, "view", InboundEvent):
            yield self._events()

    def _facts(self) -> list[Fact]:
        order = self.object
        told = Record.objects.filter(kind="order", ref=order.ref).select_related("event__source")
        record = told.first()
        return [
            Fact(_("Customer"), order.company.name, url_of(order.company)),
            Fact(_("Their reference"), order.customer_reference),
            Fact(_("Ref in the ERP"), order.ref),
            Fact(_("Status shown"), order_word(order)),
            Fact(_("Status in the ERP"), order.raw_status or _("none told")),
            Fact(_("Version"), order.version),
            Fact(_("Told at (the ERP’s clock)"), order.told_at),
            Fact(_("Source"), record.event.source.name if record else _("unknown")),
            Fact(_("Placed"), order.placed_at),
            Fact(_("Placed by"), order.placed_by),
            Fact(_("Corrected by the ERP"), _("yes") if order.correction else _("no")),
        ]

    def _events(self) -> Section:
        ref = self.object.ref
        found = InboundEvent.objects.filter(subject=ref).select_related("source").defer("body")
        columns = [
            Title("event_id", label=_("Event"), url_name="oms_inbox:inspect"),
            Text("type", label=_("Type")),
            Text("source", label=_("Source")),
            Text("state", label=_("State"), accessor="get_state_display"),
            Moment("received_at", label=_("Received")),
        ]
        return Section(
            "events",
            _("What was told of it"),
            table=rows(columns, list(found.order_by("-received_at")[:EVENTS])),
            empty=_("No event with this subject is kept."),
            more=(
                reverse("oms_inbox:index", query={"subject": ref}),
                _("All events of this order"),
            ),
            icon="download",
        )


def as_seen(order: Order, asked: Mapping[str, str], here: str) -> SafeString:
    """The order's fragment, drawn for somebody who may see just this company, in staff words.

    ``asked`` is the query that the fragment reads, ``here`` the page it stands on (``led``).
    """
    kind = fragment("order")
    reader = Actor.of_rights(json.dumps([[[order.company_id], None]]))
    if kind is None:
        return SafeString()
    with speaking_to("staff"):
        spec = kind.spec(reader, {**asked, "order": order.slug}, get_language() or "en")
        drawn = kind.render(spec, live.FIRST_VERSION) if spec else None
    if drawn is None:
        return SafeString()
    return mark_safe(led(drawn.html, order, here))


class Orders(Mirror):
    model = Order
    name = "oms_orders"
    url_prefix = "oms/orders"
    icon = "list-ul"
    menu_label = gettext_lazy("Orders")
    ordering = ("-placed_at", "-pk")
    index_view_class = OrderListing
    inspect_view_class = OrderInspection
    search_fields = ("number",)
    filterset_class = OrderFilters
    list_display = [
        Title("number", label=gettext_lazy("Order"), url_name="oms_orders:inspect"),
        Text("customer_reference", label=gettext_lazy("Their reference")),
        Text("company", label=gettext_lazy("Customer"), accessor="company.name"),
        Word(
            "status",
            label=gettext_lazy("Status"),
            accessor=order_word,
            tone=lambda order: "bad" if order.exception else "",
        ),
        Moment("placed_at", label=gettext_lazy("Placed"), sort_key="placed_at"),
        Moment("told_at", label=gettext_lazy("Last told")),
    ]
    list_export = [
        "number",
        "customer_reference",
        "company.number",
        "company.name",
        "status",
        "raw_status",
        "placed_at",
        "due",
        "currency",
        "gross",
        "version",
        "told_at",
    ]
    export_headings = {
        "company.number": gettext_lazy("Customer number"),
        "company.name": gettext_lazy("Customer"),
        "status": gettext_lazy("Status"),
    }
    export_filename = "orders"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("inspect/<int:pk>/papers/<int:paper>/", Paper.as_view(), name="paper"),
            # A ref may hold slashes, and even the ends of lines, which no path converter takes.
            re_path(
                r"^inspect/(?P<pk>[0-9]{1,18})/deliveries/(?P<thread>[\s\S]+)/\Z",
                PackingList.as_view(),
                name="packing_list",
            ),
        ]
