"""The changes of one order: what can still be changed till when, what was asked for, and what came
of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy

from oms_portal.customers.access import Actor, can
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.models import Order
from oms_portal.orders.queries import order_of
from oms_portal.orders.summary import summary_of

from .base import Fragment, Rendered, Spec, register
from .changing_data import Changing, changing_of, last_move, prepared
from .changing_limits import VERBS
from .changing_shown import PARTS, hide, show_changes, states_of
from .changing_states import announcement
from .drawing import draw
from .shown_changes import Changes
from .wording import site_param, speaking


def may(actor: Actor, order: Order) -> str:
    """The verbs that somebody holds for an order, as a spec keeps them: "change,cancel"."""
    return ",".join(verb for verb in VERBS if can(actor, verb, order))


def read_may(text: str) -> frozenset[str]:
    return frozenset(VERBS) & frozenset(text.split(","))


@register
class ChangesFragment(Fragment):
    """What a person may do is in the spec, so all who may the same share one text."""

    name = "changes"
    topic = "order:<pk>"
    needs = "view Order"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        """``order``: its slug. ``hide``: parts ("requests", "limits", "cancel"), joined by commas."""
        order = order_of(actor, params.get("order", ""))
        if order is None:
            return None
        hidden = params.get("hide", "").split(",")
        asked = {
            "order": order.slug,
            "may": may(actor, order),
            "hide": ",".join(part for part in PARTS if part in hidden),
        }
        kept = tuple((name, text) for name, text in asked.items() if text)
        return Spec(self.name, order_topic(order.pk), (*kept, *site_param(params)), language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        order = order_at(spec)
        if order is None:
            return None
        now = timezone.now()
        changing, asked = changing_of(order, now), dict(spec.params)
        summary = summary_of(order, now)
        with speaking(spec):
            shown = show_changes(changing, summary, read_may(asked.get("may", "")))
            told = hide(shown, asked.get("hide", "").split(","))
            html = draw(spec, version, told, order.told_at, all_states(changing, told))
        news = lazy(said_of, str)(order, spec)
        return Rendered(html, news, audience=(order.company_id, order.ship_to_ref, order.slug))


def order_at(spec: Spec, orders: QuerySet[Order] | None = None) -> Order | None:
    """The order of a spec, with its company; among ``orders``, where some are given."""
    rows = Order.objects.all() if orders is None else orders
    orders = rows.filter(pk=spec.topic.partition(":")[2], archived_at=None)
    return prepared(orders.select_related("company").defer("history")).first()


def said_of(order: Order, spec: Spec) -> str:
    """The sentence on the request that moved last; "" where something else did. For sockets."""
    with speaking(spec):
        step = last_move(order)
        return announcement(step.request, step.state, order.number) if step else ""


def all_states(changing: Changing, shown: Changes) -> list[str]:
    """Those of ``states_of``, change_pending, and empty."""
    pending = ["change_pending"] if changing.open else []
    return [*states_of(changing, shown), *pending, *([] if shown.says else ["empty"])]
