"""What is looked at when goods are inspected: checklists by category, in order."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.desk.listings import Active, Listing, Text, Title
from oms_portal.desk.reordering import Move
from oms_portal.desk.texts import plain
from oms_portal.orders.locales import listed
from oms_portal.returns.receipts.judgement.checklists import entries
from oms_portal.returns.receipts.rules import Checklist

from .checklist_form import ChecklistForm


class ChecklistTitle(Title):
    """The name, with what is on it beneath."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        told = [words for _code, words in entries([*instance.checks, *instance.accessories])]
        return {**context, "said": "; ".join(told)}


class ChecklistListing(Listing):
    template_name = "oms_portal/desk/judging/checklists.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a checklist"), url=self.add_url, icon_name="plus")]


class Checklists(ModelViewSet):
    model = Checklist
    name = "oms_checklists"
    url_prefix = "oms/checklists"
    icon = "tasks"
    menu_label = gettext_lazy("Checklists")
    copy_view_enabled = False
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = ChecklistListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    reorder_view_class = Move
    list_display = [
        ChecklistTitle("name", label=gettext_lazy("Checklist"), url_name="oms_checklists:edit"),
        Text(
            "categories",
            label=gettext_lazy("Categories"),
            accessor=lambda row: listed(plain(one, 60) for one in row.categories) or _("all"),
        ),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ChecklistForm]:
        return ChecklistForm
