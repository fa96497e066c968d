"""The adapter that is shown to integrators makes labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from oms_portal.returns import labelling, life
from tests.returns.carriers.test_passing import pdf
from tests.returns.parcels import approved, labelled, parcel_of, past_leases
from tests.test_docs import example


@pytest.mark.django_db
def test_the_adapter_that_is_shown_asks_waits_passes_on_and_voids(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = example("how-to/return-carriers.md", "carrier")
    (tmp_path / "shown_carrier.py").write_text(shown)
    monkeypatch.syspath_prepend(tmp_path)
    entry = {"carrier": "shown_carrier.FolderCarrier", "folder": str(tmp_path)}
    settings.OMS_PORTAL = {"RETURN_CARRIERS": {"folder": entry}}
    rma = approved()
    key = str(parcel_of(rma).key)

    assert labelling.work("folder")
    assert parcel_of(rma).trouble == "no answer yet"
    assert json.loads((tmp_path / f"{key}.wish").read_text())["to"]["city"] == "Bremen"
    (tmp_path / f"{key}.json").write_text('{"number": "FP7", "id": "ship-7"}')
    (tmp_path / f"{key}.pdf").write_bytes(pdf("FP7"))
    past_leases()
    label = labelled(rma)

    assert bytes(label.carried) == (tmp_path / f"{key}.pdf").read_bytes()
    assert life.is_alive(label)
    life.void(rma)
    assert labelling.lanes(timezone.now()) == {"folder"}
    labelling.work("folder")
    assert (tmp_path / f"{key}.void").read_text() == "ship-7"
