"""What a command asks the ERP for, in words: the members that the wire knows, the others as told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oms_portal.changes import wording
from oms_portal.changes.models import ChangeRequest
from oms_portal.erp.outbox.models import Command
from oms_portal.erp.outbox.queries import is_overtaken

from .inspecting import Fact
from .texts import plain


KINDS: dict[str, Any] = {
    "change": gettext_lazy("Change of a delivery"),
    "cancel": gettext_lazy("Cancellation"),
    "return": pgettext_lazy("noun", "Return"),
    "return_cancel": gettext_lazy("Cancellation of a return"),
    "return_reply": gettext_lazy("Answer about a return"),
    "return_receipt": gettext_lazy("What came of a return"),
    "return_decision": gettext_lazy("What was decided about a return"),
}
LABELS: dict[str, Any] = {
    "scope": gettext_lazy("What it is about"),
    "shipments": gettext_lazy("Deliveries"),
    "lines": gettext_lazy("Lines"),
    "ship_to_ref": gettext_lazy("Delivery address, by its ref"),
    **wording.LABELS,
    "cancel": gettext_lazy("Lines to cancel"),
    "reason": gettext_lazy("Reason"),
    "accepts": gettext_lazy("Accepts the offer"),
    "text": gettext_lazy("Text"),
    "reference": gettext_lazy("Reference"),
    "fee": gettext_lazy("Fee"),
}
# The parts of an address in the order in which one is read.
_ADDRESS = (
    "name", "lines", "postal_code", "city", "region", "country", "contact", "phone", "instructions",
)  # fmt: skip


def overtaken(command: Command | None) -> str:
    """What to know before it is sent again; "" where nothing speaks against it."""
    if command is None or not is_overtaken(command):
        return ""
    return _(
        "The ERP took a later wish for this order meanwhile. Sent again now, this one comes after "
        "it and may undo it."
    )


def kind_word(command: Command) -> str:
    return str(KINDS.get(command.kind, plain(command.kind)))


def facts_of(payload: Any) -> Iterator[Fact]:
    """One fact for each member that says something, the known ones first."""
    if not isinstance(payload, Mapping):
        return
    names = [*(name for name in LABELS if name in payload), *sorted(set(payload) - set(LABELS))]
    for name in names:
        if payload[name] not in (None, "", [], {}):
            yield Fact(str(LABELS.get(name, plain(name, 60))), _said(name, payload[name]))


def _said(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _of_members(name, value)
    if isinstance(value, list):
        return ", ".join(_item(each) for each in value)
    if name == "scope":
        return str(dict(ChangeRequest.Scope.choices).get(value, value))
    return str(wording.METHODS.get(value, value)) if name == "method" else str(value)


def _of_members(name: str, value: Mapping[str, Any]) -> str:
    if name == "address":
        parts = [value.get(part) for part in _ADDRESS]
        flat = (each for part in parts for each in (part if isinstance(part, list) else [part]))
        return ", ".join(str(each) for each in flat if each)
    if name == "fee":
        return f"{value.get('amount', '')} {value.get('currency', '')}".strip()
    if name == "requested":
        told = {"from": value.get("from") or "…", "to": value.get("to")}
        return _("%(from)s to %(to)s") % told if told["to"] else str(told["from"])
    return json.dumps(value, ensure_ascii=False)


def _item(value: Any) -> str:
    """A ref, or a line with how much of it."""
    if not isinstance(value, Mapping):
        return str(value)
    ref = value.get("line_ref") or value.get("ref")
    if ref is None:
        return json.dumps(value, ensure_ascii=False)
    return f"{ref} × {value['quantity']}" if value.get("quantity") else str(ref)
