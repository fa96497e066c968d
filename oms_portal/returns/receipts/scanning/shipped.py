"""What the ERP tells of the goods of a return's line: its GTIN, and the serial numbers that left. To
be annotated on lines of returns."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, QuerySet, Subquery

from oms_portal.orders.models import OrderLine, Package


_ORDER = OuterRef("returnable__order")


class Gathered(Aggregate):
    """All values of a JSON column in one list."""

    function = "JSON_GROUP_ARRAY"
    template = "%(function)s(JSON(%(expressions)s))"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="JSONB_AGG", template="%(function)s(%(expressions)s)"
        )


def gtin() -> Subquery:
    return Subquery(_line().values("gtin")[:1])


def told() -> Subquery:
    """The serial numbers of the order's line."""
    return Subquery(_line().values("serials")[:1])


def packed() -> Subquery:
    """The contents of the packages of its delivery."""
    packages = Package.objects.filter(
        shipment__order=_ORDER, shipment__thread=OuterRef("returnable__thread")
    )
    lists = packages.order_by().values("shipment__thread").annotate(all=Gathered("lines"))
    return Subquery(lists.values("all")[:1])


def delivered_serials(line: Any) -> tuple[str, ...]:
    """Of the units in its delivery; where nobody told those, of all of the order's line."""
    within = [
        serial
        for package in line.packed or ()
        for held in package
        if held.get("line_ref") == line.returnable.line_ref
        for serial in held.get("serials") or ()
    ]
    return tuple(dict.fromkeys(within or line.told or ()))


def serials_of(line: Any) -> list[str]:
    """By which its goods are known: those that were delivered, and those the customer gave."""
    return [*delivered_serials(line), *(line.told or ()), *line.serials]


def _line() -> QuerySet[OrderLine]:
    rows = OrderLine.objects.filter(order=_ORDER, ref=OuterRef("returnable__line_ref"))
    return rows.order_by()
