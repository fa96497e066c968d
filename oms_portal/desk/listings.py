"""Lists over many rows: pages without a full count, plain texts, exports that start no formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.coreutils import multigetattr

from oms_portal.orders.sheets import safe, separated

from .texts import plain


# Nobody pages to row 5,001; beyond it a list says "more than".
COUNTED = 5_000
EXPORTED_AT_ONCE = 1_000
# Sorts after every text that begins alike.
LAST = "\U0010ffff"


class Paginator(WagtailPaginator):
    """Counts to COUNTED and no further; what lies beyond is found by searching."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_cut(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Any] = self.object_list
        return rows.order_by()[: COUNTED + 1].count()

    @property
    def items_count_label(self) -> str:
        if self.is_cut:
            return _("More than %(count)s %(things)s") % {
                "count": f"{COUNTED:,}",
                "things": self.verbose_name_plural,
            }
        return str(super().items_count_label)


class Text(Column):
    """A told text, or ``accessor(row)``, as plain as it gets. Narrow screens show what a cell is
    before it, for there the heads of columns are gone."""

    cell_template_name = "oms_portal/desk/cells/text.html"

    def get_value(self, instance: Any) -> Any:
        value = super().get_value(instance)
        return plain(value) if isinstance(value, str) else value


class Title(TitleColumn):
    def get_value(self, instance: Any) -> Any:
        return plain(super().get_value(instance))


class Moment(Text):
    """A point in time, in the zone of the person at the desk."""

    cell_template_name = "oms_portal/desk/cells/moment.html"


class Word(Text):
    """A state as a tag; ``tones(row)`` gives "ok", "warn", "bad" or nothing."""

    cell_template_name = "oms_portal/desk/cells/word.html"

    def __init__(self, *args: Any, tone: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tone = tone

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["tone"] = self.tone(instance) if self.tone else ""
        return context


class Active(Word):
    """Whether a row counts at all, by its column of that name."""

    def __init__(self) -> None:
        super().__init__(
            "active",
            label=gettext_lazy("Active"),
            tone=lambda row: "ok" if row.active else "",
        )

    def get_value(self, instance: Any) -> str:
        return _("yes") if instance.active else _("no")


class Listing(IndexView):
    """``related`` are joined, ``only`` the columns that are read."""

    paginator_class = Paginator
    template_name = "oms_portal/desk/index.html"
    results_template_name = "oms_portal/desk/results.html"
    any_permission_required = ["view"]
    related: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    # Looked in by search_queryset; a listing that looks elsewhere overrides it.
    search_fields: tuple[str, ...] = ()
    # What an export says in place of the columns of these names.
    said: Mapping[str, Callable[[Any], str]] = {}

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_base_queryset()
        return rows.select_related(*self.related).defer(*self.deferred)

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[bytes]:
        """As Wagtail's, but a few rows at a time in memory."""
        return super().stream_csv(_Rows(queryset))

    def write_xlsx(self, queryset: QuerySet[Any], output: Any) -> None:
        super().write_xlsx(_Rows(queryset), output)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {
            name: self.said[name](item) if name in self.said else multigetattr(item, name)
            for name in self.list_export
        }

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        cell = super().preprocess_field_value(field, value, export_format)
        harmless = separated if export_format == self.FORMAT_CSV else safe
        return harmless(cell) if isinstance(cell, str) else cell


def beginning(name: str, words: str) -> Q:
    """What begins with these words as typed or in capitals, by an index of ``name``.

    PostgreSQL's (of patterns) answers LIKE, SQLite's a range.
    """
    found = Q()
    for text in {words, words.upper()}:
        if connection.vendor == "postgresql":
            found |= Q(**{f"{name}__startswith": text})
        else:
            found |= Q(**{f"{name}__gte": text, f"{name}__lt": text + LAST})
    return found


def among(rows: QuerySet[Any], *found: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows whose pk is in one of ``found``: each is led by an index of its own, which
    they are not where they are one condition with "or"."""
    pks = rows.model._default_manager.none().values("pk").union(*found, all=True)
    return rows.filter(pk__in=pks)


class _Rows:
    """A queryset that is walked through once and remembers nothing."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.model = rows.model
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return self._rows.iterator(chunk_size=EXPORTED_AT_ONCE)
