"""One request of a customer: where it stands, its values beside the order's, what happened to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.changes.models import PRIVATE, ChangeEvent, ChangeRequest
from oms_portal.changes.scope import zone_for
from oms_portal.customers.access import Actor, visible
from oms_portal.orders.announcing import order_topic
from oms_portal.orders.locales import isolated

from .base import Fragment, Rendered, Spec, register
from .changing import may, read_may
from .changing_data import Changing, changing_with
from .changing_requests import show_requests
from .changing_states import announcement, said
from .drawing import draw
from .formats import stamp
from .shown_changes import Request
from .shown_order import Happened
from .wording import site_param, speaking


# What people did, where that is not what the state says that it led to.
_DID: Mapping[str, str | Lazy] = {
    "accept": gettext_lazy("Our offer was accepted."),
    "decline": gettext_lazy("Our offer was declined."),
    "approve": gettext_lazy("We agreed to it."),
    "retry": gettext_lazy("It is passed on once more."),
    "requeue": gettext_lazy("It is passed on once more."),
}


@dataclass(frozen=True)
class OneChange:
    """``history`` is the newest first."""

    request: Request
    history: list[Happened]


@register
class ChangeFragment(Fragment):
    """What was never sent is its author's alone and has no fragment. ``change`` is the request's key;
    with ``order`` alone, a slug, it is the newest of that order."""

    name = "change_request"
    topic = "order:<pk>"
    needs = "view ChangeRequest"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        slug, key = params.get("order", ""), params.get("change", "")
        if "\0" in slug + key:
            return None
        rows = visible(actor, ChangeRequest).filter(
            order__archived_at=None, submitted_at__isnull=False
        )
        named = rows.filter(key=key) if key else rows.filter(order__slug=slug)
        found = named.select_related("order").first()
        if found is None:
            return None
        verbs = may(actor, found.order)
        asked = (("change", found.key), *((("may", verbs),) if verbs else ()))
        spec = (*asked, *site_param(params))
        return Spec(self.name, order_topic(found.order_id), spec, language)

    def render(self, spec: Spec, version: int) -> Rendered | None:
        rows = ChangeRequest.objects.filter(key=spec["change"], order__archived_at=None)
        request = rows.select_related("order__company", "command", "requested_by").first()
        if request is None:
            return None
        order, now = request.order, timezone.now()
        changing = changing_with(request, now)
        with speaking(spec):
            shown = show_one(request, changing, read_may(dict(spec.params).get("may", "")))
            html = draw(spec, version, shown, now_of(request), states_of(request))
        news = lazy(_news, str)(request, spec)
        return Rendered(html, news, audience=(order.company_id, order.ship_to_ref, order.slug))


def show_one(request: ChangeRequest, changing: Changing, verbs: Collection[str]) -> OneChange:
    """A request among those of its order, in the active language, for who may do ``verbs``."""
    told = show_requests(
        changing.requests, changing.standing, changing.names, verbs, away=changing.away is not None
    )
    shown = dict(zip((each.key for each in changing.requests), told, strict=True))
    events = request.events.select_related("actor").exclude(state__in=PRIVATE)
    zone = zone_for(changing.standing, request)
    return OneChange(
        shown[request.key], list(_history(events.order_by("-at", "-pk"), request, zone))
    )


def states_of(request: ChangeRequest) -> list[str]:
    """Its state, and whether it is over."""
    return [request.state, *([] if request.is_open else ["over"])]


def now_of(request: ChangeRequest) -> datetime:
    return request.closed_at or request.submitted_at or request.created_at


def _history(
    events: Iterable[ChangeEvent], request: ChangeRequest, zone: tzinfo
) -> Iterator[Happened]:
    for event in events:
        words = str(_DID.get(event.verb) or said(request, event.state))
        yield Happened(stamp(event.at, zone), words, _who(event))


def _who(event: ChangeEvent) -> str:
    """Whose step it was: customers by name, staff as a team; the rest happens by itself."""
    if event.source == "staff":
        return _("Our team")
    if event.source != "customer" or event.actor is None:
        return ""
    return isolated(event.actor.get_full_name() or event.actor.email)


def _news(request: ChangeRequest, spec: Spec) -> str:
    with speaking(spec):
        return announcement(request, request.state, request.order.number)
