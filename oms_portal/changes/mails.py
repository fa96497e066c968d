"""What people are written about requests, in their company's language; kept with the move itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from oms_portal.conf import settings
from oms_portal.customers.mail import language_of
from oms_portal.customers.models import Membership, Role
from oms_portal.notifications.mails import post
from oms_portal.orders.moments import zone_of
from oms_portal.orders.zones import place_zone

from .models import ChangeRequest, RequestState
from .reasons import words
from .wording import fee, told


# States that a customer is told of; the others they brought about themselves or need not know.
TOLD = (
    RequestState.COUNTERED,
    RequestState.APPLIED,
    RequestState.REJECTED,
    RequestState.EXPIRED,
    RequestState.FAILED,
)
# Answers that leave open what became of it.
UNSURE = frozenset({"uncertain", "given_up_unsure"})


def tell(request: ChangeRequest) -> None:
    """Write to who asked, if this state is one to be told of."""
    user = request.requested_by
    if request.state in TOLD and request.submitted_at is not None and user is not None:
        _write(request, user, "change", request.state, context(request))


def warn(request: ChangeRequest) -> None:
    """Tell the old contact that somebody asks for a risky change: the company's administrators and
    who placed the order, with the old and the new values. Not who asks for it."""
    for user in _old_contacts(request):
        _write(request, user, "change_warning", "warning", context(request))


def link(request: ChangeRequest) -> str:
    """The request's page, absolute where the site says what it is called; "" where it has none: no
    event of the ERP fails because a mail has no link."""
    try:
        path = reverse("oms_portal:change_request", args=[request.key])
    except NoReverseMatch:
        return ""
    base = settings().BASE_URL or getattr(django_settings, "WAGTAILADMIN_BASE_URL", None) or ""
    return str(base).rstrip("/") + path


def context(request: ChangeRequest) -> dict[str, Any]:
    order = request.order
    zone = zone_of(place_zone(order))
    counter = request.counter or {}
    return {
        "request": request,
        "order": order,
        "company": order.company,
        "link": link(request),
        "wanted": lambda: told(request.wanted, zone),
        "before": lambda: told(request.before, zone),
        "offer": lambda: told(counter, zone),
        "fee": lambda: fee(counter),
        "counter": counter,
        "unsure": request.answer_code in UNSURE,
        "reason": lambda: request.answer_text or words(request.answer_code),
    }


def _write(
    request: ChangeRequest, user: AbstractBaseUser, kind: str, about: str, values: dict[str, Any]
) -> None:
    to = getattr(user, "email", "")
    if not to:
        return
    with translation.override(language_of(request.order.company)):
        subject = render_to_string(f"oms_portal/mail/{kind}_subject.txt", values)
        body = render_to_string(f"oms_portal/mail/{kind}.txt", values)
    post(f"change:{request.key}:{about}:{request.version}:{user.pk}", to, subject, body)


def _old_contacts(request: ChangeRequest) -> Iterator[AbstractBaseUser]:
    order = request.order
    people = get_user_model()._default_manager.filter(
        is_active=True, oms_memberships__company=order.company_id
    )
    placed_by = order.placed_by.strip().casefold()
    admins = set(
        Membership.objects.filter(company=order.company_id, role=Role.ADMIN).values_list(
            "user", flat=True
        )
    )
    for user in people.exclude(Q(pk=request.requested_by_id)).distinct().order_by("pk"):
        names = {user.get_username(), getattr(user, "email", ""), user.get_full_name()}
        if user.pk in admins or (placed_by and placed_by in {n.casefold() for n in names if n}):
            yield user
