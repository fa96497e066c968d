"""The documents say what is there: every setting, command, check and link; their code runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import find_commands

import oms_portal
from oms_portal import blocks, conf, signals
from oms_portal.erp import schemas, secrets
from oms_portal.orders.models import Order, TrackingStatus

from . import factories


ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = Path(oms_portal.__file__).parent
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def page(name: str) -> str:
    return (DOCS / name).read_text()


def anchors(text: str) -> set[str]:
    """The names a Markdown renderer gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def example(name: str, language: str) -> str:
    """The block of a page that is marked to be run."""
    found = re.search(rf"<!-- run: {language} -->\n```\w+\n(.*?)```", page(name), re.DOTALL)
    assert found, f"{name} has no {language} to run"
    return found[1]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text()
    for link in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        goal = (path.parent / target).resolve() if target else path
        assert goal.exists(), f"{path.name} links to {link}"
        if anchor:
            assert anchor in anchors(goal.read_text()), f"{path.name} links to {link}"


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        links = LINK.findall(CODE.sub("", path.read_text()))
        targets = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link)]
        waiting += [(path.parent / target).resolve() for target in targets if target]
    assert set(PAGES) <= reached


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", page("reference/settings.md"), re.M))
    defaults = conf.Settings()
    assert conf.known_keys() <= set(rows)
    for key in conf.known_keys() - {"CARRIERS"}:
        value = getattr(defaults, key)
        assert rows[key] == (f'`"{value}"`' if isinstance(value, str) else f"`{value}`")
    carriers = page("reference/settings.md").split("## Carriers")[1]
    assert all(f"`{code}`" in carriers for code in conf.CARRIERS)


def test_every_command_is_documented() -> None:
    commands = find_commands(str(PACKAGE / "management"))
    assert commands
    text = page("reference/commands.md")
    assert [name for name in commands if f"## {name}\n" not in text] == []


def test_every_system_check_is_documented_and_no_other() -> None:
    source = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    known = set(re.findall(r"oms_portal\.([EW]\d{3})", source))
    told = set(re.findall(r"^\| `oms_portal\.([EW]\d{3})` ", page("reference/checks.md"), re.M))
    assert known and told == known


def test_every_block_and_signal_is_documented() -> None:
    text = page("reference/blocks.md")
    assert [name for name, _ in blocks.portal_blocks()] and all(
        f"| `{type(block).__name__}` |" in text for _, block in blocks.portal_blocks()
    )
    told = page("reference/signals.md")
    public = [name for name in vars(signals) if name.islower() and not name.startswith("_")]
    assert all(f"`oms_portal.signals.{name}`" in told for name in public)


def test_every_event_type_and_every_member_of_an_order_is_documented() -> None:
    text = page("reference/events.md")
    assert all(f"| `{name}` | `{kind}` |" in text for name, (kind, _) in schemas.TYPES.items())
    for model in (
        schemas.Customer,
        schemas.Order,
        schemas.Line,
        schemas.Quantities,
        schemas.Shipment,
        schemas.PackageUnit,
        schemas.DocumentPaper,
        schemas.Tracking,
    ):
        for name in model.model_fields:
            assert re.search(rf"`{name}\??`", text), f"{model.__name__}.{name}"
    assert all(f"`{word}`" in text for word in TrackingStatus.values)


MAPPED = {
    "Customer": (schemas.Customer,),
    "Address": (schemas.BookAddress,),
    "Order": (schemas.Order, schemas.Totals),
    "Line": (schemas.Line, schemas.Quantities),
    "Shipment": (
        schemas.Shipment,
        schemas.Location,
        schemas.CarrierName,
        schemas.Freight,
        schemas.Pickup,
        schemas.ProofOfDelivery,
    ),
    "Package": (schemas.PackageUnit, schemas.PackageLine),
    "Document": (schemas.DocumentPaper,),
    "Tracking and scan": (schemas.Tracking, schemas.CarrierScan),
    "Return": (schemas.Return, schemas.ReturnLine, schemas.CreditNote),
    "Stock": (schemas.Stock, schemas.Incoming),
    "Answer": (schemas.Answer,),
}


@pytest.mark.parametrize("path", sorted((DOCS / "reference/mapping").glob("*.md")), ids=str)
def test_every_member_of_every_record_is_mapped(path: Path) -> None:
    sections = dict(re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", path.read_text(), re.M | re.S))
    assert set(sections) == set(MAPPED)
    for section, models in MAPPED.items():
        told = "".join(re.findall(r"^\| (.*?) \|", sections[section], re.MULTILINE))
        members = set(re.findall(r"\w+", told))
        for model in models:
            names = {field.alias or name for name, field in model.model_fields.items()}
            # These have rows of their own, or sections.
            names -= {"packages", "scans", "shipments", "lines", "documents"}
            assert names <= members, f"{model.__name__}: {names - members}"


@pytest.mark.parametrize("language", ["python", "sh"])
def test_the_signing_examples_send_a_customer_and_an_order(
    language: str, live_server: Any, tmp_path: Path
) -> None:
    if language == "sh" and not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("needs curl and openssl (Debian: apt-get install curl openssl)")
    source = factories.source()
    factories.company("10001")
    ask = {"python": [sys.executable, "-c"], "sh": ["sh", "-c"]}[language]
    answer = subprocess.run(
        [*ask, example("how-to/connect-an-erp.md", language)],
        env={
            "PATH": os.environ["PATH"],
            "OMS_URL": f"{live_server.url}/portal/api/v1/",
            "OMS_SECRET": secrets.create(source),
        },
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert "applied" in answer.stdout, answer.stdout + answer.stderr
    if language == "sh":
        order = Order.objects.get(number="SO-1001")
        assert order.company.ref == "10001" and order.lines.get().ordered == 10
