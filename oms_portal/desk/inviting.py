"""Staff let people in, in the supplier's name: choose the company, send, send again, take back."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import BaseOperationView

from oms_portal.customers import actions
from oms_portal.customers.actions import Refused, Terms
from oms_portal.customers.invitations import state_of
from oms_portal.customers.mail import send_invitation
from oms_portal.customers.models import Address, Company, Invitation, Role
from oms_portal.orders import typed

from .logs import note
from .texts import plain


REASONS = {
    "beyond_own_rights": gettext_lazy("You may not give this invitation."),
    "too_many": gettext_lazy("You have sent many invitations. Please try again in an hour."),
    "used": gettext_lazy("This invitation is no longer open."),
}
# So many companies are offered at once to choose from.
OFFERED = 30


class _Page(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    model = Invitation
    permission_required = "add"
    header_icon = "mail"
    page_title = gettext_lazy("Invite somebody")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("oms_invitations:index"), "label": _("Invitations")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]


class ChooseCompany(_Page, TemplateView):
    """Where to: the first step, a search for the company."""

    template_name = "oms_portal/desk/choose_company.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = typed.words(self.request.GET.get("q", ""), 100)
        found = Company.objects.filter(
            Q(name__icontains=words) | Q(number__icontains=words) | Q(ref__icontains=words)
        )
        companies = list(found.order_by("name", "pk")[: OFFERED + 1])
        return {
            **super().get_context_data(**kwargs),
            "words": words,
            "companies": [(plain(each), each) for each in companies[:OFFERED]],
            "more": len(companies) > OFFERED,
        }


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.VIEWER)
    include_subsidiaries = forms.BooleanField(
        label=gettext_lazy("Also all subsidiaries, now and later"), required=False
    )
    ship_tos = forms.ModelMultipleChoiceField(
        Address.objects.none(),
        label=gettext_lazy("Only these places"),
        help_text=gettext_lazy("With none marked, all places of the company."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Address.objects.filter(company=company, archived_at=None)
        field: Any = self.fields["ship_tos"]
        field.queryset = places
        if not places.exists():
            del self.fields["ship_tos"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ship_tos") and data.get("include_subsidiaries"):
            self.add_error(
                "include_subsidiaries", _("Subsidiaries are given with all places only.")
            )
        return data

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            role=data["role"],
            include_subsidiaries=data["include_subsidiaries"],
            ship_tos=tuple(data.get("ship_tos") or ()) or None,
        )


if TYPE_CHECKING:
    _InviteView = FormView[InviteForm]
else:
    # Django's own class takes no parameter.
    _InviteView = FormView


class Invite(_Page, _InviteView):
    """Whom, as what: the second step."""

    form_class = InviteForm
    template_name = "oms_portal/desk/invite.html"

    @cached_property
    def company(self) -> Company:
        return get_object_or_404(Company, pk=self.kwargs["company"])

    def get_page_title(self) -> str:
        return _("Invite somebody to %(company)s") % {"company": plain(self.company)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "company": self.company}

    def form_valid(self, form: InviteForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            invitation = send(self.request, self.company, email, form.terms)
        except (Refused, Unsent) as refused:
            form.add_error(None, reason(refused))
            return self.form_invalid(form)
        note(
            invitation, "invite", self.request.user, email=email, role=form.terms.role,
            company=self.company.ref,
        )  # fmt: skip
        messages.success(self.request, _("An invitation was sent to %(email)s.") % {"email": email})
        return redirect("oms_invitations:index")


class Unsent(Exception):
    """The e-mail could not be sent; the invitation was taken back."""


def send(request: HttpRequest, company: Company, email: str, terms: Terms) -> Invitation:
    """Invite and send the link. Raises Refused, Unsent."""
    invitation, token = actions.invite_as_staff(request.user, company, email, terms)
    link = request.build_absolute_uri(reverse("oms_portal:invitation_link", args=[token]))
    try:
        send_invitation(invitation, link)
    except (OSError, SMTPException) as error:
        actions.revoke_as_staff(request.user, invitation)
        raise Unsent from error
    return invitation


def reason(refused: Exception) -> str:
    if isinstance(refused, Refused):
        return str(REASONS.get(refused.code, REASONS["used"]))
    return _("The e-mail could not be sent. Please try again later.")


class _Operation(PermissionCheckedMixin, BaseOperationView):
    model = Invitation
    permission_required = "change"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.operate())
        except (Refused, Unsent) as refused:
            messages.error(request, reason(refused))
        return redirect("oms_invitations:index")

    def operate(self) -> str:
        """Do it; what to say of it. Raises Refused, Unsent."""
        return ""


class Revoke(_Operation):
    def operate(self) -> str:
        actions.revoke_as_staff(self.request.user, self.object)
        note(self.object, "revoke_invitation", self.request.user, email=self.object.email)
        return _("The invitation was taken back.")


class Resend(_Operation):
    def operate(self) -> str:
        old = self.object
        if state_of(old) not in ("open", "expired"):
            raise Refused("used")
        new = send(self.request, old.company, old.email, Terms.of(old))
        note(new, "resend_invitation", self.request.user, email=old.email)
        return _("A new invitation was sent to %(email)s.") % {"email": old.email}
