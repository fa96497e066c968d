"""An index: every feature's models, so that one app holds one migration history."""

from oms_portal.brand.models import PortalBrand
from oms_portal.changes.models import (
    ChangeEvent,
    ChangeRequest,
    CutoffRule,
    PickupPlace,
    RiskPolicy,
)
from oms_portal.customers.models import Address, Company, Invitation, Membership
from oms_portal.erp.models import ApiKey, InboundEvent, Record, Source, SourceSecret
from oms_portal.erp.outbox.models import Attempt, Breaker, Command
from oms_portal.live import Topic
from oms_portal.notifications.models import Alert, Mail
from oms_portal.orders.extracts import DeliveryUpdate, SearchTerm
from oms_portal.orders.models import Document, Order, OrderLine, Package, Scan, Shipment
from oms_portal.orders.past import OrderFact, OrderVersion, Promise
from oms_portal.orders.personal import SavedView, Visit
from oms_portal.returns.models import Evidence, Return, ReturnableLine, ReturnEvent, ReturnLine
from oms_portal.returns.parcels import Label, LabelPrint, LabelProof, ReturnParcel
from oms_portal.returns.receipts.models import (
    DeskScan,
    Finding,
    FoundSerial,
    Presence,
    PrintJob,
    QueueView,
    Receipt,
    StrayParcel,
    StrayPhoto,
    Verdict,
)
from oms_portal.returns.receipts.rules import Checklist, DispositionRule, Grade
from oms_portal.returns.rules import (
    Article,
    PolicyVersion,
    ReturnPlace,
    ReturnPolicy,
    ReturnReason,
)
from oms_portal.words.models import StatusWord, UnknownCode


__all__ = [
    "Address",
    "Alert",
    "ApiKey",
    "Article",
    "Attempt",
    "Breaker",
    "ChangeEvent",
    "ChangeRequest",
    "Checklist",
    "Command",
    "Company",
    "CutoffRule",
    "DeliveryUpdate",
    "DeskScan",
    "DispositionRule",
    "Document",
    "Evidence",
    "Finding",
    "FoundSerial",
    "Grade",
    "InboundEvent",
    "Invitation",
    "Label",
    "LabelPrint",
    "LabelProof",
    "Mail",
    "Membership",
    "Order",
    "OrderFact",
    "OrderLine",
    "OrderVersion",
    "Package",
    "PickupPlace",
    "PolicyVersion",
    "PortalBrand",
    "Presence",
    "PrintJob",
    "Promise",
    "QueueView",
    "Receipt",
    "Record",
    "Return",
    "ReturnEvent",
    "ReturnLine",
    "ReturnParcel",
    "ReturnPlace",
    "ReturnPolicy",
    "ReturnReason",
    "ReturnableLine",
    "RiskPolicy",
    "SavedView",
    "Scan",
    "SearchTerm",
    "Shipment",
    "Source",
    "SourceSecret",
    "StatusWord",
    "StrayParcel",
    "StrayPhoto",
    "Topic",
    "UnknownCode",
    "Verdict",
    "Visit",
]
