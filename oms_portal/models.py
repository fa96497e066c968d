"""An index: every feature's models, so that one app holds one migration history."""

from oms_portal.customers.models import Address, Company, Invitation, Membership
from oms_portal.erp.models import ApiKey, InboundEvent, Record, Source, SourceSecret
from oms_portal.live import Topic
from oms_portal.orders.models import (
    Document,
    Order,
    OrderFact,
    OrderLine,
    OrderVersion,
    Package,
    Promise,
    Scan,
    Shipment,
)


__all__ = [
    "Address",
    "ApiKey",
    "Company",
    "Document",
    "InboundEvent",
    "Invitation",
    "Membership",
    "Order",
    "OrderFact",
    "OrderLine",
    "OrderVersion",
    "Package",
    "Promise",
    "Record",
    "Scan",
    "Shipment",
    "Source",
    "SourceSecret",
    "Topic",
]
