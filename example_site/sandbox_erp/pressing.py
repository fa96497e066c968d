"""One button of the page: a form of its own."""

from __future__ import annotations

from html import escape


def press(label: str, company: str, order: str, **wish: str) -> str:
    fields = {"company": company, "order": order, **wish}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return f'<form method="post" action="/do">{hidden}<button>{escape(label)}</button></form>'
