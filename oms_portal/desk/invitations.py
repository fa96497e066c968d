"""Letting people in in the supplier's name: to any company, in any role."""

from __future__ import annotations

from collections.abc import Iterable
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import BaseOperationView
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.customers import actions
from oms_portal.customers.actions import Refused, Terms
from oms_portal.customers.mail import send_invitation
from oms_portal.customers.models import Address, Company, Invitation, Role

from .companies import url_of
from .inspecting import Fact, Inspection, Mirror, Section
from .listings import Listing, Moment, Text, Title, Word
from .logs import note
from .people import CompanyFilter, reach
from .policies import may
from .texts import plain


STATES = {
    "open": (gettext_lazy("Open"), Q(accepted_at=None, revoked_at=None)),
    "used": (gettext_lazy("Accepted"), Q(accepted_at__isnull=False)),
    "expired": (gettext_lazy("Expired"), Q(accepted_at=None, revoked_at=None)),
    "revoked": (gettext_lazy("Taken back"), Q(accepted_at=None, revoked_at__isnull=False)),
}
REASONS = {
    "beyond_own_rights": gettext_lazy("You may not give this invitation."),
    "too_many": gettext_lazy("You have sent many invitations. Please try again in an hour."),
    "used": gettext_lazy("This invitation is no longer open."),
}
# So many companies are offered at once to choose from.
OFFERED = 30


def state_of(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    return "open" if invitation.expires_at > timezone.now() else "expired"


def state_word(invitation: Invitation) -> str:
    return str(STATES[state_of(invitation)][0])


def inviter_of(invitation: Invitation) -> str:
    who = invitation.invited_by
    if who is None:
        return _("the supplier, by command")
    said = {"who": plain(who.get_full_name() or who.email)}
    if invitation.by_staff:
        return _("%(who)s, in the supplier’s name") % said
    return _("%(who)s, of the customer") % said


class InvitationFilters(WagtailFilterSet):  # type: ignore[misc]  # Wagtail has no types
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[(name, words) for name, (words, _rows) in STATES.items()],
        empty_label=gettext_lazy("All"),
        method="by_state",
    )
    company = CompanyFilter()

    class Meta:
        model = Invitation
        fields = ["role", "by_staff"]

    def by_state(self, found: QuerySet[Invitation], name: str, value: str) -> QuerySet[Invitation]:
        found = found.filter(STATES[value][1])
        now = timezone.now()
        if value == "open":
            return found.filter(expires_at__gt=now)
        return found.filter(expires_at__lte=now) if value == "expired" else found


class InvitationListing(Listing):
    related = ("company", "invited_by")
    search_fields = ("email", "company__name")

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().prefetch_related("ship_tos")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.user_has_permission("add"):
            return []
        url = reverse("oms_invitations:choose")
        return [HeaderButton(_("Invite somebody"), url=url, icon_name="mail")]


class InvitationInspection(Inspection):
    related = ("company", "invited_by", "accepted_by")
    template_name = "oms_portal/desk/invitation.html"

    def sections(self) -> Iterable[Section]:
        told = self.object
        facts = [
            Fact(_("E-mail address"), told.email),
            Fact(_("Company"), told.company.name, url_of(told.company)),
            Fact(_("Role"), told.get_role_display()),
            Fact(_("Covers"), reach(told)),
            *(Fact(_("Place"), str(place)) for place in told.ship_tos.all()),
            Fact(_("State"), state_word(told)),
            Fact(_("Invited by"), inviter_of(told)),
            Fact(_("Sent"), told.created_at),
            Fact(_("Ends"), told.expires_at),
            Fact(_("Accepted"), told.accepted_at),
            Fact(_("Taken back"), told.revoked_at),
        ]
        yield Section("facts", _("Invitation"), facts=facts, icon="mail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = state_of(self.object)
        mine = may(self.request.user, "change", Invitation)
        return {
            **super().get_context_data(**kwargs),
            "may_revoke": mine and state == "open",
            "may_resend": mine and state in ("open", "expired"),
        }


class _Page(PermissionCheckedMixin, WagtailAdminTemplateMixin):  # type: ignore[misc]
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
        words = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
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
        self.fields["ship_tos"].queryset = places  # type: ignore[attr-defined]
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


class _Operation(PermissionCheckedMixin, BaseOperationView):  # type: ignore[misc]
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


class Invitations(Mirror):
    model = Invitation
    name = "oms_invitations"
    url_prefix = "oms/invitations"
    icon = "mail"
    menu_label = gettext_lazy("Invitations")
    ordering = ("-created_at", "-pk")
    index_view_class = InvitationListing
    inspect_view_class = InvitationInspection
    search_fields = InvitationListing.search_fields
    filterset_class = InvitationFilters
    list_display = [
        Title("email", label=gettext_lazy("E-mail address"), url_name="oms_invitations:inspect"),
        Text("company", label=gettext_lazy("Company"), accessor="company.name"),
        Text("role", label=gettext_lazy("Role"), accessor="get_role_display"),
        Text("reach", label=gettext_lazy("Covers"), accessor=reach),
        Word("state", label=gettext_lazy("State"), accessor=state_word),
        Text("by", label=gettext_lazy("Invited by"), accessor=inviter_of),
        Moment("created_at", label=gettext_lazy("Sent"), sort_key="created_at"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("new/", ChooseCompany.as_view(), name="choose"),
            path("new/<int:company>/", Invite.as_view(), name="invite"),
            path("revoke/<int:pk>/", Revoke.as_view(), name="revoke"),
            path("resend/<int:pk>/", Resend.as_view(), name="resend"),
        ]
