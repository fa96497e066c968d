"""Why customers send goods back: headings, and the reasons below them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import F, ProtectedError, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.orders.locales import listed
from oms_portal.returns.kinds import Kind
from oms_portal.returns.rules import ReturnPolicy, ReturnReason

from .listings import Active, Listing, Text, Title
from .reordering import Move
from .return_policy_words import labels
from .return_reason_form import ReasonForm
from .texts import plain


class ReasonTitle(Title):
    """The words; what stands under a heading is set in."""

    cell_template_name = "oms_portal/desk/cells/reason.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "below": instance.parent_id is not None}


def in_tree(rows: QuerySet[ReturnReason]) -> QuerySet[ReturnReason]:
    """Each heading, and after it what is below it."""
    return rows.annotate(
        heading_at=Coalesce("parent__position", "position"),
        heading_pk=Coalesce("parent", "pk"),
    ).order_by("heading_at", "heading_pk", F("parent").asc(nulls_first=True), "position", "pk")


class ReasonListing(Listing):
    any_permission_required = ["add", "change", "delete", "view"]
    related = ("parent",)

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return in_tree(queryset)

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a reason"), url=self.add_url, icon_name="plus")]


class ReasonMove(Move):
    def in_order(self) -> list[Any]:
        return list(in_tree(ReturnReason.objects.all()))


class ReasonDeletion(DeleteView):
    """Not what returns or policies name: returns must say why, and a policy that lost its only
    reason would be one for all of them."""

    def form_valid(self, form: Any) -> HttpResponse:
        codes = {self.object.code, *self.object.children.values_list("code", flat=True)}
        named = [policy for policy in ReturnPolicy.objects.all() if codes & set(policy.reasons)]
        if named:
            names = {"policies": listed(plain(policy.name) for policy in named)}
            return self._refused(
                _("It was not deleted: these policies name it: %(policies)s.") % names
            )
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            return self._refused(
                _("It was not deleted: returns name it. Take its mark “Active” away instead.")
            )

    def _refused(self, words: str) -> HttpResponse:
        messages.error(self.request, words)
        return redirect("oms_return_reasons:edit", self.object.pk)


class ReturnReasons(ModelViewSet):
    model = ReturnReason
    name = "oms_return_reasons"
    url_prefix = "oms/return-reasons"
    icon = "help"
    menu_label = gettext_lazy("Return reasons")
    copy_view_enabled = False
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = ReasonListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    delete_view_class = ReasonDeletion
    reorder_view_class = ReasonMove
    list_display = [
        ReasonTitle("words", label=gettext_lazy("Reason"), url_name="oms_return_reasons:edit"),
        Text("code", label=gettext_lazy("Code")),
        Text(
            "kinds",
            label=gettext_lazy("Offered for"),
            accessor=lambda row: labels(row.kinds, dict(Kind.choices)) or _("all"),
        ),
        Text("liability", label=gettext_lazy("Who is liable"), accessor="get_liability_display"),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ReasonForm]:
        return ReasonForm
