"""The words customers read for codes, and the codes that nobody gave a word to yet."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Site

from oms_portal.words.models import Audience, Kind, StatusWord, UnknownCode

from .inspecting import Mirror
from .listings import Listing, Moment, Text, Title
from .word_form import WordForm, languages


_ALL = gettext_lazy("All")


class WordFilters(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, empty_label=_ALL
    )
    audience = django_filters.ChoiceFilter(
        label=gettext_lazy("Shown to"), choices=Audience.choices, empty_label=_ALL
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=languages, empty_label=_ALL
    )
    site = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Site"), queryset=Site.objects.all(), empty_label=_ALL
    )

    class Meta:
        model = StatusWord
        fields: list[str] = []


class WordListing(Listing):
    related = ("site",)
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a word"), url=self.add_url, icon_name="plus")]


class WordCreation(CreateView):
    """``?kind=…&code=…`` fills the form for a code that was seen."""

    def get_initial(self) -> dict[str, Any]:
        asked = {name: self.request.GET.get(name, "")[:200] for name in ("kind", "code")}
        if asked["kind"] not in Kind.values:
            asked.pop("kind")
        return {**super().get_initial(), **asked}


class Words(ModelViewSet):
    model = StatusWord
    name = "oms_words"
    url_prefix = "oms/words"
    icon = "edit"
    menu_label = gettext_lazy("Words for codes")
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    index_view_class = WordListing
    add_view_class = WordCreation
    edit_view_class = EditView
    search_fields = ("code", "word", "text")
    filterset_class = WordFilters
    ordering = ("kind", "code", "language", "pk")
    list_display = [
        Title("word", label=gettext_lazy("Word"), url_name="oms_words:edit"),
        Text("code", label=gettext_lazy("Code"), sort_key="code"),
        Text("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Text("audience", label=gettext_lazy("Shown to"), accessor=lambda row: audience_of(row)),
        Text("language", label=gettext_lazy("Language"), accessor=lambda row: language_of(row)),
        Text("site", label=gettext_lazy("Site"), accessor=lambda row: site_of(row)),
    ]
    list_export = ["kind", "code", "audience", "language", "site", "word", "text"]
    export_filename = "words"

    def get_form_class(self, for_update: bool = False) -> type[WordForm]:
        return WordForm


class GiveWord(Text):
    """A button to the form for a new word, filled with the row's code."""

    cell_template_name = "oms_portal/desk/cells/give_word.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may_add = request.user.has_perm("oms_portal.add_statusword")
        asked = {"kind": instance.kind, "code": instance.code}
        context["url"] = reverse("oms_words:add", query=asked) if may_add else ""
        return context


class UnknownFilters(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, empty_label=_ALL
    )

    class Meta:
        model = UnknownCode
        fields = ["source"]


class UnknownListing(Listing):
    related = ("source",)

    def get_queryset(self) -> QuerySet[UnknownCode]:
        found: QuerySet[UnknownCode] = super().get_queryset()
        return found


class UnknownCodes(Mirror):
    """Read-only: a code leaves the list as soon as it has a word."""

    model = UnknownCode
    name = "oms_unknown_codes"
    url_prefix = "oms/unknown-codes"
    icon = "help"
    menu_label = gettext_lazy("Unknown codes seen")
    index_view_class = UnknownListing
    inspect_view_enabled = False
    search_fields = ("code", "example")
    filterset_class = UnknownFilters
    ordering = ("-last_seen_at", "-pk")
    list_display = [
        Text("code", label=gettext_lazy("Code"), sort_key="code"),
        Text("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Text("source", label=gettext_lazy("Source"), accessor="source.name"),
        Text("times", label=gettext_lazy("Times seen"), sort_key="times"),
        Text("example", label=gettext_lazy("Seen on")),
        Moment("last_seen_at", label=gettext_lazy("Last seen"), sort_key="last_seen_at"),
        GiveWord("give", label="", accessor=lambda row: ""),
    ]
    list_export = ["kind", "code", "source", "times", "first_seen_at", "last_seen_at", "example"]
    export_filename = "unknown-codes"


def audience_of(row: StatusWord) -> str:
    return row.get_audience_display() if row.audience else _("Everybody")


def language_of(row: StatusWord) -> str:
    return str(dict(languages()).get(row.language, row.language)) if row.language else _("All")


def site_of(row: StatusWord) -> str:
    return str(row.site) if row.site_id else _("All")
