"""One order: in full, and at a glance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import lazy

from oms_portal.customers.access import Actor, can
from oms_portal.orders.feed import newest_of, returned
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of
from oms_portal.orders.queries import detail_of, order_of, order_topic
from oms_portal.orders.summary import OrderSummary

from .asking import Asking
from .base import Fragment, Rendered, Spec, register
from .changing import may, order_at, read_may, said_of
from .changing_data import changing_beside
from .changing_shown import states_of as change_states
from .details import show_order
from .drawing import draw
from .heads import announcement
from .returning.beside import returns_beside, said_of_return, with_returns
from .states import states_of
from .telling import say
from .wording import site_param, speaking


# The templates' own indentation is a tenth of a long order's weight.
_INDENTED = re.compile(r"\n\s+")


class OneOrder(Fragment):
    """What it shows hangs on the order and on what is asked of it alone, so all who may see it
    share one text."""

    topic = "order:<pk>"
    needs = "view Order"
    whole: ClassVar[bool]

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``order``: its slug. ``show``: the sections. Of its lines ``find`` (a piece of text),
        ``only`` ("open", "late"), ``group`` ("delivery") and ``lines`` (the page); ``deliveries``
        (the page); ``parcels`` ("no"). What the actor may change of it is in the spec ("may"),
        and whether they may send some of it back ("return")."""
        order = order_of(actor, params.get("order", ""))
        if order is None:
            return None
        asking = Asking.read(order.slug, params)
        verbs = may(actor, order) if self.whole and "changes" in asking.show else ""
        returns = self.whole and "returns" in asking.show and can(actor, "return", order)
        asked = (
            ("order", order.slug),
            *asking.params.items(),
            *((("may", verbs),) if verbs else ()),
            *((("return", "1"),) if returns else ()),
            *site_param(params),
        )
        return Spec(self.name, order_topic(order.pk), asked, language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        order = order_at(spec, with_returns(Order.objects.all()) if self.whole else None)
        if order is None:
            return None
        now = timezone.now()
        params = dict(spec.params)
        asking, verbs = Asking.read(order.slug, params), read_may(params.get("may", ""))
        changing = changing_beside(order, now, verbs) if self.whole else None
        detail = detail_of(order, now, asking.asked(whole=self.whole))
        zone = zone_of(detail.summary.time_zone)
        back = returned(order) if detail.timeline and getattr(order, "returned", False) else ()
        with speaking(spec):
            told = show_order(
                detail, asking, now, whole=self.whole, changing=changing, verbs=verbs, returned=back
            )
            if self.whole and "returns" in asking.show:
                returns = returns_beside(order, now, may="return" in params)
                told = replace(told, returns=returns)
            states = [*states_of(detail, now, zone), *change_states(changing, told.changes)]
            html = draw(spec, version, told, detail.told_at, states)
        html = _INDENTED.sub("\n", html)
        news = lazy(_news, str)(order, detail.summary, spec)
        return Rendered(html, news, audience=(order.company_id, order.ship_to_ref, order.slug))


def _news(order: Order, summary: OrderSummary, spec: Spec) -> str:
    """What lists and feeds say of the same change, so that a page says it once; where it is none
    of theirs, what a request came to, or where the order stands. Asked for by sockets alone."""
    with speaking(spec):
        if entry := newest_of(order):
            return say(entry, zone_of(order.company.time_zone)).text
        if moved := said_of(order, spec):
            return moved
        if returned := said_of_return(order):
            return returned
        return announcement(summary, zone_of(summary.time_zone))


@register
class OrderFragment(OneOrder):
    name = "order"
    whole = True


@register
class TrackerFragment(OneOrder):
    name = "tracker"
    whole = False
