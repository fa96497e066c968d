"""Returns on the sandbox's page: which there are, and what can happen to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from example_site.sandbox_erp.pressing import press

from .clerk import Clerk
from .office import Office
from .registry import GROUPS, MOVES


SHOWN = 12


def section(clerk: Clerk, office: Office, number: str, company: str) -> str:
    """``number``: the one that is chosen, else the newest."""
    found = [told for told in clerk.all() if company in ("", told["company"])]
    if not found:
        return "<section><h2>Returns</h2><p>None has come yet.</p></section>"
    chosen = next((told for told in found if told["number"] == number), found[0])
    pace = office.pace
    quiet = "Approve by button only" if pace else "Approve by itself after 3 s"
    buttons = press(quiet, company, "", verb="return_pace", seconds="0" if pace else "3")
    return (
        f"<section><h2>Return {escape(chosen['number'])} · {escape(chosen['stage'])}</h2>"
        f"{_asked(chosen)}{_moves(chosen, company)}<h3>All returns</h3><div>{buttons}</div>"
        f"{_rows(found[:SHOWN])}</section>"
    )


def _asked(told: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(line['order_ref'])}</td><td>{escape(line.get('sku', ''))}</td>"
        f"<td>{escape(line['quantity'])}</td><td>{escape(line.get('reason', ''))}</td>"
        f"<td>{escape(line['received'])} / {escape(line['accepted'])} / "
        f"{escape(line['rejected'])}</td></tr>"
        for line in told["lines"]
    )
    said = f"<p>They answered: {escape(told['reply'])}</p>" if told["reply"] else ""
    return (
        "<table><thead><tr><th>Order</th><th>Article</th><th>Asked</th><th>Reason</th>"
        f"<th>Received / accepted / rejected</th></tr></thead><tbody>{rows}</tbody></table>{said}"
    )


def _moves(told: Mapping[str, Any], company: str) -> str:
    order = told["lines"][0]["order_ref"]
    groups: dict[str, list[str]] = {}
    for name in told["possible"]:
        move = MOVES[name]
        button = press(move.label, company, order, verb=name, **{"return": told["number"]})
        groups.setdefault(move.group, []).append(button)
    return "".join(
        f"<h3>{group}</h3><div>{''.join(groups[group])}</div>"
        for group in GROUPS
        if group in groups
    )


def _rows(found: list[dict[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td><a href="/?return={escape(told["number"])}">{escape(told["number"])}</a></td>'
        f"<td>{escape(told['ref'])}</td><td>{escape(told['company'])}</td>"
        f"<td>{escape(told['kind'])}</td><td>{escape(told['stage'])}</td></tr>"
        for told in found
    )
    return (
        "<table><thead><tr><th>Number</th><th>Ours</th><th>Customer</th><th>Kind</th>"
        f"<th>Stage</th></tr></thead><tbody>{rows}</tbody></table>"
    )
