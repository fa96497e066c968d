"""What somebody typed whose session had ended meanwhile: it waits for them to sign in again."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, QueryDict

from oms_portal.erp.limits import address, count

from .rights import to_sign_in


_NAME = "oms_portal_typed"
# More than any form of ours holds; how often a minute one address may have it kept.
LONGEST, PER_MINUTE = 20_000, 10
# Seconds that it waits.
WAITS = 3600


def keep(request: HttpRequest) -> HttpResponse:
    """On to signing in. Django takes what is in a stranger's session over into the new one."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    few = count("typed", address(request)) <= PER_MINUTE
    if request.method == "POST" and len(text) <= LONGEST and few:
        request.session[_NAME] = [request.path, int(time.time()), text]
    return to_sign_in(request)


def kept(request: HttpRequest) -> QueryDict:
    """What was typed into this very form, once; empty where nothing was."""
    path, at, text = request.session.get(_NAME) or ("", 0, "")
    if path != request.path:
        return QueryDict()
    del request.session[_NAME]
    return QueryDict(text if time.time() - at < WAITS else "")
