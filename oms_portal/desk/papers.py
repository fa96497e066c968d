"""An order's papers and packing lists for staff; and where the links on a drawn order lead them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.fragments.download import Refused, handed, packed
from oms_portal.fragments.packing import packing_sheet
from oms_portal.orders.models import Document, Order
from oms_portal.orders.packing import packing_of
from oms_portal.words.queries import speaking_to

from .texts import plain


_LINK = re.compile(r'\b(href|action)="([^"]*)"')


class Paper(PermissionCheckedMixin, View):
    """The bytes as customers get them; what can't be had is said on the order's page."""

    model = Order
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
        papers = Document.objects.select_related("order").defer("order__history")
        document = get_object_or_404(papers, pk=paper, order=pk)
        try:
            answer = handed(request, document)
        except Refused as why:
            messages.warning(request, f"{why.headline}. {why.words}")
            return redirect("oms_orders:inspect", pk)
        answer["Cache-Control"] = "private, no-store"
        return answer


class PackingList(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What is in each parcel of a delivery; ``?format=csv`` as a file."""

    model = Order
    permission_required = "view"
    http_method_names = ["get", "head"]
    template_name = "oms_portal/desk/packing_list.html"
    header_icon = "oms-tracker"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = get_object_or_404(Order.objects.select_related("company"), pk=kwargs["pk"])
        found = packing_of(self.order, kwargs["thread"])
        if found is None:
            raise Http404
        with speaking_to("staff"):
            self.sheet = packing_sheet(self.order, found)
        self.page_title = f"{_('Packing list')}: {plain(self.sheet.title)}"
        if request.GET.get("format") == "csv":
            return packed(self.sheet)
        return super().get(request)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url = reverse("oms_orders:inspect", args=[self.order.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("oms_orders:index"), "label": _("Orders")},
            {"url": url, "label": plain(self.order)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sheet": self.sheet}


def led(html: str, order: Order, here: str) -> str:
    """The drawn order with its links into the portal, where staff have no pages, led to the desk:
    to ``here`` what shows another part of it, to the views above its papers; others lead nowhere.
    """

    def lead(link: re.Match[str]) -> str:
        path, *asked = re.split(r"(?=[?#])", unescape(link[2]), maxsplit=1)
        try:
            found = resolve("/" + path.removeprefix(get_script_prefix()))
        except Resolver404:
            return link[0]
        if not path or found.app_name != "oms_portal":
            return link[0]
        mine = found.kwargs.get("slug") == order.slug
        to = _desk_url(order, here, found.url_name or "", found.kwargs) if mine else ""
        return f'{link[1]}="{escape("".join([to, *asked]))}"' if to else ""

    return _LINK.sub(lead, html)


def _desk_url(order: Order, here: str, name: str, named: dict[str, Any]) -> str:
    if name == "order":
        return here
    if name == "document":
        return reverse("oms_orders:paper", args=[order.pk, named["pk"]])
    if name == "packing_list":
        return reverse("oms_orders:packing_list", args=[order.pk, named["thread"]])
    return ""
