"""What the screens of a station have in common."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from oms_portal.returns.models import Return


class Screen(
    PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateResponseMixin, ContextMixin, View
):
    """A page below the returns; ``permission_required`` is a verb of ``POLICIES[Return]``."""

    model = Return
    permission_required = "receive"
    http_method_names = ["get", "head"]
    header_icon = "oms-arriving"

    def above(self) -> list[tuple[str, str]]:
        """(URL, words) of what lies between the returns and this page."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        between = [(reverse("oms_returns:index"), _("Returns")), *self.above()]
        return [
            *self.breadcrumbs_items,
            *({"url": url, "label": label} for url, label in between),
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]
