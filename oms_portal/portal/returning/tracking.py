"""The page of one return: live where it stands, and what its people can do about it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from oms_portal.customers.access import actor_of, can
from oms_portal.returns.kinds import ENDED, PRIVATE, Method
from oms_portal.returns.models import Return
from oms_portal.returns.queries import verbs_of

from ..changing_page import fresh_key
from ..pages import draw, not_found
from ..rights import needs
from ..showing import show_all
from .drafts import found
from .judging import reached
from .steps import url_of


def question_key(asked: Return) -> str:
    """Names the question that a page showed; "" where there was none."""
    return sha256(asked.question.encode()).hexdigest()[:16] if asked.question else ""


@needs("view", Return)
def rma(request: HttpRequest, number: str) -> HttpResponse:
    """A draft goes on where it was left."""
    asked = found(request, number)
    if asked.state in PRIVATE:
        verbs = verbs_of(asked, actor_of(request), request.user)
        return redirect(url_of(asked, reached(asked))) if verbs else not_found(request)
    return page(request, asked)


def page(
    request: HttpRequest, asked: Return, status: int = 200, trouble: str = "", **typed: Any
) -> HttpResponse:
    """``typed`` is what somebody wrote that was not taken."""
    fragment, freshness = show_all(
        request, ("return", {"return": asked.number, "order": ""}), ("freshness", {})
    )
    if fragment is None:
        return not_found(request)
    context = {
        "rma": asked,
        "fragment": fragment,
        "freshness": freshness,
        "source": reverse("oms_portal:fragment_return", args=[asked.number]),
        # The page's style shows what can be done now, as the state in it changes.
        "may": asked.state not in ENDED and can(actor_of(request), "return", asked),
        "own": asked.method == Method.OWN_CARRIER,
        "asked": question_key(asked),
        "trouble": trouble,
        "typed": typed,
        "key": fresh_key(),
    }
    return draw(request, "oms_portal/portal/returns/tracker.html", context, status)
