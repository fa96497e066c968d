"""Sends what waits, signed, in order and until it is taken; and says "still here" in between."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import random
import threading
import time
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

from .store import Store, Waiting


log = logging.getLogger(__name__)
BATCH = 100
BATCH_BYTES = 700_000


class Refused(Exception):
    """The portal did not take it now; it is sent again later."""


def sign(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """Standard Webhooks 1.0.0, scheme v1: HMAC-SHA256 over ``id.timestamp.body``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Sender(threading.Thread):
    """One thread for one source. ``silent`` holds everything back, as an ERP that hangs does."""

    def __init__(
        self, store: Store, source: str, secret: str, portal: str, heartbeat: float = 20
    ) -> None:
        super().__init__(daemon=True, name=f"sender-{source}")
        self.store, self.source, self.secret = store, source, secret
        self.portal, self.heartbeat = portal.rstrip("/"), heartbeat
        self.wake = threading.Event()
        self.silent = False
        self.ended = False
        self.trouble = ""
        self._heard = 0.0

    def run(self) -> None:
        failures = 0
        while not self.ended:
            self.wake.clear()
            try:
                busy = not self.silent and self._step()
                failures = 0
                self.trouble = ""
            except Refused as reason:
                failures += 1
                if str(reason) != self.trouble:
                    log.warning("%s: %s", self.source, reason)
                self.trouble = str(reason)
                # Full jitter, and never longer than a customer should wait for the portal's return.
                time.sleep(random.uniform(0.1, min(5, 0.25 * 2**failures)))
                continue
            if not busy:
                self.wake.wait(0.25)

    def end(self) -> None:
        self.ended = True
        self.wake.set()

    def _step(self) -> bool:
        """Send the next few; whether there was anything to send."""
        waiting = _fitting(self.store.waiting(self.source, time.time(), BATCH))
        if not waiting:
            if time.monotonic() - self._heard > self.heartbeat:
                self._post("events/batch", b"[]")
            return False
        if len(waiting) == 1:
            answers = [self._post("events", waiting[0].body.encode())]
        else:
            body = "[" + ",".join(event.body for event in waiting) + "]"
            answers = self._post("events/batch", body.encode())["results"]
        self.store.answered(
            (json.dumps(answer), event.seq) for answer, event in zip(answers, waiting, strict=True)
        )
        return True

    def _post(self, path: str, body: bytes) -> Any:
        id, timestamp = f"msg_{uuid4().hex}", str(int(time.time()))
        request = urllib.request.Request(
            f"{self.portal}/{path}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": id,
                "webhook-timestamp": timestamp,
                "webhook-signature": sign(self.secret, id, timestamp, body),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.loads(response.read())
        except urllib.error.HTTPError as error:
            answer = _settled(error, path)
        except (OSError, ValueError) as error:
            raise Refused(f"the portal does not answer ({error})") from error
        self._heard = time.monotonic()
        return answer


def _fitting(waiting: list[Waiting]) -> list[Waiting]:
    size, fit = 0, []
    for event in waiting:
        size += len(event.body.encode()) + 1
        if fit and size > BATCH_BYTES:
            break
        fit.append(event)
    return fit


def _settled(error: urllib.error.HTTPError, path: str) -> Any:
    """The answer to one event that will never be taken; Refused where it is worth another try."""
    text = error.read().decode(errors="replace")[:2000]
    if path == "events" and error.code in (400, 403, 409, 413, 422):
        return {"state": f"refused with {error.code}", "problem": text}
    raise Refused(f"the portal answered {error.code}: {text[:300]}")
