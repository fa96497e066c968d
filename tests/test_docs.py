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
from django.contrib.auth.models import Permission
from django.core.management import find_commands
from django.utils import translation

import oms_portal
from oms_portal import blocks, conf, signals
from oms_portal.blocks import PortalBlock
from oms_portal.blocks.reactions import Reaction
from oms_portal.changes import reasons
from oms_portal.customers.models import Role
from oms_portal.desk import policies
from oms_portal.erp import schemas, secrets, signatures, worker
from oms_portal.erp.connectors import registry
from oms_portal.erp.connectors.contract import Wish
from oms_portal.erp.outbox.models import Command
from oms_portal.orders.models import Order, TrackingStatus
from oms_portal.portal import urls as portal_urls
from oms_portal.returns import reasons as return_reasons
from oms_portal.templatetags import oms_portal as tags

from . import factories
from .erp.flaky import SECRET, flaky


ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = Path(oms_portal.__file__).parent
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
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


def test_every_picture_is_there_is_shown_and_is_described() -> None:
    shown = set()
    for path in TEXTS:
        for words, link in PICTURE.findall(path.read_text()):
            assert len(words) > 10, f"{path.name} says nothing of {link}"
            shown.add((path.parent / link).resolve())
    assert shown == set((DOCS / "pictures").iterdir())


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
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", page("reference/settings.md"), re.M))
    defaults = conf.Settings()
    assert conf.known_keys() <= set(rows)
    for key in conf.known_keys() - {"CARRIERS", "RETURN_CARRIERS"}:
        value = getattr(defaults, key)
        assert rows[key] == (f'`"{value}"`' if isinstance(value, str) else f"`{value}`")
    carriers = page("reference/settings.md").split("## Carriers")[1]
    assert all(f"`{code}`" in carriers for code in conf.CARRIERS)


def test_every_command_is_documented() -> None:
    commands = find_commands(str(PACKAGE / "management"))
    assert commands
    text = page("reference/commands.md")
    assert [name for name in commands if f"## {name}\n" not in text] == []


def test_every_job_of_the_worker_is_documented_with_how_often_it_runs() -> None:
    told = page("reference/commands.md")
    rows = dict(re.findall(r"^\| `([a-z -]+)` \| [^|]+ \| (.+?) \|$", told, re.MULTILINE))
    words = {1.0: "every second", 60.0: "every minute", 3600.0: "hourly", 86_400.0: "daily"}
    ours = [job for job in worker.jobs() if job.run.__module__.startswith("oms_portal.")]
    assert rows == {job.name: words.get(job.seconds, f"every {job.seconds:g} s") for job in ours}


def test_every_system_check_is_documented_and_no_other() -> None:
    source = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    known = set(re.findall(r"oms_portal\.([EW]\d{3})", source))
    told = set(re.findall(r"^\| `oms_portal\.([EW]\d{3})` ", page("reference/checks.md"), re.M))
    assert known and told == known


def test_every_block_is_documented_with_each_of_its_names() -> None:
    text = page("reference/blocks.md")
    sections = dict(re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", text, re.M | re.S))
    shared = set(PortalBlock.base_blocks)
    assert names(sections["Options of every block"]) == shared
    assert blocks.portal_blocks()
    for _, block in blocks.portal_blocks():
        name = type(block).__name__
        assert f"| `{name}` |" in text
        assert names(sections[name]) == set(block.child_blocks) - shared, name
    public = set(blocks.__all__) - {"PortalBlock", "portal_blocks"}
    assert {type(block).__name__ for _, block in blocks.portal_blocks()} == public


def names(text: str) -> set[str]:
    """What stands as code in the first cells of the tables."""
    rows = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}


def test_every_state_that_editors_react_to_is_documented() -> None:
    told = names(page("reference/blocks.md").split("## States")[1].split("\n## ")[0])
    choices = Reaction.base_blocks["when"].field.choices
    assert told == {value for value, _ in choices}


def test_every_template_tag_is_documented() -> None:
    text = page("reference/tags.md")
    assert tags.register.tags
    assert [name for name in tags.register.tags if f"`{{% {name}" not in text] == []


