"""What ``manage.py check`` says of the portal."""

from __future__ import annotations

from django.core.checks import run_checks


def found() -> dict[str, str]:
    return {m.id: f"{m.msg} {m.hint}" for m in run_checks(tags=["oms_portal"])}
