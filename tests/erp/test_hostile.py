"""Whatever an ERP puts into a record, it is taken, refused or quarantined; no handler fails."""

from __future__ import annotations

from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_portal.erp import inbox
from oms_portal.erp.models import InboundEvent
from tests import factories, wire


RECORDS = {
    "customer": wire.customer(vat="DE1", parent_ref="C0", delivery_rules={"a": [1, 2.5, None]}),
    "order": wire.order(
        requested={"from": "2026-11-25", "to": "2026-11-25T12:00:00Z"},
        shipments=[
            wire.shipment(
                eta={"from": "2026-11-26", "to": "2026-11-27"},
                proof_of_delivery={"signed_by": "X", "at": "2026-11-26T10:00:00Z"},
                freight={"appointment": "2026-11-26T10:00:00Z", "pallets": 2, "tail_lift": True},
                address=wire.address(),
            )
        ],
        documents=[
            {
                "ref": "I1",
                "kind": "invoice",
                "number": "R1",
                "issued_on": "2026-11-20",
                "content_base64": "aGFsbG8=",
                "media_type": "application/pdf",
            }
        ],
    ),
    "tracking": wire.tracking(wire.scan("s1"), wire.scan("s2", "delivered", eta="2026-11-27")),
}
VALUES = [
    "",
    " ",
    "x" * 50,
    "x" * 100,
    "é" * 200,
    "🙂" * 4000,
    "x" * 5000,
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}",
    "=cmd|' /C calc'!A0",
    "a\u202eb\u200f\ufeff",
    "javascript:alert(1)",
    "http://[x",
    "%s %(a)s {0} \\",
    "null",
    "0",
    "-1",
    "9999999999999.999999",
    "-9999999999999.999999",
    "0.0000001",
    "1e5",
    "0001-01-01",
    "9999-12-31",
    "2026-02-29",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "2026-11-25T24:00:00Z",
    "2026-W47-6",
    "delivered",
    "cancelled",
    "delivered.nonsense",
    "requested",
    "estimated",
    "pickup",
    "freight",
    "Mars/Olympus",
    "zz-ZZ-x-y",
    "C1",
    "SO-1001",
    "L1",
    0,
    -1,
    2**53 - 1,
    1.5,
    True,
    None,
    [],
    {},
    ["x"],
    {"x": "y"},
]
_ids = count(1)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members and elements below a value."""
    found = []
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        found += [(*path, key), *places(value[key], (*path, key))]
    return found


def put(record: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        record = record[key]
    record[path[-1]] = value


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(RECORDS))
def test_no_value_makes_a_handler_fail(kind):
    source = factories.source()
    record = RECORDS[kind]
    change = st.tuples(st.sampled_from(places(record)), st.sampled_from(VALUES))

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(change, min_size=1, max_size=4), st.integers(0, 3))
    def send(changes, version):
        changed = deepcopy(record)
        # The deepest first, so that every path is still there.
        for path, value in sorted(changes, key=lambda change: -len(change[0])):
            put(changed, path, deepcopy(value))
        event = wire.event(kind, changed, version, id=f"hostile-{next(_ids)}", subject="")

        outcome = inbox.receive(source, wire.encode(event))

        why = InboundEvent.objects.latest("pk").problem
        assert outcome.state in ("applied", "superseded", "quarantined"), (changes, why)

    send()


def test_the_changed_records_are_good_to_begin_with(db):
    factories.company("C1")
    for kind, record in RECORDS.items():
        factories.deliver(kind, record)
