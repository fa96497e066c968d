"""Counts by hand from a form, for browsers without the script: what it keeps and sends itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin import messages

from oms_portal.returns.receipts import actions

from .reading import wish_of
from .saying import nonsense, said
from .settings import station_of


_SHOWN = {"ok": messages.success, "warn": messages.warning, "bad": messages.error}


def carry_out(request: HttpRequest, rma: int | None) -> dict[str, Any]:
    """Take what the form says and say what came of it on the next page; ``id`` is the form's own."""
    told = {name: request.POST.get(name, "") for name in request.POST}
    user: Any = request.user
    now = timezone.now()
    # Without the script a person has one tab, numbered by our clock.
    tab = {"tab": f"form-{user.pk}", "sequence": int(now.timestamp() * 1000)}
    wish = wish_of({**told, **tab, "rma": rma, "station": station_of(request).name}, now)
    answer = said(actions.scan(wish, user, now=now), wish.text) if wish else nonsense(None)
    words = " · ".join(filter(None, (answer["say"], answer.get("item", ""), answer["tally"])))
    _SHOWN[answer["tone"]](request, words)
    return answer
