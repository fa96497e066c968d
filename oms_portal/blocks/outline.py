"""What Wagtail's content checker tells editors of our blocks: each stands under a heading.

The check joins those the host has, in the checker the host has.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import BaseItem, ContentCheckerItem


ID = "oms-block-heading"
RULE = {
    "id": ID,
    "impact": "moderate",
    "selector": ".oms-block",
    "tags": ["best-practice"],
    "any": [ID],
    "enabled": True,
}
MESSAGE = {
    "error_name": _("Order portal block under no heading"),
    "help_text": _("Give the block a heading, or put one above it"),
}
# ``axe_run_only`` names rules or tags, never both; these are tags.
_TAGS = ("wcag", "best-practice", "cat.", "section508", "ACT", "EN-", "TT", "RGAA", "seo")


class OutlineScript(BaseItem):
    """Nothing to see: it brings the function that the checker calls."""

    class Media:
        js = ("oms_portal/admin/outline.js",)

    def render_html(self, parent_context: Any = None) -> str:
        return ""


def offer(items: list[Any]) -> None:
    """Teach the checker among a userbar's items our rule."""
    for checker in [item for item in items if isinstance(item, ContentCheckerItem)]:
        checker.axe_custom_rules = [*checker.axe_custom_rules, RULE]
        checker.axe_custom_checks = [*checker.axe_custom_checks, {"id": ID}]
        checker.axe_messages = {**checker.axe_messages, ID: MESSAGE}
        only = checker.axe_run_only
        if only and not all(each.startswith(_TAGS) for each in only):
            checker.axe_run_only = [*only, ID]
        items.append(OutlineScript())
