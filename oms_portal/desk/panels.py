"""What the admin's first page tells of the portal, to those who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from oms_portal.changes.models import ChangeRequest, RequestState
from oms_portal.erp.models import InboundEvent, Source
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.queries import feed
from oms_portal.notifications.models import Alert
from oms_portal.orders.lateness import late_at
from oms_portal.orders.models import Order
from oms_portal.returns.models import Return
from oms_portal.words.models import UnknownCode

from .health import Figure
from .policies import may
from .queues.tabs import Tab, tabs
from .sources import TONES


# Beyond it a count says only "more than": nobody needs the exact number of trouble like that.
COUNTED = 1_000


class PortalPanel(Component):
    name = "oms_portal"
    order = 50
    template_name = "oms_portal/desk/panel.html"

    def __init__(self, figures: list[Figure]) -> None:
        self.figures = figures

    @property
    def media(self) -> Media:
        return Media(css={"all": ["oms_portal/admin/desk.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"figures": self.figures}


class ReturnsPanel(PortalPanel):
    """What waits at the returns desk, each queue a link to itself."""

    name = "oms_returns"
    order = 51
    template_name = "oms_portal/desk/queues/panel.html"


def add(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panels on the first page, with the figures this person may see, if any."""
    if figures := list(_figures(request.user)):
        panels.append(PortalPanel(figures))
    if may(request.user, "view", Return):
        waiting = tabs(request, "", timezone.now())
        panels.append(ReturnsPanel([_waiting(tab) for tab in waiting]))


def _figures(user: Any) -> Any:
    if may(user, "view", Source):
        yield _feed()
    if may(user, "view", Alert):
        still = Alert.objects.filter(done_at=None)
        missed = still.filter(owner=None, due_at__lt=timezone.now()).exists()
        url = reverse("oms_alerts:index", query={"state": "open"})
        yield _count(_("Open alerts"), still, url, "bad" if missed else "warn")
    if may(user, "view", Command):
        given_up = Command.objects.filter(state=Command.State.DEAD)
        url = reverse("oms_commands:index", query={"state": "dead"})
        yield _count(_("Commands given up"), given_up, url, "bad")
    if may(user, "view", InboundEvent):
        rows = InboundEvent.objects.filter(state=InboundEvent.State.QUARANTINED)
        url = reverse("oms_inbox:index", query={"state": "quarantined"})
        yield _count(_("Events in quarantine"), rows, url, "bad")
    if may(user, "view", ChangeRequest):
        waiting = ChangeRequest.objects.filter(state=RequestState.IN_REVIEW)
        url = reverse("oms_changes:index", query={"state": RequestState.IN_REVIEW.value})
        yield _count(_("Change requests to review"), waiting, url, "warn")
    if may(user, "view", Order):
        late = Order.objects.filter(late_at(timezone.now()), archived_at=None)
        url = reverse("oms_orders:index", query={"late": "true"})
        yield _count(_("Late orders"), late, url, "warn")
    if may(user, "view", UnknownCode):
        url = reverse("oms_unknown_codes:index")
        yield _count(_("Unknown codes"), UnknownCode.objects.all(), url, "warn")


def _waiting(tab: Tab) -> Figure:
    return Figure(str(tab.label), tab.count, tab.url, tab.tone)


def _feed() -> Figure:
    found = feed()
    words = {
        "fresh": _("Up to date"),
        "stale": _("Nothing new for a while"),
        "offline": _("Silent"),
    }
    tone = "" if found.state == "fresh" else TONES[found.state]
    return Figure(_("Feed"), words[found.state], reverse("oms_health:index"), tone)


def _count(label: str, rows: Any, url: str, tone: str) -> Figure:
    count = rows.order_by()[: COUNTED + 1].count()
    words = _("more than %(count)s") % {"count": COUNTED} if count > COUNTED else f"{count}"
    return Figure(label, words, url, tone if count else "")
