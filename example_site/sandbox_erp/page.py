"""The sandbox's page of buttons, and the same buttons as JSON: a WSGI application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from .erp import Done
from .lines import Record
from .papers import pdf_of
from .placing import CUSTOMERS
from .running import Sandbox
from .verbs import VERBS, Impossible, possible


STYLE = (Path(__file__).parent / "page.css").read_bytes()
SHOWN = 60
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Page:
    """``GET /`` and ``POST /do`` for people, ``GET /api/state`` and ``POST /api/do`` for programs."""

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
                return HTTPStatus.OK, "text/html; charset=utf-8", self._html(asked).encode(), []
            case "GET", "/page.css":
                return HTTPStatus.OK, "text/css", STYLE, []
            case "GET", "/api/state":
                return _json(HTTPStatus.OK, self._state(asked))
            case "POST", "/api/do":
                return self._do_json(_body(environ))
            case "POST", "/do":
                return self._do_form(_body(environ))
        if method == "GET" and path.startswith("/papers/"):
            return self._paper(path.removeprefix("/papers/").removesuffix(".pdf"))
        return HTTPStatus.NOT_FOUND, "text/plain", b"There is no such page.", []

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
            f"/?company={quote(wish.get('company', ''))}&order={quote(order)}&said={quote(said)}"
        )
        return HTTPStatus.SEE_OTHER, "text/plain", b"", [("Location", where)]

    def _state(self, asked: dict[str, str]) -> dict[str, Any]:
        orders = self.sandbox.store.all("order", asked.get("company", ""))
        if "order" in asked:
            orders = [order for order in orders if order["number"] == asked["order"]]
        return {
            "unsent": self.sandbox.store.unsent(),
            "silent": self.sandbox.silent,
            "every": self.sandbox.every,
            "trouble": self.sandbox.trouble,
            "verbs": [*VERBS, *self.sandbox.others],
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

    def _html(self, asked: dict[str, str]) -> str:
        company = asked.get("company", "") if asked.get("company") in CUSTOMERS else ""
        orders = self.sandbox.store.all("order", company)
        order = next((o for o in orders if o["number"] == asked.get("order")), None)
        order = order or (orders[0] if orders else None)
        parts = [
            _head(asked.get("said", ""), self.sandbox),
            _choice(company, orders, order),
            _buttons(company, order) if order else "<p>No orders yet.</p>",
            _mischief(company, order, self.sandbox),
            _told(self.sandbox),
        ]
        return "\n".join(parts)


def _is_ours(environ: dict[str, Any]) -> bool:
    """No other site's page presses our buttons."""
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == environ.get("HTTP_HOST")


def _body(environ: dict[str, Any]) -> bytes:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), 65_536)
    return bytes(environ["wsgi.input"].read(length))


def _json(status: HTTPStatus, answer: Any) -> tuple[HTTPStatus, str, bytes, list[Any]]:
    return status, "application/json", json.dumps(answer).encode(), []


def _head(said: str, sandbox: Sandbox) -> str:
    notice = f'<p class="said" role="status">{escape(said)}</p>' if said else ""
    trouble = f'<p class="trouble">{escape(sandbox.trouble)}</p>' if sandbox.trouble else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Sandbox ERP</title><link rel="stylesheet" href="/page.css"></head><body>'
        f"<h1>Sandbox ERP</h1><p>{sandbox.store.unsent()} events wait to be sent.</p>"
        f"{notice}{trouble}"
    )


def _choice(company: str, orders: list[Record], order: Record | None) -> str:
    companies = "".join(
        f'<option value="{ref}"{" selected" if ref == company else ""}>{escape(c["name"])}</option>'
        for ref, c in CUSTOMERS.items()
    )
    chosen = order["number"] if order else ""
    numbers = "".join(
        f"<option{' selected' if o['number'] == chosen else ''}>{escape(o['number'])}</option>"
        for o in orders[:SHOWN]
    )
    if order and all(o["number"] != chosen for o in orders[:SHOWN]):
        numbers = f"<option selected>{escape(chosen)}</option>{numbers}"
    return (
        '<form class="choice" method="get" action="/">'
        f'<label>Company <select name="company"><option value="">All</option>{companies}</select></label>'
        f'<label>Order <select name="order">{numbers}</select></label>'
        "<button>Choose</button></form>"
    )


def _form(label: str, company: str, order: str, **wish: str) -> str:
    fields = {"company": company, "order": order, **wish}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return f'<form method="post" action="/do">{hidden}<button>{escape(label)}</button></form>'


def _buttons(company: str, order: Record) -> str:
    can = possible(order)
    groups: dict[str, list[str]] = {}
    for name, entry in VERBS.items():
        if name in can:
            button = _form(entry.label, company, order["number"], verb=name)
            groups.setdefault(entry.group, []).append(button)
    customer = CUSTOMERS[order["customer_ref"]]["name"]
    inner = "".join(f"<h3>{group}</h3><div>{''.join(b)}</div>" for group, b in groups.items())
    return f"<section><h2>{escape(order['number'])} · {escape(customer)}</h2>{inner}</section>"


def _mischief(company: str, order: Record | None, sandbox: Sandbox) -> str:
    number = order["number"] if order else ""
    quiet = "Speak again" if sandbox.silent else "Go silent"
    pace = "Stop life going on" if sandbox.every else "Let life go on"
    buttons = [
        _form("New order", company, number, verb="new_order"),
        _form("Customer changes", company, number, verb="change_customer"),
        _form("Burst of 50", company, number, verb="burst"),
        _form("Something late (20 s)", company, number, verb="late"),
        _form("Something twice", company, number, verb="twice"),
        _form("Newest first", company, number, verb="out_of_order"),
        _form("A bad event", company, number, verb="bad"),
        _form(quiet, company, number, verb="speak" if sandbox.silent else "silence"),
        _form(pace, company, number, verb="pace", every="0" if sandbox.every else "3"),
    ]
    return f"<section><h2>Anything else</h2><div>{''.join(buttons)}</div></section>"


def _told(sandbox: Sandbox) -> str:
    rows = "".join(
        f"<tr><td>{escape(source)}</td><td>{escape(id)}</td><td>{'sent' if sent else 'waits'}</td>"
        f"<td>{escape(answer[:160])}</td></tr>"
        for source, id, sent, answer in sandbox.store.latest()
    )
    return (
        "<section><h2>Told lately</h2><table><thead><tr><th>Source</th><th>Event</th><th></th>"
        f"<th>The portal's answer</th></tr></thead><tbody>{rows}</tbody></table></section></body></html>"
    )
