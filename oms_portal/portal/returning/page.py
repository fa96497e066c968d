"""What all steps have in common: how often they are taken, their frame, and what moved meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from oms_portal.erp.limits import count
from oms_portal.fragments.shown_changes import Wanted
from oms_portal.returns.models import Return

from ..changing_page import HOUR, later
from ..changing_scope import Trouble
from ..pages import draw
from .judging import reached
from .seen import moved_since, seal
from .steps import stages


FORM = ("GET", "HEAD", "POST")
# So often may one person send a step of a return.
PER_HOUR = 300
TOO_MANY = gettext_lazy(
    "You have sent very many forms within an hour, so this one was not taken. Please wait a while "
    "and send it again."
)
TWICE = gettext_lazy("You sent this form before. If you want this too, send it again.")


def too_many(request: HttpRequest) -> bool:
    return count("returns", str(request.user.pk), seconds=HOUR) > PER_HOUR


def moved(request: HttpRequest, rma: Return) -> list[Wanted] | None:
    """What another window has changed since the form was drawn; None where nothing has."""
    if request.POST.get("version") == str(rma.version):
        return None
    return moved_since(request.POST.get("seen", ""), rma)


def draw_step(
    request: HttpRequest,
    name: str,
    rma: Return | None,
    key: str,
    *,
    here: str,
    status: int = 200,
    troubles: Iterable[Trouble] = (),
    **context: Any,
) -> HttpResponse:
    """The page of one step. Of a form that came too often all that was typed is on it, too."""
    said = [*([Trouble("", "", str(TOO_MANY))] if status == 429 else []), *troubles]
    context |= {
        "rma": rma,
        "stages": stages(here, rma, reached(rma) if rma else here),
        "action": request.get_full_path(),
        "troubles": said,
        "key": key,
        "version": rma.version if rma else "",
        "seen": seal(rma) if rma else "",
    }
    page = draw(request, f"oms_portal/portal/returns/{name}.html", context, status)
    return later(page) if status == 429 else page
