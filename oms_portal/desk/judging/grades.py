"""How good goods are that came back: grades, in the order of the keys that choose them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic import (
    DeleteView,
    PermissionCheckedMixin,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from oms_portal.desk.listings import Active, Listing, Text, Title
from oms_portal.desk.reordering import Move
from oms_portal.returns.receipts.rules import Grade

from .grade_form import GradeForm
from .usual import fill
from .words import yes_or_no


class GradeTitle(Title):
    """The name, with the examples beneath it."""

    cell_template_name = "oms_portal/desk/cells/rule.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "said": instance.example}


class GradeListing(Listing):
    template_name = "oms_portal/desk/judging/grades.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.add_url:
            return []
        return [HeaderButton(_("Add a grade"), url=self.add_url, icon_name="plus")]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        usual = reverse("oms_grades:usual")
        return {**context, "usual": self.add_url and not Grade.objects.exists() and usual}


class GradeDeletion(DeleteView):
    """Not what was given to goods: that stays to be read."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("It was not deleted: goods have it. Take its mark “Active” away instead."),
            )
            return redirect("oms_grades:edit", self.object.pk)


class UsualGrades(PermissionCheckedMixin, View):
    """Where there are none: A to D, and a checklist."""

    model = Grade
    permission_required = "add"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if fill():
            messages.success(request, _("The usual grades are there. Change them as you like."))
        else:
            messages.info(request, _("Nothing was done: there are grades already."))
        return redirect("oms_grades:index")


class Grades(ModelViewSet):
    model = Grade
    name = "oms_grades"
    url_prefix = "oms/grades"
    icon = "pick"
    menu_label = gettext_lazy("Grades")
    copy_view_enabled = False
    add_to_reference_index = False
    sort_order_field = "position"
    ordering = "position"
    index_view_class = GradeListing
    create_template_name = edit_template_name = "oms_portal/desk/grouped_form.html"
    delete_view_class = GradeDeletion
    reorder_view_class = Move
    list_display = [
        GradeTitle("words", label=gettext_lazy("Grade"), url_name="oms_grades:edit"),
        Text("code", label=gettext_lazy("Code")),
        Text(
            "accepted",
            label=gettext_lazy("Usually"),
            accessor=lambda grade: yes_or_no(grade.accepted),
        ),
        Text(
            "disposition",
            label=gettext_lazy("What becomes of it"),
            accessor="get_disposition_display",
        ),
        Active(),
    ]

    def get_form_class(self, for_update: bool = False) -> type[GradeForm]:
        return GradeForm

    def get_urlpatterns(self) -> list[URLPattern]:
        usual = UsualGrades.as_view(permission_policy=self.permission_policy)
        return [*super().get_urlpatterns(), path("usual/", usual, name="usual")]
