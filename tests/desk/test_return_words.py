"""What staff read of a return's steps."""

from __future__ import annotations

import pytest

from oms_portal.desk.return_words import event_words
from oms_portal.returns.models import ReturnEvent


pytestmark = pytest.mark.once


@pytest.mark.parametrize("verb", ["counted", "judged", "unjudged", "seconded", "matched", "let_in"])
def test_what_the_returns_desk_did_is_told_in_words(verb: str) -> None:
    words = event_words(ReturnEvent(verb=verb))
    assert words != verb and " " in words
