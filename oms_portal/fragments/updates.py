"""Delivery updates: what moved across a customer's orders, newest first, with what is new marked.

What is new hangs on when a person last looked, so that moment is a part of the spec: people who
looked at different moments have texts of their own, and only here. It is nobody's secret, and a
push keeps it: what comes in while the page is open is new as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms_portal.customers.access import Actor
from oms_portal.customers.models import Company
from oms_portal.orders import feed, typed
from oms_portal.orders.feed import Entry, FeedPage, Kinds
from oms_portal.orders.locales import day
from oms_portal.orders.moments import day_of, zone_of
from oms_portal.orders.updates import News

from .base import Rendered, Spec, register
from .company import CompanyFragment
from .drawing import draw
from .formats import clock_stamp
from .shown import Chip, PageLink
from .telling import linked, look, more, say
from .wording import speaking


SIZE, SMALLEST, LARGEST = 20, 3, 50


@dataclass(frozen=True)
class Told:
    """An entry: what moved, in a sentence with a link to the order, or to the return."""

    look: Chip
    words: SafeString
    more: str
    reference: str
    company: str
    at: SafeString
    new: bool


@dataclass(frozen=True)
class Day:
    heading: str
    date: str
    entries: list[Told]


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Shown:
    """``kept`` are the hidden fields of the form that asks for an order's number."""

    days: list[Day]
    tabs: list[Tab] = field(default_factory=list)
    pages: list[PageLink] = field(default_factory=list)
    number: str = ""
    all_url: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
    unread: str = ""
    several_companies: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked of the feed, and how its address says so."""

    kinds: Kinds = Kinds.ALL
    number: str = ""
    before: str = ""
    size: int = SIZE
    tools: bool = True

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Query:
        before = params.get("before", "")
        return cls(
            kinds=feed.kinds_of(params.get("kinds", "")),
            number=params.get("number", "").replace("\0", "").strip()[:250].strip(),
            before=before if feed.read_cursor(before) else "",
            size=typed.count(params.get("size", ""), SIZE, SMALLEST, LARGEST),
            tools=params.get("tools", "") != "0",
        )

    @property
    def params(self) -> dict[str, str]:
        """Everything that is not as it is by itself."""
        asked = {
            "kinds": self.kinds.value,
            "number": self.number,
            "before": self.before,
            "size": "" if self.size == SIZE else str(self.size),
            "tools": "" if self.tools else "0",
        }
        return {name: value for name, value in asked.items() if value}

    def url(self, **changes: Any) -> str:
        query = replace(self, **{"before": "", **changes}).params
        return reverse("oms_portal:updates", query=query)


@register
class UpdatesFragment(CompanyFragment):
    name = "updates"
    personal = "oms_portal/fragments/updates_own.html"

    def own(self, actor: Actor, spec: Spec) -> dict[str, Any]:
        return {"company_id": spec["company"]}

    def asked(self, params: Mapping[str, str]) -> Mapping[str, str]:
        """``kinds`` (a ``feed.Kinds``), ``number`` (an order's), ``before`` (a cursor), ``size``,
        ``tools`` ("0": no filters), ``since`` (what came after is new; in milliseconds since
        1970)."""
        since = params.get("since", "")
        return {**Query.read(params).params, **({"since": since} if read_since(since) else {})}

    def render(self, spec: Spec, version: int) -> Rendered:
        actor, params = Actor.of_rights(spec["rights"]), dict(spec.params)
        query, zone = Query.read(params), company_zone(spec["company"])
        page = feed.page_of(actor, query.size, query.before, query.kinds, query.number, zone=zone)
        since = read_since(params.get("since", ""))
        unread = feed.unread(actor, since) if since else 0
        with speaking(spec):
            shown = show(page, query, zone, timezone.now(), since, unread)
            newest = max((entry.noted_at for entry in page.entries), default=None)
            html = draw(spec, version, shown, newest, [] if page.entries else ["empty"])
            return Rendered(html, news(actor, spec.topic, zone))


def news(actor: Actor, topic: str, zone: tzinfo) -> str:
    """The sentence to announce: what the last change of the topic brought, "" for no news. The
    same in every widget, so that a page with several says it once."""
    entry = feed.newest(actor, topic)
    return say(entry, zone).text if entry else ""


def company_zone(pk: str) -> tzinfo:
    name = Company.objects.filter(pk=pk).values_list("time_zone", flat=True).first()
    return zone_of(name or "")


def show(
    page: FeedPage,
    query: Query,
    zone: tzinfo,
    now: datetime,
    since: datetime | None = None,
    unread: int = 0,
) -> Shown:
    companies = {entry.company for entry in page.entries}
    return Shown(
        days=list(_days(page, zone, now, since, several=len(companies) > 1)),
        tabs=_tabs(query) if query.tools else [],
        pages=list(_pages(page, query)),
        number=query.number,
        all_url=query.url(number="") if query.number else "",
        kept=[item for item in query.params.items() if item[0] in ("kinds", "size")],
        unread=_unread(unread),
        several_companies=len(companies) > 1,
    )


def _days(
    page: FeedPage, zone: tzinfo, now: datetime, since: datetime | None, *, several: bool
) -> Iterator[Day]:
    for each, entries in groupby(page.entries, key=lambda entry: day_of(entry.at, zone)):
        told = [_told(entry, zone, since, several=several) for entry in entries]
        yield Day(_heading(each, day_of(now, zone), zone), each.isoformat(), told)


def _heading(each: date, today: date, zone: tzinfo) -> str:
    if each == today:
        return _("Today")
    return _("Yesterday") if each == today - timedelta(days=1) else day(each, zone)


def _told(entry: Entry, zone: tzinfo, since: datetime | None, *, several: bool) -> Told:
    return Told(
        look=look(entry),
        words=linked(entry, zone),
        more=more(entry, zone),
        reference="" if entry.kind == News.RETURN else entry.order.customer_reference,
        company=entry.company if several else "",
        at=clock_stamp(entry.at, zone),
        new=since is not None and entry.noted_at > since,
    )


def _tabs(query: Query) -> list[Tab]:
    return [Tab(str(each.label), query.url(kinds=each), each == query.kinds) for each in Kinds]


def _pages(page: FeedPage, query: Query) -> Iterator[PageLink]:
    if query.before:
        yield PageLink("first", _("Newest updates"), query.url())
    if page.next:
        yield PageLink("next", _("Older updates"), query.url(before=page.next))


def _unread(count: int) -> str:
    if not count:
        return ""
    if count >= feed.MANY:
        return _("More than %(n)s updates since your last visit") % {"n": feed.MANY - 1}
    words = ngettext(
        "%(n)s update since your last visit", "%(n)s updates since your last visit", count
    )
    return words % {"n": count}


def since_of(moment: datetime) -> str:
    """A moment as the spec keeps it; never later than it is."""
    return str(int(moment.timestamp() * 1000))


def read_since(text: str) -> datetime | None:
    milliseconds = typed.key(text) if len(text) < 15 else None
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
