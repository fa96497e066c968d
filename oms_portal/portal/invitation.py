"""The page behind an invitation's link: accept as who one is, or with a new account."""

from __future__ import annotations

from allauth.account import app_settings as account_settings
from allauth.account.utils import complete_signup, has_verified_email
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from oms_portal.customers import actions, current, invitations
from oms_portal.customers.access import person_of
from oms_portal.customers.models import Invitation
from oms_portal.erp.limits import address, count

from .company import frame
from .people_forms import AccountForm, reason
from .rights import anybody


TRIES_PER_MINUTE = 30


@anybody("whoever has the link; it says nothing and leads to the page of the invitation")
def invitation_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the token out of the address bar and into the session."""
    if count("invitation", address(request)) > TRIES_PER_MINUTE:
        return _page(request, "busy", status=429)
    if not invitations.take(request, token):
        return _page(request, "unusable", status=404)
    response = redirect("oms_portal:invitation")
    response["Referrer-Policy"] = "no-referrer"
    return response


@sensitive_post_parameters("password")
@anybody("whoever has the invitation in their session", methods=("GET", "HEAD", "POST"))
def invitation(request: HttpRequest) -> HttpResponseBase:
    invited = invitations.in_hand(request)
    if invited is None:
        return _page(request, "unusable", status=404)
    if request.user.is_authenticated:
        return _accept(request, invited)
    if actions.has_account(invited.email):
        back = redirect_to_login(reverse("oms_portal:invitation"))
        return _page(request, "sign_in", invitation=invited, sign_in_url=back.url)
    return _sign_up(request, invited)


def _accept(request: HttpRequest, invited: Invitation) -> HttpResponseBase:
    if not has_verified_email(request.user, invited.email):
        return _page(request, "other_account", invitation=invited)
    if request.method != "POST":
        return _page(request, "accept", invitation=invited)
    try:
        actions.accept(invited, person_of(request))
    except actions.Refused as refused:
        return _page(request, "unusable", status=409, reason=reason(refused))
    _arrive(request, invited)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _sign_up(request: HttpRequest, invited: Invitation) -> HttpResponseBase:
    form = AccountForm(request.POST or None, email=invited.email)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "sign_up", invitation=invited, form=form)
    try:
        user = actions.accept_as_new(invited, **form.cleaned_data)
    except actions.Refused as refused:
        return _page(request, "unusable", status=409, reason=reason(refused))
    _arrive(request, invited)
    response: HttpResponseBase = complete_signup(
        request,
        user,
        account_settings.EMAIL_VERIFICATION,
        resolve_url(settings.LOGIN_REDIRECT_URL),
    )
    return response


def _arrive(request: HttpRequest, invited: Invitation) -> None:
    invitations.drop(request)
    request.session[current.SESSION_KEY] = invited.company_id


def _page(request: HttpRequest, state: str, status: int = 200, **context: object) -> HttpResponse:
    response = render(
        request,
        f"oms_portal/portal/people/invitation_{state}.html",
        {**frame(request), **context},
        status=status,
    )
    response["Referrer-Policy"] = "same-origin"
    return response
