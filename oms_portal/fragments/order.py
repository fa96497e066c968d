"""One order: in full, and at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils import timezone

from oms_portal.customers.access import Actor
from oms_portal.orders.models import Order
from oms_portal.orders.moments import zone_of
from oms_portal.orders.queries import detail_of, order_of, order_topic

from .base import Fragment, Rendered, Spec, register
from .details import show_order
from .drawing import draw
from .heads import announcement
from .wording import site_param, speaking


_TOPIC = "order:"


class OneOrder(Fragment):
    """What it shows hangs on the order alone, so all who may see it share one text."""

    topic = "order:<pk>"
    needs = "view Order"
    whole: ClassVar[bool]

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``order``: its slug."""
        order = order_of(actor, params.get("order", ""))
        if order is None:
            return None
        return Spec(self.name, order_topic(order.pk), (("order", order.slug), *site_param(params)), language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        order = (
            Order.objects.filter(pk=spec.topic.removeprefix(_TOPIC), archived_at=None)
            .select_related("company")
            .first()
        )
        if order is None:
            return None
        detail = detail_of(order, timezone.now())
        with speaking(spec):
            html = draw(spec, version, show_order(detail, whole=self.whole), detail.told_at)
            say = announcement(detail.summary, zone_of(detail.summary.time_zone))
        return Rendered(html, say, audience=(order.company_id, order.ship_to_ref, order.slug))


@register
class OrderFragment(OneOrder):
    name = "order"
    whole = True


@register
class TrackerFragment(OneOrder):
    name = "tracker"
    whole = False
