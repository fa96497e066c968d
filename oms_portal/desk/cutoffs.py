"""The rules that say until when customers can change what: in order, tried out before they count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic import CopyView, CreateView, EditView, PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from oms_portal.changes.cutoffs import built_in
from oms_portal.changes.models import CutoffRule
from oms_portal.erp.inbox import writing
from oms_portal.orders.models import Order

from .cutoff_form import RuleForm
from .cutoff_trial import TrialPage, Trying
from .cutoff_words import say
from .listings import Active, Listing, Title
from .policies import may
from .reordering import Move, in_turn


class RuleTitle(Title):
    """The name, with what the rule says beneath it."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "said": say(instance)}


class RuleListing(Listing):
    template_name = "oms_portal/desk/cutoffs.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = []
        if self.add_url:
            buttons.append(HeaderButton(_("Add a rule"), url=self.add_url, icon_name="plus"))
        if may(self.request.user, "view", Order):
            url = reverse("oms_cutoffs:try")
            buttons.append(HeaderButton(_("Try the rules out"), url=url, icon_name="view"))
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        rules = [] if CutoffRule.objects.exists() else built_in()
        return {**context, "built_in": [(rule.name, say(rule)) for rule in rules]}


class RuleCreation(Trying, CreateView):
    template_name = "oms_portal/desk/cutoff.html"


class RuleCopy(Trying, CopyView):
    template_name = "oms_portal/desk/cutoff.html"


class RuleChange(Trying, EditView):
    template_name = "oms_portal/desk/cutoff.html"


class StartFromBuiltIn(PermissionCheckedMixin, View):
    """Save the built-in rules, to be changed: once, while there are none."""

    model = CutoffRule
    permission_required = "add"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        with writing():
            in_turn(CutoffRule)
            if not CutoffRule.objects.exists():
                for rule in built_in():
                    rule.save()
                    log(instance=rule, action="wagtail.create", user=request.user)
        return redirect("oms_cutoffs:index")


class CutoffRules(ModelViewSet):
    model = CutoffRule
    name = "oms_cutoffs"
    url_prefix = "oms/cutoffs"
    icon = "time"
    menu_label = gettext_lazy("Cut-off rules")
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = RuleListing
    add_view_class = RuleCreation
    copy_view_class = RuleCopy
    edit_view_class = RuleChange
    reorder_view_class = Move
    list_display = [
        RuleTitle("name", label=gettext_lazy("Rule"), url_name="oms_cutoffs:edit"),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[RuleForm]:
        return RuleForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("try/", TrialPage.as_view(), name="try"),
            path("start/", StartFromBuiltIn.as_view(), name="start"),
        ]
