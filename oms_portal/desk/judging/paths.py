"""Where goods are inspected, below the returns of the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .acts import Second, Send, TakeBack
from .screen import Judge


def paths(policy: Any) -> list[URLPattern]:
    """``policy`` is that of returns."""
    told = {"permission_policy": policy}
    verdict = "judge/verdict/<int:verdict>"
    return [
        path("judge/<int:pk>/", Judge.as_view(**told), name="judge"),
        path("judge/<int:pk>/send/", Send.as_view(**told), name="judge_send"),
        path(f"{verdict}/back/", TakeBack.as_view(**told), name="judge_back"),
        path(f"{verdict}/second/", Second.as_view(**told), name="judge_second"),
    ]
