"""Which invented fragment stands for a real one where an editor previews a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from oms_portal.orders.feed import kinds_of

from .. import arriving
from . import activity, changes, drawn, returns


# By the fragment's name; each is given what the block asks of the real one.
ALL: dict[str, Callable[[Mapping[str, str]], str]] = {
    "arriving": lambda asked: activity.arriving(
        asked["days"] if asked.get("days") in arriving.RANGES else "today"
    ),
    "change_request": lambda asked: changes.change(),
    "changes": lambda asked: changes.changes(asked.get("hide", "")),
    "dashboard": lambda asked: activity.dashboard(_listed(asked, "sections")),
    "documents": lambda asked: drawn.documents(asked.get("kind", "")),
    "freshness": lambda asked: drawn.freshness(),
    "order": lambda asked: drawn.order(show=_listed(asked, "show")),
    "orders": drawn.orders,
    "return": lambda asked: returns.one(),
    "return_start": returns.start,
    "returns": returns.returns,
    "tracker": lambda asked: drawn.tracker(parcels=asked.get("parcels") != "no"),
    "updates": lambda asked: activity.updates(kinds=kinds_of(asked.get("kinds", ""))),
}


def _listed(asked: Mapping[str, str], key: str) -> list[str]:
    return [name for name in asked.get(key, "").split(",") if name]


def sampled(name: str, asked: Mapping[str, str], language: str) -> SafeString | None:
    """The sample as a fragment that no socket follows, and that says what it is."""
    if name not in ALL:
        return None
    with translation.override(language):
        html = ALL[name](asked)
        note = render_to_string("oms_portal/elements/sample_note.html", {"fragment": name})
    nameless = html.replace(" data-topic=", " data-sample=", 1)
    return mark_safe(nameless.replace(">", f">{note}", 1))
