"""Pages that show one row: facts, tables of what belongs to it, and nothing to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from .listings import Listing
from .policies import POLICIES
from .texts import plain


@dataclass(frozen=True)
class Fact:
    """A label and a value: a text, a moment, a number; ``url`` where it leads."""

    label: str
    value: Any
    url: str = ""

    @property
    def shown(self) -> Any:
        return plain(self.value) if isinstance(self.value, str) else self.value


@dataclass(frozen=True)
class Section:
    """A part of the page under its own heading; ``more`` is a link (URL, words) beneath it."""

    name: str
    heading: str
    facts: Sequence[Fact] = ()
    table: Table | None = None
    empty: str = ""
    html: SafeString = field(default_factory=SafeString)
    code: str = ""
    note: str = ""
    more: tuple[str, str] | None = None
    icon: str = "placeholder"


def rows(columns: Iterable[Any], found: Sequence[Any]) -> Table | None:
    return Table(list(columns), found) if found else None


class Inspection(InspectView):
    template_name = "oms_portal/desk/inspect.html"
    any_permission_required = ["view"]
    related: tuple[str, ...] = ()
    # The page needs the portal's own styles beside the admin's.
    shows_fragment = False

    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(
            self.model._default_manager.select_related(*self.related), pk=self.pk
        )

    def get_fields(self) -> list[str]:
        return []

    def get_page_title(self) -> str:
        return plain(self.object)

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, here = super().get_breadcrumbs_items()
        return [*above, {"url": "", "label": self.get_page_title()}]

    def sections(self) -> Iterable[Section]:
        """What the page shows, from the top."""
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "sections": list(self.sections())}


class Mirror(ModelViewSet):
    """A list and a page for each row of what the ERP told; no other address exists."""

    index_view_class = Listing
    inspect_view_class = Inspection
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50

    # The views besides the list and the row's page that exist: "add", "edit", "history".
    further: tuple[str, ...] = ()

    @property
    def permission_policy(self) -> Any:
        return POLICIES[self.model]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        gone = {"add", "edit", "delete", "history", "usage"} - set(self.further)
        return {
            name: value
            for name, value in told.items()
            if name not in {f"{g}_url_name" for g in gone}
        }

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return POLICIES[self.model].permissions()

    def register_permissions(self) -> None:
        hooks.register("register_permissions", self.get_permissions_to_register)

    def get_urlpatterns(self) -> list[URLPattern]:
        lists = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
        if not self.inspect_view_enabled:
            return lists
        return [*lists, path("inspect/<int:pk>/", self.inspect_view, name="inspect")]
