"""What is asked of one order's fragment: which sections, which lines, which page; as a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from oms_portal.orders import typed
from oms_portal.orders.asked import ONLY, Asked


SECTIONS = ("facts", "lines", "deliveries", "documents", "history", "changes", "returns")
# Nobody types more to find a line, and no order has more pages.
LONGEST, LAST_PAGE = 100, 9999


@dataclass(frozen=True)
class Asking:
    """``slug`` names the order; what is not default is in the query of every link."""

    slug: str
    find: str = ""
    only: str = ""
    grouped: bool = False
    lines: int = 1
    deliveries: int = 1
    show: tuple[str, ...] = SECTIONS
    parcels: bool = True

    @classmethod
    def read(cls, slug: str, params: Mapping[str, str]) -> Asking:
        """From a query of anybody's: what makes no sense counts as not asked."""
        wanted = params.get("show", "").split(",")
        only = params.get("only", "")
        return cls(
            slug,
            find=typed.words(params.get("find", ""), LONGEST),
            only=only if only in ONLY else "",
            grouped=params.get("group", "") == "delivery",
            lines=typed.count(params.get("lines", ""), 1, 1, LAST_PAGE),
            deliveries=typed.count(params.get("deliveries", ""), 1, 1, LAST_PAGE),
            show=tuple(name for name in SECTIONS if name in wanted) or SECTIONS,
            parcels=params.get("parcels", "") != "no",
        )

    @property
    def params(self) -> dict[str, str]:
        """The query that ``read`` makes this of: only what is not default."""
        asked = {
            "find": self.find,
            "only": self.only,
            "group": "delivery" if self.grouped else "",
            "lines": str(self.lines) if self.lines > 1 else "",
            "deliveries": str(self.deliveries) if self.deliveries > 1 else "",
            "show": "" if self.show == SECTIONS else ",".join(self.show),
            "parcels": "" if self.parcels else "no",
        }
        return {name: text for name, text in asked.items() if text}

    @property
    def page(self) -> str:
        return reverse("oms_portal:order", args=[self.slug])

    def url(self, anchor: str = "", **changes: Any) -> str:
        """The order's page as asked, with changes; links within the fragment lead there."""
        query = replace(self, **changes).params
        return reverse("oms_portal:order", args=[self.slug], query=query, fragment=anchor or None)

    def asked(self, *, whole: bool) -> Asked:
        return Asked(
            find=self.find,
            only=self.only,
            grouped=self.grouped,
            page=self.lines,
            deliveries=self.deliveries,
            lines=whole and "lines" in self.show,
            history=whole and "history" in self.show,
        )
