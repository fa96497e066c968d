"""The past of the sandbox: some hundreds of orders, told as they would have been told day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from . import catalogue
from .erp import Erp
from .examples import tell_examples
from .scene import Impossible


# What happened to an order, each with the share of orders it happened to. Numbers are hours since
# the step before.
STORIES: list[tuple[int, list[tuple[str, float]]]] = [
    (6, []),
    (7, [("confirm", 5)]),
    (5, [("confirm", 4), ("plan", 30)]),
    (9, [("confirm", 4), ("ship", 40)]),
    (8, [("confirm", 3), ("ship", 30), ("scan", 10), ("scan", 9)]),
    (6, [("confirm", 3), ("ship", 30), ("scan", 12), ("out_for_delivery", 8)]),
    (22, [("confirm", 6), ("ship", 50), ("scan", 9), ("out_for_delivery", 14), ("deliver", 5)]),
    (6, [("confirm", 6), ("ship_part", 40), ("scan", 10)]),
    (5, [("confirm", 6), ("ship_part", 40), ("scan", 20), ("deliver", 20)]),
    (5, [("confirm", 4), ("plan", 20), ("split", 6), ("ship", 30), ("scan", 12), ("deliver", 16)]),
    (5, [("confirm", 4), ("backorder", 30), ("ship", 24), ("scan", 10), ("deliver", 20)]),
    (4, [("confirm", 4), ("backorder", 30), ("restock", 200), ("ship", 20), ("deliver", 40)]),
    (5, [("confirm", 4), ("delay", 70)]),
    (3, [("confirm", 4), ("delay", 70), ("delay", 90), ("ship", 60), ("deliver", 40)]),
    (4, [("confirm", 4), ("ship", 30), ("scan", 12), ("damage", 10)]),
    (
        3,
        [("confirm", 4), ("ship", 30), ("scan", 12), ("out_for_delivery", 9), ("attempt_fails", 6)],
    ),
    (4, [("confirm", 4), ("ship", 30), ("scan", 8), ("replace_shipment", 6), ("scan", 10)]),
    (3, [("confirm", 4), ("hold", 20)]),
    (3, [("confirm", 4), ("cancel_line", 20), ("ship", 30), ("deliver", 40)]),
    (3, [("cancel_line", 3), ("cancel_line", 1), ("cancel_line", 1), ("cancel_line", 1)]),
]


def fill(erp: Erp, orders: int, now: datetime | None = None) -> None:
    """Customers first, then the orders of the last four months with all that befell them."""
    now = now or datetime.now(UTC)
    rng = Random(20261121)
    erp.rng = rng
    with erp.store.transaction():
        for customer in catalogue.CUSTOMERS:
            erp.tell_customer(customer, now - timedelta(days=200))
        weights = [weight for weight, _ in STORIES]
        shares = [34, 14, 14, 26, 12]
        for index in range(orders):
            story = rng.choices(STORIES, weights)[0][1]
            (owner,) = rng.choices([c["ref"] for c in catalogue.CUSTOMERS], shares)
            _live_through(erp, owner, story, _start(index, orders, story, now, rng), now)
        tell_examples(erp, now)


def _start(
    index: int, orders: int, story: list[tuple[str, float]], now: datetime, rng: Random
) -> datetime:
    """Finished stories lie anywhere in the past; those that are under way began lately."""
    length = sum(hours for _, hours in story)
    over = bool(story) and story[-1][0] == "deliver"
    spare = (orders - index) / orders * 24 * 110 if over else rng.uniform(2, 60)
    if story and story[-1][0] == "delay":
        spare = rng.uniform(24 * 3, 24 * 25)
    return now - timedelta(hours=length * 1.3 + spare)


def _live_through(
    erp: Erp, owner: str, story: list[tuple[str, float]], start: datetime, now: datetime
) -> None:
    number = erp.place(owner, start).order
    when = start
    for verb, hours in story:
        when += timedelta(hours=hours * erp.rng.uniform(0.6, 1.3))
        if (verb, hours) == story[-1] and verb == "out_for_delivery":
            when = _this_morning(now, erp.rng)
        try:
            erp.do(verb, number, min(when, now))
            if verb == "deliver":
                _deliver_the_rest(erp, number, when, now)
        except Impossible:
            continue


def _this_morning(now: datetime, rng: Random) -> datetime:
    """What is on a van was loaded today, a few hours ago at most."""
    midnight = now.astimezone(ZoneInfo("Europe/Berlin")).replace(hour=0, minute=0, second=0)
    return now - min(now - midnight, timedelta(hours=5)) * rng.uniform(0.05, 0.9)


def _deliver_the_rest(erp: Erp, number: str, when: datetime, now: datetime) -> None:
    """A story that ends with a delivery ends with all of them, mostly."""
    for hours in (3, 20):
        if erp.rng.random() < 0.85:
            try:
                erp.do("deliver", number, min(now, when + timedelta(hours=hours)))
            except Impossible:
                return
