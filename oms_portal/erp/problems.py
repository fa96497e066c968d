"""Errors as RFC 9457 tells them: said once, raised anywhere below the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any


Json = dict[str, Any]


class Problem(Exception):
    """Something a peer must hear of. ``code`` is stable, ``detail`` is for people.

    ``errors`` are ``{"pointer": <RFC 6901>, "code", "detail"}``.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Json] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> Json:
        told: Json = {
            "type": f"urn:oms-portal:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            told["errors"] = self.errors
        return told


class Unavailable(Problem):
    """Nothing was stored; send it again later."""

    def __init__(self, code: str, detail: str, *, after: int = 5) -> None:
        super().__init__(503, code, detail, headers={"Retry-After": str(after)})
