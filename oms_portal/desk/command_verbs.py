"""Commands sent again and given up. Whoever presses twice, or at once with others, does it once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.erp.inbox import writing
from oms_portal.erp.outbox.actions import abandon, patience, replay
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.moves import WAITING
from oms_portal.notifications import alerts
from oms_portal.orders import typed

from .logs import note


State = Command.State
# So many are sent again by one press.
AT_ONCE = 100
LONGEST_REASON = 200


class _Verb(PermissionCheckedMixin, View):
    model = Command
    permission_required = "replay"
    http_method_names = ["post"]


class SendAgain(_Verb):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        command = get_object_or_404(Command, pk=pk)
        if send_again(command, request.user):
            messages.success(request, _("It is on its way again, under the same key."))
        else:
            messages.warning(request, _changed(command))
        return redirect("oms_commands:inspect", pk)


class SendAgainMany(_Verb):
    def post(self, request: HttpRequest) -> HttpResponse:
        keys = map(typed.key, request.POST.getlist("id")[:AT_ONCE])
        found = Command.objects.filter(pk__in=[key for key in keys if key is not None])
        done = [send_again(command, request.user) for command in found.order_by("pk")]
        if not done:
            messages.warning(request, _("No command was marked."))
        for count, tell, words in (
            (sum(done), messages.success, ngettext(
                "%(count)s command is on its way again.",
                "%(count)s commands are on their way again.",
                sum(done),
            )),
            (len(done) - sum(done), messages.warning, ngettext(
                "%(count)s command is no longer given up; nothing was done to it.",
                "%(count)s commands are no longer given up; nothing was done to them.",
                len(done) - sum(done),
            )),
        ):  # fmt: skip
            if count:
                tell(request, words % {"count": count})
        return redirect(_back(request))


class GiveUp(_Verb):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        command = get_object_or_404(Command, pk=pk)
        reason = typed.words(request.POST.get("reason", ""), LONGEST_REASON)
        if not reason:
            messages.error(request, _("Please say why it is given up. Nothing was done."))
        elif give_up(command, request.user, reason):
            messages.success(request, _("It was given up. Please tell the customer."))
        else:
            messages.warning(request, _changed(command))
        return redirect("oms_commands:inspect", pk)


def send_again(command: Command, user: Any) -> bool:
    with writing():
        if not replay(command.pk):
            return False
        note(command, "send_again", user, order=command.order_ref)
        return True


def give_up(command: Command, user: Any, reason: str) -> bool:
    about = f"command:{command.pk}"
    with writing():
        if not abandon(command.pk, reason):
            return False
        note(command, "give_up", user, order=command.order_ref, reason=reason)
        command.refresh_from_db()
        if command.state == State.DEAD:
            alerts.acknowledge("command_dead", about, user, reason, order_ref=command.order_ref)
        else:
            alerts.finish_about(about, user, reason)
        return True


def can_be_given_up(command: Command, now: datetime) -> bool:
    """Whether ``abandon`` would, as far as can be told before."""
    if command.state == State.SENT:
        return command.lease_until is not None and command.lease_until < now
    if command.state == State.ACCEPTED:
        return command.accepted_at is not None and command.accepted_at < now - patience()
    return command.state in (*WAITING, State.DEAD)


def _changed(command: Command) -> str:
    """It came to another state since the page was drawn: by somebody else, a worker or the ERP."""
    command.refresh_from_db()
    words = _("Nothing was done: it is in another state by now, which is: %(state)s.")
    return words % {"state": command.get_state_display()}


def _back(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()})
    return url if safe else reverse("oms_commands:index")
