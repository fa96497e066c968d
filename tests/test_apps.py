"""What registers itself is imported at the start, in the web's processes and the worker's alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import oms_portal
from oms_portal.apps import OmsPortalConfig


pytestmark = pytest.mark.once

PACKAGE = Path(oms_portal.__file__).parent
REGISTERS = re.compile(r"^@(every|handles|follows|holds|register(?=\())\b", re.M)


def test_each_module_that_registers_jobs_handlers_or_checks_is_imported_at_the_start() -> None:
    found = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if REGISTERS.search(path.read_text()) and path.name != "wagtail_hooks.py"
    }
    assert len(found) > 10
    assert found - set(OmsPortalConfig.registering) == set()
