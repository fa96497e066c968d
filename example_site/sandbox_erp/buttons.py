"""The sandbox's page: buttons for all that can happen, and what happened lately."""

from __future__ import annotations

from html import escape

from .lines import Record
from .manners import MODES, SECONDS
from .placing import CUSTOMERS
from .pressing import press
from .returns.buttons import section as returns_section
from .running import Sandbox
from .verbs import GROUPS, VERBS, possible


SHOWN = 60


def html(sandbox: Sandbox, asked: dict[str, str]) -> str:
    """``asked``: the query: company, order, and what was said of the last press."""
    company = asked.get("company", "") if asked.get("company") in CUSTOMERS else ""
    orders = sandbox.store.all("order", company)
    order = next((o for o in orders if o["number"] == asked.get("order")), None)
    order = order or (orders[0] if orders else None)
    parts = [
        _head(asked.get("said", ""), sandbox),
        _choice(company, orders, order),
        _buttons(company, order) if order else "<p>No orders yet.</p>",
        _returns(company, asked.get("return", ""), sandbox),
        _manners(company, order, sandbox),
        _mischief(company, order, sandbox),
        _commands(sandbox),
        _told(sandbox),
    ]
    return "\n".join(parts)


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


def _buttons(company: str, order: Record) -> str:
    can = possible(order)
    groups: dict[str, list[str]] = {}
    for name, entry in VERBS.items():
        if name in can:
            button = press(entry.label, company, order["number"], verb=name)
            groups.setdefault(entry.group, []).append(button)
    customer = CUSTOMERS[order["customer_ref"]]["name"]
    inner = "".join(
        f"<h3>{group}</h3><div>{''.join(groups[group])}</div>"
        for group in GROUPS
        if group in groups
    )
    return f"<section><h2>{escape(order['number'])} · {escape(customer)}</h2>{inner}</section>"


def _returns(company: str, number: str, sandbox: Sandbox) -> str:
    intake = sandbox.intake
    return returns_section(intake.clerk, intake.office, number, company)


def _mischief(company: str, order: Record | None, sandbox: Sandbox) -> str:
    number = order["number"] if order else ""
    quiet = "Speak again" if sandbox.silent else "Go silent"
    pace = "Stop life going on" if sandbox.every else "Let life go on"
    buttons = [
        press("New order", company, number, verb="new_order"),
        press("Customer changes", company, number, verb="change_customer"),
        press("Burst of 50", company, number, verb="burst"),
        press("Something late (20 s)", company, number, verb="late"),
        press("Something twice", company, number, verb="twice"),
        press("Newest first", company, number, verb="out_of_order"),
        press("A bad event", company, number, verb="bad"),
        press(quiet, company, number, verb="speak" if sandbox.silent else "silence"),
        press(pace, company, number, verb="pace", every="0" if sandbox.every else "3"),
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


def _manners(company: str, order: Record | None, sandbox: Sandbox) -> str:
    """How commands are treated: the button that is in force says so."""
    number = order["number"] if order else ""
    now = sandbox.intake.manners.of("")
    buttons = [
        press(
            f"{'● ' if mode == now.mode else ''}{label}", company, number, verb="behave", mode=mode
        )
        for mode, label in MODES.items()
    ]
    once = [
        press(f"{label}, once", company, number, verb="behave", mode=mode, count="1")
        for mode, label in MODES.items()
        if mode not in ("fine", "away")
    ]
    counters = [
        press("Offer another place", company, number, verb="behave", mode="counter", offer="place"),
        press("Be away for 60 s", company, number, verb="behave", mode="away", seconds="60"),
        press("Carry out what was accepted", company, number, verb="settle"),
    ]
    waits = ", ".join(f"{mode} {seconds:g} s" for mode, seconds in SECONDS.items())
    return (
        f"<section><h2>How commands are treated</h2><div>{''.join(buttons)}</div>"
        f"<h3>The next one only</h3><div>{''.join(once)}</div>"
        f"<h3>Besides ({waits})</h3><div>{''.join(counters)}</div></section>"
    )


def _commands(sandbox: Sandbox) -> str:
    rows = "".join(
        f"<tr><td>{escape(c['order'])}</td><td>{escape(c['kind'])}</td><td>{escape(c['key'])}</td>"
        f"<td>{c['deliveries']}</td><td>{c['effects']}</td><td>{escape(c['answered'])}</td></tr>"
        for c in sandbox.intake.book.list(limit=25)
    )
    return (
        "<section><h2>Commands that came</h2><table><thead><tr><th>Order</th><th>Kind</th>"
        "<th>Key</th><th>Came</th><th>Effects</th><th>Answered</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )
