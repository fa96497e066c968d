"""Orders made to be changed: each stands where something different is still possible.

Their numbers never change, so that guides and tests can name them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from . import catalogue
from .erp import Erp
from .placing import lines_of, new_order, totals
from .scene import working_day


class Example(NamedTuple):
    """``steps`` happen to it one after the other; its last delivery is then planned for so many
    working days from now, or left as it is (0)."""

    number: str
    customer: str
    place: str
    method: str
    lines: tuple[tuple[str, int], ...]
    steps: tuple[str, ...]
    planned_in: int = 0


SPLIT = ("confirm", "plan_part", "pick", "plan_part")
PLANNED = ("confirm", "plan")
# All of it is delivered since yesterday or the day before.
ARRIVED = ("confirm", "ship", "deliver")
TWICE = ("confirm", "ship_part", "deliver", "ship", "deliver")
EXAMPLES = (
    # One delivery is being picked, one is planned, and some of it lies in neither.
    Example("SO-110001", "C-10001", "HW-1", "parcel", (("TB-HTD8-1200", 12), ("TP-HTD8-36", 4), ("LC-25-F", 20)), SPLIT, 4),
    Example("SO-110002", "C-20001", "AE-1", "parcel", (("HC-50-200", 2), ("HH-2SN-10", 40), ("HF-M18-10", 80)), SPLIT, 4),
    Example("SO-110003", "C-10001", "HW-2", "freight", (("LR-25-2000", 12), ("GR-LI2-18", 6)), PLANNED, 5),
    # Confirmed; no delivery is planned.
    Example("SO-110004", "C-10001", "HW-3", "parcel", (("6308-C3", 20), ("RS-BASL-40", 50)), ("confirm",)),
    Example("SO-110005", "C-10002", "HP-1", "parcel", (("OR-NBR-50", 10), ("PV-46-20", 4)), PLANNED, 3),
    Example("SO-110006", "C-10003", "PL-1", "parcel", (("NU-2210", 8), ("UCP-206", 16)), PLANNED, 5),
    # So dear that somebody looks at each change.
    Example("SO-110007", "C-30001", "FF-1", "freight", (("GM-71-B5", 30), ("CP-ROTEX-28", 30)), PLANNED, 6),
    Example("SO-110008", "C-10001", "HW-1", "pickup", (("BX-M12-60", 6),), PLANNED, 3),
    Example("LY-110009", "C-20001", "AE-2", "parcel", (("6204-2RS", 100), ("VB-SPB-2240", 10)), PLANNED, 4),
    # All of it is being picked: nothing can be changed.
    Example("SO-110010", "C-10001", "HW-1", "parcel", (("BS-2505-900", 2),), ("confirm", "plan")),
    # Delivered to one place, the first in two deliveries: much of it can be sent back.
    Example("SO-110011", "C-10001", "HW-1", "parcel", (("6308-C3", 10), ("TB-HTD8-1200", 6), ("GM-71-B5", 2), ("LR-25-2000", 2)), TWICE),
    Example("SO-110012", "C-10001", "HW-1", "parcel", (("UCP-206", 8), ("OR-NBR-50", 1), ("PV-46-20", 4), ("HC-50-200", 5)), ARRIVED),
    Example("SO-110013", "C-20001", "AE-1", "parcel", (("6204-2RS", 40), ("CP-ROTEX-28", 2), ("GM-71-B5", 1)), ARRIVED),
    Example("SO-110015", "C-10001", "HW-2", "parcel", (("NU-2210", 6), ("CP-ROTEX-28", 30), ("TB-HTD8-1200", 10)), ARRIVED),
    # What comes back from here crosses a border.
    Example("SO-110014", "C-30001", "FF-1", "parcel", (("NU-2210", 4), ("BX-M12-60", 2)), ARRIVED),
    # Some of these is on its way back, for practice at the returns desk.
    Example("SO-110021", "C-10002", "HP-1", "parcel", (("6308-C3", 20), ("OR-NBR-50", 10), ("CP-ROTEX-28", 6), ("HC-50-200", 2)), ARRIVED),
    Example("SO-110022", "C-10002", "HP-1", "parcel", (("NU-2210", 8), ("UCP-206", 10), ("TP-HTD8-36", 6)), ARRIVED),
    Example("SO-110023", "C-10003", "PL-1", "parcel", (("BS-2505-900", 2), ("LC-25-F", 8), ("TB-HTD8-1200", 10), ("BX-M12-60", 4)), ARRIVED),
    Example("SO-110024", "C-10003", "PL-1", "parcel", (("HC-50-200", 3), ("VB-SPB-2240", 12)), ARRIVED),
    Example("SO-110025", "C-20001", "AE-1", "parcel", (("UCP-206", 12), ("NU-2210", 6)), ARRIVED),
    Example("SO-110026", "C-20001", "AE-1", "parcel", (("HC-50-200", 2), ("22218-E1", 4)), ARRIVED),
    Example("SO-110027", "C-30001", "FF-1", "parcel", (("TP-HTD8-36", 8), ("CP-ROTEX-28", 6)), ARRIVED),
    Example("SO-110028", "C-10001", "HW-3", "parcel", (("TB-HTD8-1200", 8), ("6308-C3", 12)), ARRIVED),
)  # fmt: skip


def tell_examples(erp: Erp, now: datetime) -> None:
    for index, example in enumerate(EXAMPLES):
        _tell(erp, example, now - timedelta(hours=30 + 3 * index), now)


def _tell(erp: Erp, example: Example, placed: datetime, now: datetime) -> None:
    source = "lyon" if example.number.startswith("LY") else "main"
    lines = lines_of(example.lines, _ahead(now, 8).isoformat())
    order = new_order(example.customer, source, placed, erp.rng, erp.fresh, example.place)
    order |= {"ref": example.number, "number": example.number, "_method": example.method}
    order |= {"lines": lines, "totals": totals(lines), "incoterm": "DAP"}
    erp.enter(order, placed)
    for index, step in enumerate(example.steps):
        erp.do(step, example.number, min(now, placed + timedelta(hours=4 * (index + 1))))
    if example.steps[-1] == "deliver":
        _send_from_hamburg(erp, example, now)
    elif len(example.steps) > 1:
        _settle(erp, example, now)


def _send_from_hamburg(erp: Erp, example: Example, now: datetime) -> None:
    """All of it may go back in one parcel."""
    order = erp.order(example.number)
    for shipment in order["shipments"]:
        shipment["from_location"] = catalogue.WAREHOUSES[0]
    with erp.store.transaction():
        erp.tell_order(order, now)


def _settle(erp: Erp, example: Example, now: datetime) -> None:
    """Where the last delivery stands is not left to chance."""
    order = erp.order(example.number)
    last = order["shipments"][-1]
    if example.planned_in:
        last |= {"status": "planned", "planned_on": _ahead(now, example.planned_in).isoformat()}
    else:
        last["status"] = "packed"
    if "eta" in last:
        first, second = (_ahead(now, example.planned_in + days) for days in (1, 2))
        last["eta"] = {"from": first.isoformat(), "to": second.isoformat()}
    with erp.store.transaction():
        erp.tell_order(order, now)


def _ahead(now: datetime, working_days: int) -> date:
    day = now.date()
    for _ in range(working_days):
        day = working_day(day + timedelta(days=1))
    return day
