"""The policies that say what may come back: in order, tried out before they count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic import CopyView, CreateView, EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.orders.models import Order
from oms_portal.returns.rules import ReturnPolicy
from oms_portal.returns.versions import saving

from .listings import Active, Listing, Text, Title
from .policies import may
from .reordering import Move
from .return_policy_fields import reason_choices
from .return_policy_form import PolicyForm
from .return_policy_trial import TrialPage, Trying
from .return_policy_words import say


class PolicyTitle(Title):
    """The name, with what the policy says beneath it."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "said": say(instance, words_of_reasons(parent_context["request"]))}


def words_of_reasons(request: HttpRequest) -> dict[str, str]:
    """By code, read once for a page."""
    known: dict[str, str] | None = getattr(request, "_oms_return_reasons", None)
    if known is None:
        known = dict(reason_choices())
        request._oms_return_reasons = known  # type: ignore[attr-defined]  # kept with the request
    return known


class PolicyListing(Listing):
    template_name = "oms_portal/desk/return_policies.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = []
        if self.add_url:
            buttons.append(HeaderButton(_("Add a policy"), url=self.add_url, icon_name="plus"))
        if may(self.request.user, "view", Order):
            url = reverse("oms_return_policies:try")
            buttons.append(HeaderButton(_("Try the policies out"), url=url, icon_name="view"))
        return buttons


class Versioned:
    """Each save is a version of its own, told to who looks at an older return."""

    request: HttpRequest
    form: PolicyForm

    def save_instance(self) -> Any:
        with saving(self.form.instance, self.request.user, timezone.now()):
            return super().save_instance()  # type: ignore[misc]  # of Wagtail's untyped views


class PolicyCreation(Versioned, Trying, CreateView):
    template_name = "oms_portal/desk/return_policy.html"


class PolicyCopy(Versioned, Trying, CopyView):
    template_name = "oms_portal/desk/return_policy.html"


class PolicyChange(Versioned, Trying, EditView):
    template_name = "oms_portal/desk/return_policy.html"


class ReturnPolicies(ModelViewSet):
    model = ReturnPolicy
    name = "oms_return_policies"
    url_prefix = "oms/return-policies"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Return policies")
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = PolicyListing
    add_view_class = PolicyCreation
    copy_view_class = PolicyCopy
    edit_view_class = PolicyChange
    reorder_view_class = Move
    list_display = [
        PolicyTitle("name", label=gettext_lazy("Policy"), url_name="oms_return_policies:edit"),
        Text("version", label=gettext_lazy("Version")),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[PolicyForm]:
        return PolicyForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("try/", TrialPage.as_view(), name="try"),
        ]
