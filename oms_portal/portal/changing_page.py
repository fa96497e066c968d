"""What the forms of changes have in common: their keys, how often they are taken, their page."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from oms_portal.changes.models import new_key
from oms_portal.changes.standing import Standing
from oms_portal.customers.access import actor_of, can
from oms_portal.erp.limits import count
from oms_portal.erp.outbox.queries import away_since, source_of
from oms_portal.fragments.changing_limits import show_limits
from oms_portal.fragments.formats import stamp
from oms_portal.orders.moments import zone_of

from .changing_conflict import seal
from .pages import draw
from .showing import show


# Buttons that send, as a form does that was sent by none (``do`` is missing); all others draw the
# form anew. CHECK waits for another word before it goes on.
SEND, CHECK = "send", "check"
SENDING = (SEND, CHECK)
# So often may one person send a form of a change.
PER_HOUR = 60
HOUR = 3600
TOO_MANY = gettext_lazy(
    "You have sent very many changes within an hour, so this one was not taken. Please wait a while "
    "and send it again."
)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class SeeOther(HttpResponseRedirect):
    """What was posted is done; what came of it is there."""

    status_code = 303


def fresh_key() -> str:
    return new_key()


def key_of(typed: QueryDict) -> str:
    """The form's own key; another where it holds none that we would have made."""
    key = typed.get("idempotency_key", "")
    return key if _KEY.fullmatch(key) else fresh_key()


def too_many(request: HttpRequest) -> bool:
    return count("changes", str(request.user.pk), seconds=HOUR) > PER_HOUR


def busy(request: HttpRequest) -> HttpResponse:
    page = draw(request, "oms_portal/portal/changes/busy.html", {"words": TOO_MANY}, status=429)
    return later(page)


def later(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(HOUR)
    return response


def draw_form(
    request: HttpRequest, name: str, standing: Standing, key: str, **context: Any
) -> HttpResponse:
    """The page of a form of this order, with all that it says besides its fields."""
    order, status = standing.order, context.pop("status", 200)
    verbs = {verb for verb in ("change", "cancel") if can(actor_of(request), verb, order)}
    context |= {
        "order": order,
        "action": request.get_full_path(),
        "verbs": verbs,
        "offered": bool(standing.aspects),
        "deliveries": show_limits(standing, verbs),
        "live": show(request, "changes", order=order.slug),
        "live_source": reverse("oms_portal:fragment_changes", args=[order.slug]),
        "away": _away(standing),
        "key": key,
        "version": standing.basis,
        "seen": seal(standing),
    }
    return draw(request, f"oms_portal/portal/changes/{name}.html", context, status)


def _away(standing: Standing) -> Any:
    """Since when the order's ERP is not reached, as a <time>; nothing while it is."""
    source = source_of("order", standing.order.ref)
    since = away_since(source.slug) if source else None
    return stamp(since, zone_of(standing.zone)) if since else ""
