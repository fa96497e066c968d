"""How fresh the page is: "as of 14:02", or that we hear nothing from our order system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from django.db.models import Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oms_portal.customers.access import Actor
from oms_portal.customers.models import Company
from oms_portal.erp.queries import FEED, Freshness, heard, watched
from oms_portal.orders.moments import day_of, zone_of

from . import shown
from .base import Fragment, Rendered, Spec, register
from .company import company_asked
from .drawing import draw
from .formats import clock, moment


@register
class FreshnessFragment(Fragment):
    name = "freshness"
    topic = "feed"
    needs = "view Company"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``company`` (pk; the actor's first where none is given)."""
        company_id = company_asked(actor, params.get("company", ""))
        if company_id is None or not actor.at(company_id):
            return None
        return Spec(self.name, FEED, (("company", str(company_id)),), language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        company = Company.objects.filter(pk=spec["company"]).values("ref", "time_zone")
        # With each source comes the customer: one query where there are sources.
        beside = {name: Subquery(company.values(name)) for name in ("ref", "time_zone")}
        sources = list(watched().annotate(**beside))
        told = vars(sources[0]) if sources else company.first()
        if told is None or told["ref"] is None:
            return None
        now = timezone.now()
        freshness = heard(told["ref"], now, sources)
        with translation.override(spec.language):
            words = show_freshness(freshness, zone_of(told["time_zone"]), now)
            html = draw(spec, version, words, freshness.as_of)
        # The clock moves every minute: only bad news is worth interrupting for.
        return Rendered(html, "" if freshness.state == "fresh" else words.words)


def show_freshness(freshness: Freshness, zone: tzinfo, now: datetime) -> shown.Freshness:
    """The state in the customer's words; the time alone is said of today, else the day too."""
    if freshness.as_of is None:
        if freshness.state == "fresh":
            return shown.Freshness(_("Up to date."), "check", "ok")
        return shown.Freshness(_("We are waiting for our order system."), "alert", "warn")
    today = day_of(now, zone) == day_of(freshness.as_of, zone)
    at = {"time": clock(freshness.as_of, zone) if today else moment(freshness.as_of, zone)}
    if freshness.state == "fresh":
        return shown.Freshness(_("As of %(time)s.") % at, "check", "ok")
    if freshness.state == "stale":
        words = _("As of %(time)s. Newer changes may still be on their way to this page.")
        return shown.Freshness(words % at, "clock", "warn")
    words = _(
        "As of %(time)s. Our order system can’t be reached at the moment; "
        "this page catches up as soon as it is back."
    )
    return shown.Freshness(words % at, "alert", "bad")
