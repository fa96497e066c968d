"""The blocks of returns: an editor's choices reach the fragment, and previews show invented ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from oms_portal.blocks import ReturnTrackerBlock, ReturnWizardBlock, portal_blocks


pytestmark = pytest.mark.django_db


def shell(block: Any, **value: Any) -> str:
    with translation.override("en"):
        return str(block.render(block.to_python(value)))


def preview(block: Any, **value: Any) -> str:
    with translation.override("en"):
        return str(block.sample(block.to_python(value)))


def test_they_stand_at_the_end_of_a_hosts_list() -> None:
    assert [name for name, _block in portal_blocks()][-2:] == ["return_wizard", "return_tracker"]


def test_the_shell_leads_to_the_fragment_and_without_script_to_the_pages() -> None:
    html = shell(ReturnWizardBlock(), kinds=["claim"], count=5, style="button")
    assert 'src="/portal/fragments/returns/start/?kind=claim&amp;count=5&amp;style=button' in html
    assert 'href="/portal/returns/new/?kind=claim' in html and ">Return items</a>" in html
    html = shell(ReturnTrackerBlock(), only_open=True, count=20)
    assert 'src="/portal/fragments/returns/?state=open&amp;size=20&amp;style=steps' in html
    assert ">See your returns</a>" in html


@pytest.mark.parametrize("block", [ReturnWizardBlock(), ReturnTrackerBlock()])
def test_nothing_set_means_everything_and_the_text_stands_above(block: Any) -> None:
    bare = shell(block, kinds=None, count=None, style=None, text=None)
    assert "kind=" not in bare and "oms-block-text" not in bare
    html = shell(block, heading="Back", text="<p>Pack it <b>well</b></p>")
    assert html.index("Back") < html.index("Pack it <b>well</b>") < html.index("<oms-live")


def test_previews_show_an_invented_customer_with_the_editors_options() -> None:
    wizard = ReturnWizardBlock()
    assert "SO-48231" in preview(wizard) and "SO-48102" not in preview(wizard, count=1)
    assert "Return items" not in preview(wizard, kinds=["claim"])
    assert "oms-return-offer" not in preview(wizard, style="button")
    tracker = ReturnTrackerBlock()
    assert "oms-steps" in preview(tracker) and "oms-steps" not in preview(tracker, style="list")
    assert "Settled" not in preview(tracker, only_open=True, style="list")
    assert "Return R" not in preview(tracker, kinds=["exchange"])
