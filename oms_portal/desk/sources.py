"""The systems that send events: who they are, for whom they speak, and how they prove it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.erp.models import ApiKey, Source, SourceSecret
from oms_portal.erp.queries import worst

from .handouts import HANDOUTS
from .inspecting import Fact, Inspection, Mirror, Section
from .listings import Listing, Moment, Text, Title, Word
from .policies import may
from .source_forms import KeyForm, OverlapForm, SourceChangeForm, SourceForm


# Keys and secrets that ended long ago are many in time; so many of each are shown.
SHOWN = 50
TONES = {"fresh": "ok", "stale": "warn", "offline": "bad"}


def feed_of(source: Source) -> str:
    """ "fresh", "stale" or "offline"; "" where nobody watches it."""
    watched = source.active and source.watched
    return worst([source], timezone.now()).state if watched else ""


def feed_word(source: Source) -> str:
    if not source.active:
        return _("switched off")
    words = {"fresh": _("fresh"), "stale": _("stale"), "offline": _("offline")}
    return words.get(feed_of(source), _("not watched"))


def speaks_for(source: Source) -> str:
    if source.all_customers:
        return _("all customers")
    count = len(source.customers)
    return ngettext("%(count)s customer", "%(count)s customers", count) % {"count": count}


def ended(row: SourceSecret | ApiKey) -> str:
    """Why this secret or key proves nothing any more; "" while it does."""
    if row.revoked_at:
        return _("revoked")
    over = row.expires_at is not None and row.expires_at <= timezone.now()
    return _("ended") if over else ""


class SourceListing(Listing):
    search_fields = ("name", "slug", "uri")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a source"), url=self.add_url, icon_name="plus")]


class SourceInspection(Inspection):
    template_name = "oms_portal/desk/source.html"

    def sections(self) -> Iterable[Section]:
        source = self.object
        facts = [
            Fact(_("Name"), source.name),
            Fact(_("Short name"), source.slug),
            Fact(_("Source as it stands in its events"), source.uri),
            Fact(_("Feed"), feed_word(source)),
            Fact(_("Last heard"), source.last_heard_at or _("never")),
            Fact(_("Stale after (seconds)"), source.stale_after or _("as the site’s settings say")),
            Fact(_("May speak for"), speaks_for(source)),
            *(Fact(_("Customer"), ref) for ref in source.customers[:SHOWN]),
            Fact(_("Types"), ", ".join(source.types) or _("all")),
        ]
        yield Section("facts", _("Source"), facts=facts, icon="cogs")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.user_has_permission("change"):
            return []
        url = reverse("oms_sources:edit", args=[self.object.pk])
        return [HeaderButton(_("Edit"), url=url, icon_name="edit")]

    @property
    def header_more_buttons(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **(_handouts(self.object) if may(self.request.user, "handout", Source) else {}),
        }


def _handouts(source: Source) -> dict[str, Any]:
    """For those who may hand them out; nobody else is shown what there is."""
    return {
        "may_hand_out": True,
        "secrets": _proofs(source.secrets),
        "keys": _proofs(source.api_keys),
        "key_form": KeyForm(prefix="key"),
        "overlap_form": OverlapForm(auto_id=False),
    }


def _proofs(rows: Any) -> list[tuple[Any, str]]:
    found: QuerySet[Any] = rows.order_by("-created_at", "-pk")
    return [(row, ended(row)) for row in found[:SHOWN]]


class _Leading:
    """To the source's own page, once it is saved."""

    object: Source

    def get_success_url(self) -> str:
        return reverse("oms_sources:inspect", args=[self.object.pk])


class SourceCreation(_Leading, CreateView):
    pass


class SourceChange(_Leading, EditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        return []


class SourceHistory(HistoryView):
    """Which secrets and keys there were is told to those who may hand them out."""

    def get_base_queryset(self) -> QuerySet[Any]:
        entries: QuerySet[Any] = super().get_base_queryset()
        if self.user_has_permission("handout"):
            return entries
        return entries.exclude(action__in=[f"oms_portal.{name}" for name, _view in HANDOUTS])


class Sources(Mirror):
    model = Source
    name = "oms_sources"
    url_prefix = "oms/sources"
    icon = "cogs"
    menu_label = gettext_lazy("Sources and keys")
    ordering = "name"
    index_view_class = SourceListing
    inspect_view_class = SourceInspection
    add_view_class = SourceCreation
    edit_view_class = SourceChange
    history_view_class = SourceHistory
    further = ("add", "edit", "history")
    search_fields = SourceListing.search_fields
    list_filter = ["active", "watched"]
    list_display = [
        Title("name", label=gettext_lazy("Name"), url_name="oms_sources:inspect", sort_key="name"),
        Text("uri", label=gettext_lazy("Source")),
        Text("speaks_for", label=gettext_lazy("May speak for"), accessor=speaks_for),
        Word(
            "feed",
            label=gettext_lazy("Feed"),
            accessor=feed_word,
            tone=lambda source: TONES.get(feed_of(source), ""),
        ),
        Moment("last_heard_at", label=gettext_lazy("Last heard")),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Source]]:
        return SourceChangeForm if for_update else SourceForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("new/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history/<int:pk>/results/", self.history_results_view, name="history_results"),
            *(path(f"{name}/<int:pk>/", view.as_view(), name=name) for name, view in HANDOUTS),
        ]
