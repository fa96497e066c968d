"""Which requests a person looks at before the ERP hears of them: one page, one row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import EditView
from wagtail.admin.viewsets.base import ViewSet

from oms_portal.changes.models import RiskPolicy
from oms_portal.changes.risks import policy_now

from .policies import POLICIES, may


if TYPE_CHECKING:
    _PolicyForm = forms.ModelForm[RiskPolicy]
else:
    # Django's own class takes no parameter.
    _PolicyForm = forms.ModelForm


class PolicyForm(_PolicyForm):
    value_above = forms.DecimalField(
        label=gettext_lazy("Net value of the order above"),
        help_text=gettext_lazy("In the order’s own currency. Empty: its value does not matter."),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
    )

    class Meta:
        model = RiskPolicy
        fields = ["new_country", "po_box", "contact_and_address", "new_address", "value_above"]
        labels = {
            "new_country": gettext_lazy("Goes to a country where the customer has no address"),
            "po_box": gettext_lazy("Goes to a PO box"),
            "contact_and_address": gettext_lazy("Changes contact and address together"),
            "new_address": gettext_lazy("Goes to an address that is not in the customer’s book"),
        }


class PolicyEdit(EditView):
    model = RiskPolicy
    form_class = PolicyForm
    template_name = "oms_portal/desk/review_rules.html"
    index_url_name = None
    edit_url_name = "oms_review_rules:index"
    header_icon = "view"
    page_title = gettext_lazy("Review rules")
    permission_required = None
    any_permission_required = ["view", "change"]
    success_message = gettext_lazy("The review rules are saved.")

    def get_object(self, queryset: Any = None) -> RiskPolicy:
        """The one row; the first save makes it."""
        found = policy_now()
        found.pk = found.pk or 1
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "change", RiskPolicy):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for field in form.fields.values():
            field.disabled = not may(self.request.user, "change", RiskPolicy)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = may(self.request.user, "change", RiskPolicy)
        return {**super().get_context_data(**kwargs), "may_change": may_change}

    @property
    def object_pk(self) -> str:
        return f"{self.object.pk}"

    def get_page_subtitle(self) -> str:
        return str(self.page_title)

    def get_edit_url(self) -> str:
        return reverse(self.edit_url_name)

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_success_message(self) -> str:
        return str(self.success_message)

    def get_success_buttons(self) -> list[Any]:
        return []


class ReviewRules(ViewSet):
    name = "oms_review_rules"
    url_prefix = "oms/review-rules"
    icon = "view"
    menu_label = gettext_lazy("Review rules")

    @property
    def menu_item_class(self) -> type[Any]:
        return ReviewRulesItem

    def on_register(self) -> None:
        super().on_register()
        hooks.register("register_permissions", permissions)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", PolicyEdit.as_view(), name="index")]


class ReviewRulesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(may(request.user, verb, RiskPolicy) for verb in ("view", "change"))


def permissions() -> QuerySet[Permission]:
    return POLICIES[RiskPolicy].permissions()
