"""The people of a company: who is in, who is invited, with what rights."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oms_portal.customers import actions
from oms_portal.customers.current import company_id_of, current_actor
from oms_portal.customers.mail import send_invitation
from oms_portal.customers.models import Company, Invitation, Membership
from oms_portal.customers.queries import open_invitations
from oms_portal.customers.queries import people as people_of

from .company import frame
from .people_forms import InviteForm, MembershipForm, reason
from .rights import needs


FORM = ("GET", "HEAD", "POST")
POST = ("POST",)


@needs("invite", Company)
def people(request: HttpRequest) -> HttpResponse:
    actor = current_actor(request)
    context = {"people": people_of(actor), "invitations": open_invitations(actor)}
    return _page(request, "list", **context)


@needs("invite", Company, methods=FORM)
def invite(request: HttpRequest) -> HttpResponse:
    actor = current_actor(request)
    first = {"company": company_id_of(request)}
    form = InviteForm(request.POST or None, actor=actor, initial=first)
    if request.method == "POST" and form.is_valid() and _invite(request, form):
        return redirect("oms_portal:people")
    return _page(request, "invite", form=form)


def _invite(request: HttpRequest, form: InviteForm) -> bool:
    """Invite and send the link; what stands in the way becomes an error of the form."""
    company, email = form.cleaned_data["company"], form.cleaned_data["email"]
    actor = current_actor(request)
    try:
        invitation, token = actions.invite(actor, company, email, form.terms)
    except actions.Refused as refused:
        form.add_error(None, reason(refused))
        return False
    link = request.build_absolute_uri(reverse("oms_portal:invitation_link", args=[token]))
    try:
        send_invitation(invitation, link)
    except (OSError, SMTPException):
        actions.revoke(actor, invitation)
        form.add_error(None, _("The e-mail could not be sent. Please try again later."))
        return False
    messages.success(
        request, _("An invitation was sent to %(email)s.") % {"email": email}, fail_silently=True
    )
    return True


@needs("invite", Invitation, methods=POST)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actor = current_actor(request)
    invitation = next(iter(open_invitations(actor, pk=pk)), None)
    if invitation is None:
        raise Http404
    try:
        actions.revoke(actor, invitation)
    except actions.Refused as refused:
        messages.error(request, reason(refused), fail_silently=True)
    else:
        messages.success(request, _("The invitation was taken back."), fail_silently=True)
    return redirect("oms_portal:people")


@needs("invite", Membership, methods=FORM)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    actor = current_actor(request)
    membership = _membership(request, pk)
    form = MembershipForm(request.POST or None, actor=actor, membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_membership(actor, membership, form.terms)
        except actions.Refused as refused:
            form.add_error(None, reason(refused))
        else:
            messages.success(request, _("The rights were changed."), fail_silently=True)
            return redirect("oms_portal:people")
    return _page(request, "member", form=form, membership=membership)


@needs("invite", Membership, methods=POST)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.remove_member(current_actor(request), _membership(request, pk))
    except actions.Refused as refused:
        messages.error(request, reason(refused), fail_silently=True)
    else:
        messages.success(request, _("The person was removed."), fail_silently=True)
    return redirect("oms_portal:people")


def _membership(request: HttpRequest, pk: int) -> Membership:
    found = next(iter(people_of(current_actor(request), pk=pk)), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    template = f"oms_portal/portal/people/{name}.html"
    return render(request, template, {**frame(request), **context})
