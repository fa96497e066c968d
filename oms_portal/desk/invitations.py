"""Who was invited, by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.customers.invitations import state_of
from oms_portal.customers.models import Invitation

from .companies import url_of
from .inspecting import Fact, Inspection, Mirror, Section
from .inviting import ChooseCompany, Invite, Resend, Revoke
from .listings import Listing, Moment, Text, Title, Word
from .people import CompanyFilter, reach
from .policies import may
from .texts import plain


STATES = {
    "open": (gettext_lazy("Open"), Q(accepted_at=None, revoked_at=None)),
    "used": (gettext_lazy("Accepted"), Q(accepted_at__isnull=False)),
    "expired": (gettext_lazy("Expired"), Q(accepted_at=None, revoked_at=None)),
    "revoked": (
        pgettext_lazy("invitation", "Taken back"),
        Q(accepted_at=None, revoked_at__isnull=False),
    ),
}


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


class InvitationFilters(WagtailFilterSet):
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
            Fact(pgettext("when an invitation was", "Taken back"), told.revoked_at),
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
