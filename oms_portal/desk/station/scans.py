"""Where browsers bring their scans: each is taken once, in order, and answered."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from oms_portal.desk.policies import may
from oms_portal.returns.models import Return
from oms_portal.returns.receipts import actions

from .reading import wish_of
from .saying import nonsense, said


AT_ONCE = 50


class Scans(PermissionCheckedMixin, View):
    """POST {"user": whom the browser's scans are of, "scans": [...]}, 50 at most, gives {"user",
    "answers"} in their order; 409 where somebody else is signed in by now, and nothing is taken.
    GET gives {"user", "csrf"} to a page that is older than its session."""

    model = Return
    permission_required = "receive"
    http_method_names = ["get", "head", "post"]

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        return never_cache(super().as_view(**options))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Who may not scan is told so as a page's script reads it."""
        if not may(request.user, "receive", Return):
            return JsonResponse({"user": request.user.pk}, status=403)
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})

    def post(self, request: HttpRequest) -> JsonResponse:
        told = _told(request)
        if told is None:
            return JsonResponse({"user": request.user.pk}, status=400)
        if str(told.get("user", request.user.pk)) != str(request.user.pk):
            return JsonResponse({"user": request.user.pk}, status=409)
        now = timezone.now()
        answers = [_answer(scan, request.user, now) for scan in told["scans"]]
        return JsonResponse({"user": request.user.pk, "answers": answers})


def _told(request: HttpRequest) -> dict[str, Any] | None:
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    scans = told.get("scans") if isinstance(told, dict) else None
    return told if isinstance(scans, list) and len(scans) <= AT_ONCE else None


def _answer(scan: Any, user: Any, now: datetime) -> dict[str, Any]:
    wish = wish_of(scan, now)
    if wish is None:
        return nonsense(scan.get("id") if isinstance(scan, dict) else None)
    return said(actions.scan(wish, user, now=now), wish.text)
