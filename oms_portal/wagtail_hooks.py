"""What Wagtail's admin is told of the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from oms_portal.blocks import outline
from oms_portal.desk import logs, panels, policies
from oms_portal.desk.group import Desk, desk


_FOLDER = Path(__file__).parent / "templates/oms_portal/icons"
ICONS = [f"oms_portal/icons/{path.name}" for path in sorted(_FOLDER.glob("oms-*.svg"))]

# First of all: a policy that Wagtail was asked for before is one that it made itself.
policies.register()


@hooks.register("register_icons")
def icons(registered: list[str]) -> list[str]:
    return [*registered, *ICONS]


@hooks.register("register_admin_viewset")
def order_portal() -> Desk:
    return desk


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    logs.register(actions)


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, shown: list[Any]) -> None:
    panels.add(request, shown)


@hooks.register("construct_wagtail_userbar")
def content_checks(request: HttpRequest, items: list[Any], page: Any) -> None:
    outline.offer(items)
