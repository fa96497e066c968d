"""What an editor chooses of one order and of the papers, in the shell and in the preview."""

from __future__ import annotations

import pytest

from oms_portal.blocks import DocumentsBlock, OrderDetailBlock, OrderTrackerBlock
from oms_portal.fragments.asking import SECTIONS


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("chosen", [["lines"], ["history", "facts"], ["documents", "deliveries"]])
def test_the_detail_shows_the_sections_that_were_chosen(chosen: list[str]) -> None:
    block = OrderDetailBlock()
    value = block.to_python({"sections": chosen})
    in_order = [name for name in SECTIONS if name in chosen]
    assert f"show={'%2C'.join(in_order)}" in block.render(value)
    sample = block.sample(value)
    parts = {"documents": "papers"}
    for name in SECTIONS:
        shown = f'data-part="{parts.get(name, name)}"' in sample
        assert shown == (name in chosen), name


@pytest.mark.parametrize("chosen", [None, [], ["nonsense"], list(SECTIONS)])
def test_with_nothing_chosen_all_is_shown(chosen: list[str] | None) -> None:
    block = OrderDetailBlock()
    value = block.to_python({})
    value["sections"] = chosen
    assert "show=" not in block.render(value)
    assert 'data-part="history"' in block.sample(value)


@pytest.mark.parametrize(("chosen", "links"), [(True, True), (None, True), (False, False)])
def test_the_tracker_leads_to_carriers_or_not(chosen: bool | None, links: bool) -> None:
    block = OrderTrackerBlock()
    value = block.to_python({})
    value["parcels"] = chosen
    assert ("parcels=no" in block.render(value)) != links
    assert ("Follow it with DHL" in block.sample(value)) == links


def test_a_sample_bears_the_states_that_texts_wait_for() -> None:
    block = OrderTrackerBlock()
    sample = block.sample(block.to_python({}))
    assert (
        'data-states="exception backordered open under_way arriving_today change_pending"' in sample
    )


def test_papers_are_of_the_kind_that_was_chosen() -> None:
    block = DocumentsBlock()
    value = block.to_python({"kind": "invoice", "rows": 7})
    shell = block.render(value)
    assert "/portal/fragments/documents/?kind=invoice&amp;size=7" in shell
    assert 'href="/portal/documents/?kind=invoice&amp;size=7"' in shell
    sample = block.sample(value)
    assert "IN-70233" in sample and "CN-1184" not in sample
    value["kind"] = "nonsense"
    assert "kind=" not in block.render(value) and "CN-1184" in block.sample(value)
