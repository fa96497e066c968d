"""How somebody looks at the order list: filters, sort, rows, columns; as the query of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oms_portal.orders import typed
from oms_portal.orders.filters import Filters
from oms_portal.orders.sorting import Sort, sort_of


SIZE, SMALLEST, LARGEST = 20, 5, 100
# In the order they stand in; the order's number is always there.
COLUMNS = {
    "order": _("Order"),
    "reference": _("Your reference"),
    "company": _("Company"),
    "status": _("Status"),
    "due": _("Delivery"),
    "items": _("Items"),
    "ship_to": _("Ship to"),
    "by": _("Placed by"),
    "placed": _("Placed"),
    "total": _("Total"),
}
USUAL = ("order", "status", "due", "ship_to", "placed", "total")
# What an editor may leave out of a block.
PARTS = ("search", "filters", "columns", "views", "export")


@dataclass(frozen=True)
class Browsing:
    """Read from anybody's query: what makes no sense counts as not asked."""

    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.NEWEST
    size: int = SIZE
    columns: tuple[str, ...] = USUAL
    hidden: tuple[str, ...] = ()

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Browsing:
        columns = {"order", *params.get("columns", "").split(",")}
        chosen = tuple(name for name in COLUMNS if name in columns)
        hidden = params.get("hide", "").split(",")
        return cls(
            Filters.read(params),
            sort_of(params.get("sort", "")),
            typed.count(params.get("size", ""), SIZE, SMALLEST, LARGEST),
            chosen if len(chosen) > 1 or params.get("columns") == "order" else USUAL,
            tuple(name for name in PARTS if name in hidden),
        )

    @property
    def asked(self) -> dict[str, str]:
        """What is not as usual, beside sort and size."""
        columns = "" if self.columns == USUAL else ",".join(self.columns)
        asked = {**self.filters.params, "columns": columns, "hide": ",".join(self.hidden)}
        return {name: text for name, text in asked.items() if text}

    @property
    def params(self) -> dict[str, str]:
        """The query that ``read`` makes this of."""
        return {"sort": self.sort.value, "size": str(self.size), **self.asked}

    def shows(self, part: str) -> bool:
        return part not in self.hidden

    def url(self, before: str = "", *, page: str = "orders", **changes: Any) -> str:
        """The list so, with changes; ``before`` is a cursor."""
        params = replace(self, **changes).params | ({"before": before} if before else {})
        return reverse(f"oms_portal:{page}", query=params)

    def filtered(self, **changes: Any) -> str:
        """The list with other filters."""
        return self.url(filters=replace(self.filters, **changes))
