"""What is suggested for which goods: inspection rules, the first that fits decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.desk.listings import Active, Listing, Title
from oms_portal.desk.reordering import Move
from oms_portal.desk.return_policies import words_of_reasons
from oms_portal.desk.texts import plain
from oms_portal.orders.locales import listed, number
from oms_portal.returns.receipts.rules import DispositionRule, Grade

from .rule_form import RuleForm
from .words import yes_or_no


class RuleTitle(Title):
    """The name, with what the rule says beneath it."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        return {**context, "said": say(instance, grade_words(request), words_of_reasons(request))}


def grade_words(request: HttpRequest) -> dict[str, str]:
    """By code, read once for a page."""
    known: dict[str, str] | None = getattr(request, "_oms_grades", None)
    if known is None:
        known = {grade.code: grade.words for grade in Grade.objects.all()}
        request._oms_grades = known  # type: ignore[attr-defined]  # kept with the request
    return known


def say(rule: DispositionRule, grades: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    """ "Accept; Sold as B-grade; fee 20 %. For: B; Wrong size." """
    what = "; ".join(_follows(rule))
    conditions = [rule.policy.name] if rule.policy else []
    for told, words in ((rule.grades, grades), (rule.reasons, reasons), (rule.categories, {})):
        if told:
            conditions.append(listed(words.get(one, one) for one in told))
    if not conditions:
        return _("%(rule)s. For everything.") % {"rule": what}
    said = "; ".join(plain(one) for one in conditions)
    return _("%(rule)s. For: %(conditions)s.") % {"rule": what, "conditions": said}


def _follows(rule: DispositionRule) -> Iterator[str]:
    yield yes_or_no(rule.accepted)
    yield str(rule.get_disposition_display())
    if rule.fee_percent is not None:
        yield _("fee %(percent)s %%") % {"percent": number(rule.fee_percent.normalize())}


class RuleListing(Listing):
    template_name = "oms_portal/desk/judging/rules.html"
    any_permission_required = ["add", "change", "delete", "view"]
    related = ("policy",)

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a rule"), url=self.add_url, icon_name="plus")]


class DispositionRules(ModelViewSet):
    model = DispositionRule
    name = "oms_disposition_rules"
    url_prefix = "oms/inspection-rules"
    icon = "list-ol"
    menu_label = gettext_lazy("Inspection rules")
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = RuleListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    reorder_view_class = Move
    list_display = [
        RuleTitle("name", label=gettext_lazy("Rule"), url_name="oms_disposition_rules:edit"),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[RuleForm]:
        return RuleForm
