"""A photo of a return for staff: the pixels that were kept, and nothing a browser could run."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.fragments.photos import photo
from oms_portal.returns.models import Evidence, Return


class PhotoView(PermissionCheckedMixin, View):
    model = Return
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        try:
            answer = photo(request, get_object_or_404(Evidence, key=key, rma__pk=pk))
        except FileNotFoundError as error:
            raise Http404 from error
        answer["Cache-Control"] = "private, no-store"
        return answer
