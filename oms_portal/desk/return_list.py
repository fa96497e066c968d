"""Returns in the admin: the queues of the returns desk, a page for each return, and what is done."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy, pgettext_lazy

from oms_portal.returns.models import Return

from .inspecting import Mirror
from .judging.paths import paths as judging
from .listings import Moment, Text, Word
from .printing.paths import paths as printing
from .queues import columns
from .queues.filters import ReturnFilters
from .queues.listing import ReturnListing
from .queues.paths import paths as queues
from .return_forms import FORMS
from .return_page import ReturnInspection
from .return_photos import PhotoView
from .return_verbs import Decide
from .return_words import age, state_tone, state_word
from .station.paths import paths as station


# Columns that only wide screens, and very wide ones, have room for.
WIDE, WIDER = "omsdesk-wide", "omsdesk-wider"


class Returns(Mirror):
    model = Return
    name = "oms_returns"
    url_prefix = "oms/returns"
    icon = "oms-returns"
    menu_label = gettext_lazy("Returns")
    # Each queue has its own.
    ordering = None
    index_view_class = ReturnListing
    inspect_view_class = ReturnInspection
    search_fields = ("number",)
    filterset_class = ReturnFilters
    list_display = [
        columns.Number("number", label=gettext_lazy("Return"), url_name="oms_returns:inspect"),
        columns.Due("due", label=gettext_lazy("Due"), accessor="number"),
        Word("state", label=gettext_lazy("State"), accessor=state_word, tone=state_tone),
        Word(
            "check",
            label=gettext_lazy("Check"),
            accessor=columns.checks,
            tone=lambda rma: "bad",
        ),
        Text("who", label=gettext_lazy("At it"), accessor=columns.at_it),
        Text("parcels", label=gettext_lazy("Parcels in"), accessor=columns.parcels),
        columns.Day("coming", label=gettext_lazy("Expected"), accessor=columns.coming),
        Text(
            "age",
            label=gettext_lazy("Age"),
            accessor=age,
            classname=WIDE,
            sort_key="submitted_at",
        ),
        Text("items", label=gettext_lazy("Items"), accessor=columns.items, classname=WIDE),
        Text("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", classname=WIDER),
        Moment("submitted_at", label=pgettext_lazy("when", "Asked for"), classname=WIDER),
    ]
    list_export = [
        "number",
        "company.name",
        "kind",
        "state",
        "method",
        "submitted_at",
        "approved_at",
        "received_at",
        "closed_at",
        "erp_ref",
    ]
    export_headings = {
        "number": gettext_lazy("Return"),
        "company.name": gettext_lazy("Customer"),
        "erp_ref": gettext_lazy("Number at the ERP"),
    }
    export_filename = "returns"

    def get_urlpatterns(self) -> list[URLPattern]:
        kwargs = self.get_inspect_view_kwargs()
        policy = {"permission_policy": self.permission_policy}
        return [
            *super().get_urlpatterns(),
            path("photo/<int:pk>/<str:key>/", PhotoView.as_view(**policy), name="photo"),
            *queues(self.permission_policy),
            *station(self.permission_policy),
            *judging(self.permission_policy),
            *printing(self.permission_policy),
            *(
                path(
                    f"{verb}/<int:pk>/",
                    self.construct_view(Decide, **{**kwargs, "verb": verb}),
                    name=verb,
                )
                for verb in FORMS
            ),
        ]
