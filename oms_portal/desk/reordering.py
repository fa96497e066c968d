"""Rows in an order that counts, moved by hand: of rules the first that fits decides."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Model
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.generic.ordering import ReorderView

from oms_portal.erp.inbox import writing
from oms_portal.orders import typed

from .logs import note


class Move(ReorderView):
    """``?position=`` counts from 0; anything else is the end. All rows are numbered anew, so that
    two of one number can't stay where they are."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        row = get_object_or_404(self.model, pk=kwargs["pk"])
        rows = self.model._default_manager
        with writing():
            in_turn(self.model)
            others = [one for one in self.in_order() if one.pk != row.pk]
            asked = typed.key(request.GET.get("position", ""))
            place = len(others) if asked is None else min(asked, len(others))
            others.insert(place, row)
            for position, each in enumerate(others):
                rows.filter(pk=each.pk).update(position=position)
            note(row, "move_rule", request.user, place=place + 1)
        return JsonResponse({"success": True})

    def in_order(self) -> list[Any]:
        """As the list shows them."""
        return list(self.model._default_manager.all())


def in_turn(model: type[Model]) -> None:
    """Inside a transaction: one after the other, also where the table has no row to hold."""
    kind = ContentType.objects.get_for_model(model)
    list(ContentType.objects.select_for_update().filter(pk=kind.pk))


def place_last(row: Any) -> None:
    """A new row comes after the others: it can take nothing from them unseen."""
    if row._state.adding:
        last = type(row)._default_manager.aggregate(last=Max("position"))["last"]
        row.position = 0 if last is None else last + 1
