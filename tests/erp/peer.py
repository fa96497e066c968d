"""An ERP as the API meets it: bytes, signed, over HTTP."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

from django.test import Client

from oms_portal.erp import signatures
from oms_portal.erp.models import Source
from tests.wire import encode


ROOT = "/portal/api/v1/"
_calls = count(1)


class Peer:
    """Signs with ``secret``, or sends ``key`` as bearer where one is given."""

    def __init__(self, source: Source, secret: str = "", key: str = "") -> None:
        self.source = source
        self.secret = secret
        self.key = key
        self.client = Client(raise_request_exception=False)

    def headers(self, raw: bytes, at: int | None = None) -> dict[str, str]:
        if self.key:
            return {"authorization": f"Bearer {self.key}"}
        stamp = int(time.time()) if at is None else at
        return signatures.sign(self.secret, f"msg_{next(_calls)}", stamp, raw)

    def post(self, path: str, payload: Any = b"", at: int | None = None, **headers: str) -> Any:
        raw = payload if isinstance(payload, bytes) else encode(payload)
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        media = own.pop("content-type", "application/json")
        return self.client.post(
            ROOT + path,
            data=raw,
            content_type=media,
            headers={**self.headers(raw, at), **own},
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers(b""))

    def send(self, event: dict[str, Any], **headers: str) -> Any:
        return self.post("events", event, **headers)

    def state_of(self, event: dict[str, Any]) -> str:
        answer = self.get(f"events/{self.source.slug}/{event['id']}")
        return str(answer.json().get("state", answer.status_code))
