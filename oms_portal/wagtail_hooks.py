"""What Wagtail's admin is told of the portal."""

from __future__ import annotations

from wagtail import hooks


@hooks.register("register_icons")  # type: ignore[untyped-decorator]  # Wagtail has no types
def icons(registered: list[str]) -> list[str]:
    return [*registered, "oms_portal/icons/oms-tracker.svg"]
