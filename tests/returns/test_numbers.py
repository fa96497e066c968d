"""Numbers nobody guesses and nobody has twice."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.returns import numbers
from oms_portal.returns.labels.digits import is_valid, rma_of
from oms_portal.returns.models import Return

from .scene import Scene, set_up


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> Scene:
    return set_up(settings)


def test_a_number_that_is_taken_is_drawn_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr(numbers, "randbelow", lambda below: next(drawn))
    first, second = scene.draft(), scene.draft()
    assert (first.number[:10], second.number[:10]) == ("R000000007", "R000000008")
    assert is_valid(first.number)
    assert Return.objects.count() == 2


def test_a_parcel_s_code_leads_to_its_return(scene: Scene) -> None:
    rma = scene.draft()
    code = numbers.parcel_code(rma, 2)
    assert is_valid(code)
    assert rma_of(code) == rma.number
