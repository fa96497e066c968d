"""The company a person is looking at: one at a time, kept in their session."""

from __future__ import annotations

from django.http import HttpRequest

from .access import STRANGER, Actor, actor_of
from .models import Company


SESSION_KEY = "oms_company"


def company_id_of(request: HttpRequest) -> int | None:
    """The company chosen in this session while the person still holds a grant there, else the
    first they hold one at; None for people without any."""
    own = [grant.company_id for grant in actor_of(request).grants]
    chosen = request.session.get(SESSION_KEY)
    return chosen if chosen in own else next(iter(own), None)


def current_actor(request: HttpRequest) -> Actor:
    """The person of a request, narrowed to the company they are looking at."""
    company_id = company_id_of(request)
    return STRANGER if company_id is None else actor_of(request).at(company_id)


def choices(request: HttpRequest) -> list[Company]:
    """The companies this person can switch between, by name."""
    own = {grant.company_id: grant.company for grant in actor_of(request).grants}
    return [company for company in own.values() if company]


def switch(request: HttpRequest, company_id: int) -> bool:
    """Look at another of one's companies from now on; False where one holds no grant there."""
    if company_id not in {grant.company_id for grant in actor_of(request).grants}:
        return False
    request.session[SESSION_KEY] = company_id
    return True
