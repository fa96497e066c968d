"""What is asked when people are let in: by whom they are invited, and by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from oms_portal.customers.access import Actor
from oms_portal.customers.actions import Refused, Terms
from oms_portal.customers.models import Address, Company, Membership, Role
from oms_portal.customers.queries import grantable_roles, grantable_ship_tos, manageable


REASONS = {
    "beyond_own_rights": _("You can’t give more rights than you have yourself."),
    "too_many": _("You have sent many invitations. Please try again in an hour."),
    "used": _("This invitation can no longer be used."),
    "other_address": _("This invitation is for another e-mail address than yours."),
    "has_account": _("There is an account with this e-mail address. Please sign in."),
    "has_role": _("This person has that role at the company already."),
    "last_admin": _("A company keeps at least one administrator."),
}


def reason(refused: Refused) -> str:
    return str(REASONS[refused.code])


class PlaceChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.company})"


class TermsForm(forms.Form):
    """Role and reach, as far as the actor may hand them out."""

    role = forms.ChoiceField(label=_("Role"), initial=Role.VIEWER)
    include_subsidiaries = forms.BooleanField(
        label=_("Also all subsidiaries, now and later"), required=False
    )
    reach = forms.ChoiceField(
        label=_("Places"),
        choices=[("all", _("All places")), ("some", _("Only the places marked below"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    ship_tos = PlaceChoices(
        Address.objects.none(),
        label=_("Ship-to addresses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = grantable_roles(actor)  # type: ignore[attr-defined]  # stubs see a plain Field
        self.fields["ship_tos"].queryset = grantable_ship_tos(actor)  # type: ignore[attr-defined]  # stubs see a plain Field
        if not any(grant.below for grant in actor.grants):
            del self.fields["include_subsidiaries"]
        if not any(grant.ship_tos is None for grant in actor.grants):
            self.fields["reach"].choices = [  # type: ignore[attr-defined]  # stubs see a plain Field
                ("some", _("Only the places marked below"))
            ]
            self.initial.setdefault("reach", "some")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reach") == "some" and not data.get("ship_tos"):
            self.add_error("ship_tos", _("Mark at least one place."))
        if data.get("reach") == "some" and data.get("include_subsidiaries"):
            self.add_error(
                "include_subsidiaries", _("Subsidiaries are given with all places only.")
            )
        return data

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            role=data["role"],
            include_subsidiaries=data.get("include_subsidiaries", False),
            ship_tos=None if data["reach"] == "all" else tuple(data["ship_tos"]),
        )


class InviteForm(TermsForm):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    company = forms.ModelChoiceField(Company.objects.none(), label=_("Company"), empty_label=None)
    field_order = ("email", "company", "role")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["company"].queryset = manageable(actor)  # type: ignore[attr-defined]  # stubs see a plain Field

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        company = data.get("company")
        if company and any(place.company_id != company.pk for place in data.get("ship_tos", ())):
            self.add_error("ship_tos", _("Mark places of the chosen company only."))
        return data


class MembershipForm(TermsForm):
    """The terms of somebody who is there already."""

    def __init__(self, *args: Any, actor: Actor, membership: Membership, **kwargs: Any) -> None:
        initial = {
            "role": membership.role,
            "include_subsidiaries": membership.include_subsidiaries,
            "reach": "all" if membership.all_ship_tos else "some",
            "ship_tos": list(membership.ship_tos.all()),
        }
        super().__init__(*args, actor=actor, initial=initial, **kwargs)
        places = grantable_ship_tos(actor).filter(company=membership.company)
        self.fields["ship_tos"].queryset = places  # type: ignore[attr-defined]  # stubs see a plain Field


class AccountForm(forms.Form):
    """The account of somebody invited; the e-mail address is the invitation's, never asked."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            person = get_adapter().new_user(None)
            for name in ("first_name", "last_name"):
                setattr(person, name, data.get(name, ""))
            person.email = self.email
            try:
                get_adapter().clean_password(password, person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return data
