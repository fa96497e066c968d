"""That a return is open in somebody's browser: said by its page, and told to the others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.desk.policies import may
from oms_portal.desk.station.settings import station_of
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.receipts.waiting import presence

from .columns import names


# Whoever can do none of these only looks, and is in nobody's way.
WORKING = ("decide", "receive", "inspect", "lead")


class Presence(PermissionCheckedMixin, View):
    """GET tells who else is at it, as words; POST says besides that one is at it oneself."""

    model = Return
    permission_required = "view"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rma = get_object_or_404(Return.objects.exclude(state__in=PRIVATE), pk=pk)
        told = {"at_it": others(rma, request.user)}
        answer = render(request, "oms_portal/desk/queues/others.html", told)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        say(request, get_object_or_404(Return.objects.exclude(state__in=PRIVATE), pk=pk))
        return self.get(request, pk)


def say(request: HttpRequest, rma: Return) -> None:
    """That this person is at it, if they can do anything to it."""
    user: Any = request.user
    if any(may(user, verb, Return) for verb in WORKING):
        presence.here(rma, user, station_of(request).name, timezone.now())


def others(rma: Return, user: Any) -> str:
    """Kim (dock 2), Sam"""
    return names(presence.others([rma.pk], user, timezone.now()).get(rma.pk, ()))
