"""What all blocks let an editor set: levels, words, a button, texts for states; and half of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from oms_portal.blocks import OrderTrackerBlock, portal_blocks
from tests import factories


pytestmark = pytest.mark.django_db
TEXT = "<p>Call us.</p>"


@pytest.fixture
def block() -> OrderTrackerBlock:
    factories.site()
    return OrderTrackerBlock()


def value(block: OrderTrackerBlock, **options: Any) -> Any:
    return block.to_python(options)


def drawn(block: OrderTrackerBlock, **options: Any) -> str:
    return str(block.render(value(block, **options)))


def problems(block: OrderTrackerBlock, **options: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        block.clean(value(block, **options))
    return dict(caught.value.block_errors)


def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


def test_a_heading_lies_as_deep_as_the_page_needs(block: OrderTrackerBlock) -> None:
    assert '<h2 class="oms-block-heading' in drawn(block, heading="Track it")
    assert '<h3 class="oms-block-heading' in drawn(block, heading="T", heading_level="h3")
    assert '<h2 class="oms-block-heading' in drawn(block, heading="T", heading_level="script")
    assert "oms-block-heading" not in drawn(block, heading_level="h3")


@pytest.mark.parametrize(
    "url", ["https://x.example/a", "/contact/?a=b", "mailto:help@x.example", "tel:+49401234"]
)
def test_a_button_leads_where_the_editor_says(block: OrderTrackerBlock, url: str) -> None:
    options = {"call_label": "Ask <us>", "call_url": url}
    assert block.clean(value(block, **options))["call_url"] == url
    assert f'href="{url}">Ask &lt;us&gt;</a>' in drawn(block, **options)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//x.example/",
        "/\\x.example/",
        "https:",
        "http://[x",
        "contact",
    ],
)
def test_a_button_leads_nowhere_else(block: OrderTrackerBlock, url: str) -> None:
    options = {"call_label": "Ask us", "call_url": url}
    assert "https://, mailto:, tel: or /" in str(problems(block, **options)["call_url"])
    assert "Ask us" not in drawn(block, **options)


def test_a_chosen_page_is_what_counts_once_it_is_published(block: OrderTrackerBlock) -> None:
    options = {"call_label": "Ask us", "call_page": home().pk, "call_url": "/elsewhere/"}
    assert 'href="/">Ask us' in drawn(block, **options)
    Page.objects.filter(pk=home().pk).update(live=False)
    assert 'href="/elsewhere/">Ask us' in drawn(block, **options)


def test_half_a_button_is_a_draft_and_no_more(block: OrderTrackerBlock) -> None:
    assert "leads nowhere yet" in str(problems(block, call_label="Ask us")["call_page"])
    assert "what the button says" in str(problems(block, call_url="/contact/")["call_label"])
    for options in ({"call_label": "Ask us"}, {"call_url": "javascript:"}):
        block.defer_required_validation()
        assert block.clean(value(block, **options))
        block.restore_deferred_validation()
        assert "oms-actions" not in drawn(block, **options).replace("oms-ask", "")


def test_a_text_for_a_state_waits_beside_the_fragment(block: OrderTrackerBlock) -> None:
    reactions = [{"when": ["late", "on_hold"], "text": TEXT}, {"when": [], "text": TEXT}]
    html = drawn(block, reactions=reactions)
    assert 'data-when="late on_hold" hidden>' in html and html.count("Call us.") == 1


def test_a_text_for_no_state_is_a_draft_and_no_more(block: OrderTrackerBlock) -> None:
    options = {"reactions": [{"when": [], "text": TEXT}]}
    with pytest.raises(ValidationError):
        block.clean(value(block, **options))
    block.defer_required_validation()
    assert block.clean(value(block, **options))
    block.restore_deferred_validation()


def test_a_preview_shows_the_texts_of_the_samples_own_states(block: OrderTrackerBlock) -> None:
    sample = value(block, reactions=[{"when": ["open", "late"], "text": TEXT}])
    states = block.sample(sample).split('data-states="')[1].split('"')[0].split()
    for state, seen in ((states[0], 1), ("cancelled", 0)):
        shown = value(block, reactions=[{"when": [state], "text": TEXT}])
        assert len(block.get_preview_context(shown)["reactions"]) == seen


@pytest.mark.parametrize("name", [name for name, _ in portal_blocks()])
def test_words_of_the_editor_stand_for_ours(name: str) -> None:
    block = dict(portal_blocks())[name]
    texts = {f"{state}_text": f"<{state}>" for state in ("empty", "error", "stale", "signed_out")}
    html = str(block.render(block.to_python(texts)))
    for state in ("error", "stale", "signed_out"):
        assert f">&lt;{state}&gt;</p>" in html
    assert 'data-when="empty" hidden>&lt;empty&gt;' in html
    assert 'data-note="signed-out" data-own hidden>' in html
