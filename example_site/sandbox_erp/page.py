"""The sandbox's page of buttons, and the same buttons as JSON: a WSGI application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from .buttons import html
from .commands import HANG_UP
from .erp import Done
from .manners import Manner
from .papers import pdf_of
from .placing import CUSTOMERS
from .returns.registry import MOVES
from .running import Sandbox
from .scene import Impossible
from .verbs import VERBS, possible


STYLE = (Path(__file__).parent / "page.css").read_bytes()
LARGEST_COMMAND = 262_144
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Page:
    """``GET /`` and ``POST /do`` for people, ``GET /api/state`` and ``POST /api/do`` for programs,
    ``POST /api/commands`` for the portal."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        status, kind, body, more = self._answer(environ)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), *more]
        start(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, str, bytes, list[Any]]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        asked = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
        if method == "POST" and not _is_ours(environ):
            return HTTPStatus.FORBIDDEN, "text/plain", b"Press the buttons on the page itself.", []
        match method, path:
            case "GET", "/":
                return (
                    HTTPStatus.OK,
                    "text/html; charset=utf-8",
                    html(self.sandbox, asked).encode(),
                    [],
                )
            case "GET", "/page.css":
                return HTTPStatus.OK, "text/css", STYLE, []
            case "GET", "/api/state":
                return _json(HTTPStatus.OK, self._state(asked))
            case "POST", "/api/do":
                return self._do_json(_body(environ))
            case "POST", "/api/commands":
                return self._command(environ)
            case "POST", "/do":
                return self._do_form(_body(environ))
        if method == "GET" and path.startswith("/papers/"):
            return self._paper(path.removeprefix("/papers/").removesuffix(".pdf"))
        return HTTPStatus.NOT_FOUND, "text/plain", b"There is no such page.", []

    def _command(self, environ: dict[str, Any]) -> tuple[HTTPStatus, str, bytes, list[Any]]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        answer = self.sandbox.intake.take(headers, _body(environ, LARGEST_COMMAND))
        if answer == HANG_UP:
            environ["sandbox.hang_up"]()
            return HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", b"", []
        status = HTTPStatus(answer.status)
        return status, answer.media, answer.body.encode(), list(answer.headers)

    def _paper(self, ref: str) -> tuple[HTTPStatus, str, bytes, list[Any]]:
        """What the portal fetches when a customer wants to see a paper."""
        for order in self.sandbox.store.all("order", ""):
            for paper in order["documents"]:
                if paper["ref"] == ref:
                    return HTTPStatus.OK, "application/pdf", pdf_of(order, paper), []
        return HTTPStatus.NOT_FOUND, "text/plain", b"There is no such paper.", []

    def _do_json(self, body: bytes) -> tuple[HTTPStatus, str, bytes, list[Any]]:
        try:
            wish = json.loads(body)
            done = self.sandbox.do(wish)
        except (Impossible, KeyError) as why:
            return _json(HTTPStatus.CONFLICT, {"error": str(why.args[0])})
        except (ValueError, TypeError, AttributeError):
            return _json(HTTPStatus.BAD_REQUEST, {"error": "a JSON object with a verb, please"})
        answer: dict[str, Any] = done._asdict()
        if wish.get("wait"):
            answer["answers"] = self.sandbox.wait_for(done.events)
        return _json(HTTPStatus.OK, answer)

    def _do_form(self, body: bytes) -> tuple[HTTPStatus, str, bytes, list[Any]]:
        wish = {k: v[0] for k, v in parse_qs(body.decode(errors="replace")).items()}
        try:
            done = self.sandbox.do(wish)
            said = f"{done.order} {done.said}".strip()
        except (Impossible, KeyError, ValueError) as why:
            done, said = Done("", "", []), f"Not done: {why.args[0]}"
        order = done.order or wish.get("order", "")
        where = (
            f"/?company={quote(wish.get('company', ''))}&order={quote(order)}"
            f"&return={quote(wish.get('return', ''))}&said={quote(said)}"
        )
        return HTTPStatus.SEE_OTHER, "text/plain", b"", [("Location", where)]

    def _manners(self) -> dict[str, Manner]:
        """By order; "" is for all others."""
        return {"": Manner(), **self.sandbox.intake.manners.all()}

    def _state(self, asked: dict[str, str]) -> dict[str, Any]:
        orders = self.sandbox.store.all("order", asked.get("company", ""))
        if "order" in asked:
            orders = [order for order in orders if order["number"] == asked["order"]]
        return {
            "unsent": self.sandbox.store.unsent(),
            "silent": self.sandbox.silent,
            "every": self.sandbox.every,
            "trouble": self.sandbox.trouble,
            "mode": {about: asdict(manner) for about, manner in self._manners().items()},
            "commands": self.sandbox.intake.book.list(asked.get("order", "")),
            "returns": self.sandbox.intake.clerk.all(),
            "verbs": [*VERBS, *MOVES, *self.sandbox.others],
            "companies": {ref: customer["name"] for ref, customer in CUSTOMERS.items()},
            "orders": [
                {
                    "number": order["number"],
                    "company": order["customer_ref"],
                    "source": order["_source"],
                    "possible": possible(order),
                }
                for order in orders
            ],
        }


def _is_ours(environ: dict[str, Any]) -> bool:
    """No other site's page presses our buttons."""
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == environ.get("HTTP_HOST")


def _body(environ: dict[str, Any], largest: int = 65_536) -> bytes:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), largest)
    return bytes(environ["wsgi.input"].read(length))


def _json(status: HTTPStatus, answer: Any) -> tuple[HTTPStatus, str, bytes, list[Any]]:
    return status, "application/json", json.dumps(answer).encode(), []
