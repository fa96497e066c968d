"""A fragment as small as one can be: a company's name on a board, for those who reach a place there.

Its rights hang on the person's grants and on the company's VAT number (the audience).
"""

from __future__ import annotations

import html
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from oms_portal import live
from oms_portal.customers.access import Actor
from oms_portal.customers.models import Company
from oms_portal.fragments.base import Fragment, Rendered, Spec, register
from oms_portal.fragments.tickets import ticket


CLOSED = "closed"
SEARCH = (
    '<form data-part="search" data-oms-page action="/boards/"><input name="place" type="search">'
    '<input type="checkbox" name="tick" value="a"><input type="checkbox" name="tick" value="b">'
    '<button name="by" value="hand">Search</button></form>'
)
rendered: Counter[str] = Counter()
# What a slow board waits for.
released = threading.Event()


@register
class Board(Fragment):
    name = "board"
    topic = "board:<company>"
    needs = "view Company"

    def spec(self, actor: Actor, params: Mapping[str, str], language: str) -> Spec | None:
        company = Company.objects.filter(pk=params["company"]).first()
        place = params.get("place", "")
        if company is None or company.vat == CLOSED:
            return None
        if not any(grant.covers(company.pk, place) for grant in actor.grants):
            return None
        return Spec(
            self.name, topic(company), (("company", str(company.pk)), ("place", place)), language
        )

    def render(self, spec: Spec, version: int) -> Rendered | None:
        rendered[spec.topic] += 1
        company = Company.objects.filter(pk=spec["company"]).first()
        if company is None:
            return None
        if company.name.startswith("broken"):
            raise RuntimeError("this board is broken")
        if company.name.startswith("slow"):
            released.wait(20)
        text = html.escape(company.name) + "x" * company.delivery_rules.get("padding", 0)
        return Rendered(
            f'<div class="oms-fragment" data-topic="{spec.name}" data-version="{version}" '
            f'data-states="{"late" if text.startswith("Late") else "open"}">'
            f'<p data-part="name">{text}</p>'
            f'<form data-part="note"><label>Note for {text[:8]} <input name="note"></label></form>'
            f'<p data-part="links"><a data-oms-page href="/boards/?place=S{len(text)}">Next</a></p>'
            f"{SEARCH}</div>",
            say=f"Now {text}",
            audience=company.vat,
        )


def topic(company: Company) -> str:
    return f"board:{company.pk}"


def spec_for(company: Company, place: str = "", language: str = "en") -> Spec:
    return Spec("board", topic(company), (("company", str(company.pk)), ("place", place)), language)


def joining(user: Any, company: Company, version: int = 0, place: str = "") -> list[Any]:
    """What the browser of this person says to watch the board."""
    spec = spec_for(company, place)
    return [spec.name, ticket(spec, user.pk), version]


def rename(company: Company, name: str, padding: int = 0) -> int:
    """Commit a new name, shown with so many letters more; the topic's new version."""
    Company.objects.filter(pk=company.pk).update(name=name, delivery_rules={"padding": padding})
    live.changed(topic(company))
    return live.versions([topic(company)])[topic(company)]
