"""Who the demo's people are: the customers' and Brannfeld's own."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    email: str
    name: str
    company: str = ""
    role: str = ""
    ship_to: str | None = None
    staff: tuple[str, ...] = ()
    subsidiaries: bool = False


CUSTOMERS = [
    Person("admin@hafenwerk.example", "Karin Brandt", "C-10001", "admin", subsidiaries=True),
    Person("buyer@hafenwerk.example", "Murat Yilmaz", "C-10001", "buyer"),
    Person("viewer@hafenwerk.example", "Ole Petersen", "C-10001", "viewer"),
    Person("returns@hafenwerk.example", "Inga Lorenz", "C-10001", "returns"),
    Person("addresses@hafenwerk.example", "Tarek Aziz", "C-10001", "address_editor"),
    Person("plant2@hafenwerk.example", "Silke Harms", "C-10001", "buyer", ship_to="HW-2"),
    Person("group@hafenwerk.example", "Nils Claasen", "C-10001", "buyer", subsidiaries=True),
    Person("buyer@hafenwerk-pumpen.example", "Jana Cordes", "C-10002", "buyer"),
    Person("buyer@hafenwerk-polska.example", "Ewa Nowak", "C-10003", "buyer"),
    Person("admin@ardeche.example", "Lucie Morel", "C-20001", "admin"),
    Person("buyer@ardeche.example", "Samba Diallo", "C-20001", "buyer"),
    Person("viewer@ardeche.example", "Paul Giraud", "C-20001", "viewer"),
    Person("returns@ardeche.example", "Anne Roche", "C-20001", "returns"),
    Person("addresses@ardeche.example", "Marc Vidal", "C-20001", "address_editor"),
    Person("valence@ardeche.example", "Zoé Blanc", "C-20001", "buyer", ship_to="AE-2"),
    Person("buyer@fenland.example", "Hugh Whitlock", "C-30001", "buyer"),
]
STAFF = [
    Person("agent@brannfeld.example", "Petra Agent", staff=("agent", "returns_agents")),
    Person("returns@brannfeld.example", "Rolf Desk", staff=("returns_desk",)),
    Person("desk2@brannfeld.example", "Nadia Desk", staff=("returns_desk",)),
    Person("lead@brannfeld.example", "Greta Lead", staff=("returns_lead",)),
    Person("reader@brannfeld.example", "Theo Reader", staff=("returns_reader",)),
    Person("integrator@brannfeld.example", "Ines Integrator", staff=("integrator",)),
    Person("marketer@brannfeld.example", "Max Marketer", staff=("marketer",)),
]
PEOPLE = [*CUSTOMERS, *STAFF]

# The groups that the portal brings along.
SHIPPED = {
    "returns_desk": "Returns desk",
    "returns_lead": "Returns lead",
    "returns_agents": "Returns agents",
    "returns_reader": "Returns read-only",
}
# The demo's own, and what each may do: codenames of the portal's permissions.
LOOK = ("view_order", "view_shipment", "view_company", "view_membership", "view_invitation")
FEED = ("view_inboundevent", "view_source", "view_unknowncode", "view_statusword")
WATCH = ("view_command", "replay_command", "view_alert", "change_alert")
REQUESTS = ("view_changerequest", "decide_changerequest")
WORDS = ("add_statusword", "change_statusword", "delete_statusword")
EDIT = ("view", "add", "change", "delete")


def _rights(*models: str) -> tuple[str, ...]:
    return tuple(f"{verb}_{model}" for model in models for verb in EDIT)


RULES = (*_rights("cutoffrule", "pickupplace"), "view_riskpolicy", "change_riskpolicy")
MARKETER = "marketer"
GROUPS = {
    "agent": (
        "Order desk",
        (
            *LOOK,
            *FEED,
            *WORDS,
            *WATCH,
            *REQUESTS,
            *RULES,
            "add_invitation",
            "change_invitation",
            "replay_inboundevent",
        ),
    ),
    "integrator": (
        "Integrators",
        (*LOOK, *FEED, *WATCH, "replay_inboundevent", "add_source", "change_source"),
    ),
    # Pages and images come to this group beside the look and the words.
    MARKETER: ("Marketing", ("change_portalbrand", "view_statusword", *WORDS)),
}

# Slug, CloudEvents source, name, customers (empty: all), types (empty: all).
SOURCES: list[tuple[str, str, str, list[str], list[str]]] = [
    ("main", "/erp/main", "ERP Hamburg", [], []),
    ("carriers", "/carriers/hub", "Carrier scans", [], ["tracking.updated.v1"]),
    ("lyon", "/erp/lyon", "Branch Lyon", ["C-20001"], []),
]