def test_every_url_is_documented_and_no_other() -> None:
    told = names(page("reference/urls.md"))
    assert told == {pattern.name for pattern in portal_urls.urlpatterns}


@pytest.mark.django_db
def test_every_right_of_staff_is_documented() -> None:
    text = page("reference/permissions.md")
    offered = {
        f"oms_portal.{permission.codename}"
        for policy in policies.POLICIES.values()
        for permission in policy.permissions()
    }
    assert offered and [name for name in sorted(offered) if f"`{name}`" not in text] == []
    told = set(re.findall(r"`oms_portal\.(\w+)`", text))
    codenames = Permission.objects.filter(content_type__app_label="oms_portal")
    assert told <= set(codenames.values_list("codename", flat=True))
    assert all(f"| `{role}` |" in text for role in Role.values)


def test_every_token_and_only_real_classes_are_documented() -> None:
    sheet = (PACKAGE / "static/oms_portal/oms_portal.css").read_text()
    tokens, classes = page("reference/css.md").split("## Classes")
    root = re.search(r":where\(:root\) \{(.*?)\}", sheet, re.DOTALL)
    assert root
    assert set(re.findall(r"(--oms-[a-z-]+):", root[1])) == names(tokens)
    told = re.findall(r"`(oms-[a-z-]+)`", classes)
    assert told and [name for name in told if f".{name}" not in sheet] == []


def test_every_element_template_is_documented_and_no_other() -> None:
    folder = PACKAGE / "templates/oms_portal/elements"
    told = set(re.findall(r"`elements/([\w.]+)`", page("reference/elements.md")))
    assert told == {path.name for path in folder.glob("*.html")}


def test_every_signal_is_documented() -> None:
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


def test_every_code_that_customers_get_words_for_is_documented_with_them() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", page("reference/answers.md"), re.MULTILINE))
    with translation.override("en"):
        told = {**reasons.CLOSED, **return_reasons.BLOCKED}
        assert {code: str(words) for code, words in told.items()}.items() <= rows.items()


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


COMMANDS = "how-to/commands-to-your-erp.md"


def test_the_check_of_a_signature_takes_what_the_connector_sends_and_nothing_else() -> None:
    told: dict[str, Any] = {}
    exec(example(COMMANDS, "verify"), told)
    ours = told["is_from_the_portal"]
    with flaky() as erp:
        connector = registry.made(erp.setting)
        connector.push(
            Wish("key-1", "change", "SO-1", {"method": "pickup"}, "b@c.example"), "key-1"
        )
        heard = erp.heard[0]
    headers = {name.lower(): value for name, value in heard.headers.items()}
    assert ours(headers, heard.body, SECRET)
    assert not ours(headers, heard.body + b" ", SECRET)
    assert not ours(headers, heard.body, signatures.encode(b"z" * 32))
    assert not ours(headers | {"webhook-timestamp": "1700000000"}, heard.body, SECRET)


@pytest.mark.django_db
def test_the_connector_that_is_shown_carries_a_command(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shown_connector.py").write_text(example(COMMANDS, "connector"))
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    entry = {
        "connector": "shown_connector.FolderConnector",
        "folder": str(folder),
        "capabilities": ["push.address"],
    }
    settings.OMS_PORTAL = {"CONNECTORS": {"main": entry}}
    assert registry.capabilities_of("main") == {"push.address"}

    exec(example(COMMANDS, "outbox"), {"source": factories.source("main")})

    command = Command.objects.get()
    assert [file.name for file in folder.iterdir()] == [f"{command.key}.json"]
    assert "Ring twice" in (folder / f"{command.key}.json").read_text()
    connector = registry.connector_of("main")
    assert connector
    wish = Wish(str(command.key), "change", "SO-1001", {}, "")
    (folder / "taken").mkdir()
    (folder / command.reference).rename(folder / "taken" / command.reference)
    assert connector.push(wish, wish.key).outcome == "accepted"
    assert [file.name for file in folder.iterdir()] == ["taken"]
    shutil.rmtree(folder)
    assert connector.push(wish, wish.key).outcome == "retry"
