from __future__ import annotations

import pytest

from oms_portal.orders.models import TrackingStatus
from oms_portal.orders.tracking.phrases import DETAILS as PHRASES
from oms_portal.orders.tracking.words import DETAILS, RANK, Word, read_code


def test_all_words_have_a_rank_and_all_details_a_phrase() -> None:
    assert set(RANK) == set(TrackingStatus)
    assert len(RANK) == 13
    assert set(PHRASES) == set(DETAILS)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("in_transit", Word(TrackingStatus.IN_TRANSIT)),
        (" Delivered ", Word(TrackingStatus.DELIVERED)),
        ("exception.customs", Word(TrackingStatus.EXCEPTION, "customs")),
        ("XK-9", Word(TrackingStatus.UNKNOWN, raw_code="XK-9")),
        ("exception.aliens", Word(TrackingStatus.UNKNOWN, raw_code="exception.aliens")),
        ("in_transit.", Word(TrackingStatus.IN_TRANSIT)),
        ("", Word(TrackingStatus.UNKNOWN, raw_code="")),
    ],
)
def test_a_code_is_a_word_a_word_with_a_detail_or_unknown(code: str, word: Word) -> None:
    assert read_code(code) == word
