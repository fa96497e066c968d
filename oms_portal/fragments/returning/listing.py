"""The returns of a company: a page of what its person may see, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from oms_portal.customers.access import VERBS, Actor, visible
from oms_portal.orders import typed
from oms_portal.orders.locales import day
from oms_portal.orders.moments import read, write, zone_of
from oms_portal.orders.paging import after, first
from oms_portal.returns.kinds import OPEN, PRIVATE, Kind
from oms_portal.returns.models import Return
from oms_portal.returns.moving import returns_topic

from ..base import Rendered, Spec, register
from ..company import CompanyFragment
from ..drawing import draw
from ..shown import PageLink
from ..wording import speaking
from . import shown
from .data import by_return, last_moved
from .rows import show_row
from .words import announcement


SIZE, SMALLEST, LARGEST = 10, 3, 50
DRAFTS = 5
_KEYS = ("-created_at", "-pk")


@dataclass(frozen=True)
class Query:
    """``kinds`` in their order, all where none is named; ``open``: none that is over; ``steps``:
    each open one with its steps; ``before`` is a cursor."""

    kinds: tuple[str, ...] = ()
    open: bool = False
    steps: bool = False
    size: int = SIZE
    before: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Query:
        """From anybody's query: what makes no sense counts as not asked."""
        wanted, before = params.get("kind", "").split(","), params.get("before", "")
        return cls(
            tuple(kind for kind in Kind.values if kind in wanted),
            params.get("state", "") == "open",
            params.get("style", "") == "steps",
            typed.count(params.get("size", ""), SIZE, SMALLEST, LARGEST),
            before if place_of(before) else "",
        )

    @property
    def params(self) -> dict[str, str]:
        """The query that ``read`` makes this of: only what is not as usual."""
        asked = {
            "kind": ",".join(self.kinds),
            "state": "open" if self.open else "",
            "style": "steps" if self.steps else "",
            "size": str(self.size) if self.size != SIZE else "",
            "before": self.before,
        }
        return {name: text for name, text in asked.items() if text}

    def url(self, **changes: Any) -> str:
        """The page of all returns as asked, with changes, from the start."""
        query = replace(self, **{"before": "", **changes}).params
        return reverse("oms_portal:returns", query=query or None)


@register
class ReturnListFragment(CompanyFragment):
    name = "returns"
    topic = "returns:<company>"
    needs = "view Return"

    def topic_at(self, company_id: int) -> str:
        return returns_topic(company_id)

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``kind`` (joined by commas), ``state`` ("open"), ``style`` ("steps"), ``size``,
        ``before``."""
        return Query.read(params).params

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        found = super().spec(actor, params, language)
        if found is None or not entitled(actor.at(int(found["company"]))):
            return found
        return replace(found, params=(*found.params, ("may", "return")))

    def render(self, spec: Spec, version: int) -> Rendered:
        query, actor = Query.read(dict(spec.params)), Actor.of_rights(spec["rights"])
        found = page_of(actor, query)
        lines = by_return([rma.pk for rma in found[: query.size]])
        with speaking(spec):
            rows = [
                show_row(rma, lines.get(rma.pk, []), with_steps=query.steps)
                for rma in found[: query.size]
            ]
            shown = show_page(rows, query, _next(found, query), may="may" in dict(spec.params))
            states = ["empty"] if not rows and not query.open else []
            html = draw(spec, version, shown, None, states or _states(found))
        return Rendered(html, lazy(_news, str)(actor, spec))


def entitled(actor: Actor) -> Actor:
    """The same person, through those of their grants by which goods may be sent back."""
    grants = tuple(grant for grant in actor.grants if grant.role in VERBS["return"])
    return Actor(actor.user_id, grants)


def drafts_of(actor: Actor, company_id: int) -> list[shown.Way]:
    """The ways back to what this person began at a company and did not send, the newest first."""
    mine = entitled(actor.at(company_id))
    rows = visible(mine, Return).filter(requested_by=actor.user_id, state__in=PRIVATE)
    return [
        shown.Way(day(rma.created_at, zone_of(rma.company.time_zone)), _url(rma))
        for rma in rows.select_related("company").order_by(*_KEYS)[:DRAFTS]
    ]


def _url(rma: Return) -> str:
    return reverse("oms_portal:return", args=[rma.number])


def page_of(actor: Actor, query: Query) -> list[Return]:
    """One more than the page holds, where there are more; one query."""
    where = ~Q(state__in=PRIVATE)
    if query.open:
        where &= Q(state__in=OPEN)
    if query.kinds:
        where &= Q(kind__in=query.kinds)
    place = place_of(query.before)
    cuts = after(_KEYS, place) if place else [Q()]
    return list(first(actor, Return, where, _KEYS, query.size + 1, cuts).select_related("company"))


def place_of(text: str) -> Mapping[str, Any] | None:
    """Where a cursor leads; None where it is none of ours."""
    moment, _sign, pk = text.rpartition("~")
    try:
        return {"created_at": read(moment), "pk": int(pk)} if typed.key(pk) is not None else None
    except (ValueError, OverflowError):
        return None


def show_page(rows: list[shown.Row], query: Query, further: str, *, may: bool) -> shown.Listed:
    return shown.Listed(
        rows=rows,
        choices=[
            shown.Choice(_("All"), query.url(open=False), not query.open),
            shown.Choice(_("Open"), query.url(open=True), query.open),
        ],
        pages=list(_pages(query, further)),
        start_url=reverse("oms_portal:return_new") if may else "",
        narrowed=query.open,
        all_url=query.url(open=False),
        several_companies=len({row.company for row in rows}) > 1,
    )


def _next(found: list[Return], query: Query) -> str:
    if len(found) <= query.size:
        return ""
    last = found[query.size - 1]
    return f"{write(last.created_at)}~{last.pk}"


def _pages(query: Query, further: str) -> Iterator[PageLink]:
    if query.before:
        yield PageLink("first", _("Newest returns"), query.url())
    if further:
        yield PageLink("next", _("Older returns"), query.url(before=further))


def _states(found: Iterable[Return]) -> list[str]:
    return ["return_open"] if any(rma.state in OPEN for rma in found) else []


def _news(actor: Actor, spec: Spec) -> str:
    """Of the return that moved, whichever page it is on; asked for by sockets alone."""
    with speaking(spec):
        rma = last_moved(actor, spec.topic)
        return announcement(rma) if rma else ""
