"""Every text of the package is there in every language, and what is shipped is what was written."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .conftest import _missing


PACKAGE = Path(__file__).parent.parent / "oms_portal"
LANGUAGES = ("de", "nl", "ar")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%[sd]")
_TAG = re.compile(r"<[^>]+>")


def po(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def key(message: Message) -> tuple[str, Any]:
    return message.context or "", message.id


def texts(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def named(text: str) -> set[str]:
    """What the code puts in and the page draws: placeholders by name, and tags."""
    return {*_PLACEHOLDER.findall(text), *_TAG.findall(text)} - {""}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All texts of the package as they are in its source now."""
    if not shutil.which("xgettext"):
        _missing("gettext is not installed (Debian: apt-get install gettext)")
    copy = tmp_path_factory.mktemp("texts") / "oms_portal"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "static", "migrations"))
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "de", "--add-location", "file"]
    # Without the settings of the tests: they lie outside of the copy.
    plain = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=plain)
    return read(copy / "locale" / "de" / "LC_MESSAGES" / "django.po")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str, extracted: Catalog) -> None:
    told = {key(message): message for message in read(po(language)) if message.id}
    wanted = {key(message) for message in extracted if message.id}
    assert wanted - told.keys() == set()
    assert told.keys() - wanted == set()
    assert [each.id for each in told.values() if each.fuzzy or not all(texts(each.string))] == []


@pytest.mark.parametrize("word", ["Asked for", "damaged", "Damaged", "Taken back"])
def test_a_word_of_several_meanings_says_which(word: str, extracted: Catalog) -> None:
    meant = [message.context for message in extracted if message.id == word]
    assert len(meant) > 1 and all(meant)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_put_in_what_the_text_puts_in(language: str) -> None:
    catalogue = read(po(language))
    for message in catalogue:
        if not message.id:
            continue
        wanted = set().union(*map(named, texts(message.id)))
        for text in texts(message.string):
            # The forms of one and two may say the number in a word of their own.
            counted = {"n", "number", "count", "days", "items"} if message.pluralizable else set()
            assert named(text) <= wanted, message.id
            assert wanted - named(text) <= counted, message.id
        assert len(texts(message.string)) == (catalogue.num_plurals if message.pluralizable else 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_written(language: str) -> None:
    fresh = BytesIO()
    write_mo(fresh, read(po(language)))
    fresh.seek(0)
    with po(language).with_suffix(".mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)._catalog
    written = gettext.GNUTranslations(fresh)._catalog
    assert {**shipped, "": ""} == {**written, "": ""}
