"""What a policy says of some units, as plain values: shown before, frozen on the return after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any


_AMOUNTS = ("fee", "fee_percent", "fee_fixed", "shipping_fee")


@dataclass(frozen=True)
class Terms:
    """``why`` is a code of ``reasons`` where it is not ``allowed``, ``words`` staff's own in place
    of those; ``until`` the last day of the window, to its end by the company's clock (None: no end).

    ``methods`` and ``outcomes`` are values of ``kinds``, the usual first. ``fee`` is for these
    units (None: not known yet), of ``fee_percent`` of their value and ``fee_fixed``;
    ``shipping_fee`` is what the way back costs the customer, once a return. ``pays`` is
    "supplier", "customer" or "" (not known yet); ``approval`` "auto", "agent" or "erp".
    ``destination`` is shaped as ``Return.destination``; ``policy`` is its name and version;
    ``notes`` say how to pack it, in the reader's language.
    """

    allowed: bool
    why: str = ""
    words: str = ""
    until: date | None = None
    methods: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    fee: Decimal | None = None
    fee_percent: Decimal = Decimal(0)
    fee_fixed: Decimal = Decimal(0)
    shipping_fee: Decimal = Decimal(0)
    pays: str = ""
    photos: int = 0
    asks_text: bool = False
    asks_serial: bool = False
    asks_lot: bool = False
    approval: str = "agent"
    goods_back: bool = True
    destination: Mapping[str, Any] = field(default_factory=dict)
    policy: tuple[str, int] = ("", 0)
    hand_over_days: int = 28
    notes: tuple[str, ...] = ()

    def frozen(self) -> dict[str, Any]:
        """As ``ReturnLine.terms`` keeps it: amounts and days as texts."""
        told: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in _AMOUNTS:
            told[name] = None if told[name] is None else f"{told[name]:f}"
        told["until"] = self.until.isoformat() if self.until else None
        told["destination"] = dict(self.destination)
        for name in ("methods", "outcomes", "notes", "policy"):
            told[name] = list(told[name])
        return told

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Terms:
        """Back from ``frozen``; members that this version does not know are dropped."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in told.items() if name in known}
        for name in _AMOUNTS:
            if values.get(name) is not None:
                values[name] = Decimal(values[name])
        if values.get("until"):
            values["until"] = date.fromisoformat(values["until"])
        for name in ("methods", "outcomes", "notes"):
            values[name] = tuple(values.get(name, ()))
        values["policy"] = tuple(values.get("policy", ("", 0)))
        return cls(**values)
