"""Whatever is refused is refused in words, and the ERP's codes never become any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oms_portal import returns
from oms_portal.returns import barriers, reasons


pytestmark = pytest.mark.once
SOURCES = sorted(Path(returns.__file__).parent.glob("*.py"))
RAISED = re.compile(r"""(?:Refused\(|fault\([^,()]+, |\.line\([^,()]+, )"([a-z_]+)\"""")


def test_each_code_has_words_of_its_own() -> None:
    codes = {code for source in SOURCES for code in RAISED.findall(source.read_text())}
    assert len(codes) > 30
    assert {code for code in codes if not reasons.is_ours(code)} == set()
    assert all(reasons.is_ours(code) for code in barriers.OF_POLICY)


def test_a_code_nobody_knows_is_said_in_general_words() -> None:
    assert str(reasons.words("Z_RET_88 <b>")) == "This is not possible."
