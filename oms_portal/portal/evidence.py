"""The photos of a return, from private storage, through the rules of access."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from oms_portal.customers.access import actor_of, visible
from oms_portal.fragments.photos import photo
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Evidence

from .pages import not_found
from .rights import needs


@needs("view", Evidence, kept=True)
def evidence(request: HttpRequest, key: str) -> HttpResponseBase:
    """What belongs to a draft is its author's alone."""
    rows = visible(actor_of(request), Evidence).filter(key=key)
    mine = ~Q(rma__state__in=PRIVATE) | Q(rma__requested_by=request.user.pk)
    found = None if "\0" in key else rows.filter(mine).first()
    try:
        return photo(request, found) if found else not_found(request)
    except FileNotFoundError:
        return not_found(request)
