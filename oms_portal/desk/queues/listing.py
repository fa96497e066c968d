"""The screen of the queues: what is due first comes first, and nothing moves under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton

from oms_portal import live
from oms_portal.desk.figures.saying import narrowed_words
from oms_portal.desk.listings import among
from oms_portal.desk.policies import may_print
from oms_portal.desk.queue import Queue as Waiting
from oms_portal.desk.return_words import state_word
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.parcels import ReturnParcel
from oms_portal.returns.receipts.figures.narrowing import Narrowing, narrow, narrowing
from oms_portal.returns.receipts.topics import DESK
from oms_portal.returns.receipts.waiting import presence, queues

from .bulk import AT_ONCE
from .columns import Marked, Rows
from .filters import FIGURE, SHOWN_STATES, kept
from .saved import views_of
from .shown import look
from .tabs import tabs


ALL = queues.QUEUES["all"]
# What no filter is for, and stays all the same when one is changed.
_BESIDE = (*FIGURE, "ordering")


class ReturnListing(Waiting):
    template_name = "oms_portal/desk/queues/index.html"
    results_template_name = "oms_portal/desk/queues/results.html"
    table_class = Rows
    related = ("company", "receipt")
    nothing = gettext_lazy("Nothing waits here at the moment.")
    nothing_like_it = gettext_lazy("No return is like that.")
    said = {"state": state_word}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """304 where nothing of it has changed since it was asked for last."""
        tag = self.tag
        if self.results_only and request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified()
        answer: HttpResponse = super().get(request, *args, **kwargs)
        if self.results_only:
            answer["ETag"] = tag
        return answer

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def tag(self) -> str:
        """What the list was drawn from: what moved, who is at it, and the minute, for times run."""
        told = (
            live.versions([DESK])[DESK],
            presence.digest(self.now),
            f"{self.now:%Y-%m-%d %H:%M}",
            self.request.user.pk,
            get_language(),
            self.request.GET.urlencode(),
        )
        return quote_etag(sha256(repr(told).encode()).hexdigest()[:32])

    @cached_property
    def queue(self) -> queues.Queue | None:
        """None where the list is of whatever is looked for, open or not."""
        asked = self.request.GET
        if (self.search_query or "").strip():
            return None
        whole = self.narrowed or asked.get("state") in dict(SHOWN_STATES)
        return queues.QUEUES.get(asked.get("queue", ""), None if whole else ALL)

    @cached_property
    def narrowed(self) -> Narrowing | None:
        """The figure whose returns these are, where its number led here."""
        return narrowing(self.request.GET)

    @property
    def is_filtering(self) -> bool:
        filters = self.filters
        changed = filters.form.changed_data if filters and filters.is_valid() else []
        return bool(self.narrowed) or any(name != "queue" for name in changed)

    @cached_property
    def active_filters(self) -> list[Any]:
        found: list[Any] = super().active_filters
        return [one for one in found if "queue" not in one.auto_id]

    @property
    def columns(self) -> list[Any]:
        decides = self.user_has_permission("decide")
        marks = [Marked("mark", label="", accessor="number")] if decides else []
        return [*marks, *self.list_display]

    @cached_property
    def header_buttons(self) -> list[Any]:
        figures = HeaderButton(
            _("Figures"), url=reverse("oms_figures:index"), icon_name="oms-figures"
        )
        if not may_print(self.request.user):
            return [figures]
        url = reverse("oms_returns:labels")
        return [HeaderButton(_("Print labels"), url=url, icon_name="tag"), figures]

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = (
            self.queue.rows(self.now) if self.queue else Return.objects.exclude(state__in=PRIVATE)
        )
        return narrow(rows, self.request.GET).select_related(*self.related)

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().order_queryset((self.queue or ALL).ordered(queryset))

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Whatever stands on a parcel or a paper: the number of the return, of a parcel, of the
        carrier, of the order or of the credit note."""
        words = (self.search_query or "").strip()
        if not words:
            return queryset
        code, own = words.upper(), Q(tracking_number=words) | Q(erp_ref=words)
        on_parcel = Q(code=code) | Q(tracking_number=words)
        parcels = ReturnParcel.objects.filter(on_parcel)
        lines = ReturnLine.objects.filter(returnable__order__number=words)
        exact = among(
            queryset,
            Return.objects.filter(number=code).order_by().values("pk"),
            Return.objects.filter(own).order_by().values("pk"),
            parcels.order_by().values("rma"),
            lines.order_by().values("rma"),
        )
        return exact if exact.exists() else queryset.filter(number__icontains=words)

    def get_table(self, object_list: Any) -> Any:
        self.shown: Sequence[Return] = list(object_list)
        look(self.shown, self.request.user, self.now)
        return super().get_table(self.shown)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        asked = self.request.GET
        return {
            **context,
            "tag": self.tag,
            "tabs": tabs(self.request, self.queue.code if self.queue else "", self.now),
            "saved": views_of(self.request.user),
            "query": kept(self.request.GET),
            "is_markable": self.user_has_permission("decide"),
            "at_once": AT_ONCE,
            "narrowed": narrowed_words(self.narrowed) if self.narrowed else "",
            "beside_filters": [(name, asked[name]) for name in _BESIDE if name in asked],
        }
