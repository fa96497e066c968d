"""Which word a code gets."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Site

from oms_portal import live
from oms_portal.words import book
from oms_portal.words.models import Kind, StatusWord
from oms_portal.words.queries import entry, speaking_at, word
from tests import factories


pytestmark = pytest.mark.django_db


def give(code: str, said: str, **where: Any) -> StatusWord:
    return StatusWord.objects.create(**{"kind": Kind.ORDER, "code": code, "word": said, **where})


def said(raw: str = "", code: str = "on_hold", **where: str) -> str:
    return word(Kind.ORDER, code, "On hold", raw=raw, **where)


def test_without_a_word_ours_is_said_and_never_the_code() -> None:
    assert said("ZF2") == "On hold"


def test_the_erps_own_code_comes_before_ours() -> None:
    give("on_hold", "Paused")
    assert said("ZF2") == "Paused"
    give("ZF2", "Being checked")
    assert said("ZF2") == "Being checked"
    assert said(" zf2 ") == "Being checked"
    assert said("") == "Paused"


def test_the_narrowest_row_counts() -> None:
    site = str(factories.site().pk)
    give("ZF2", "general")
    assert said("ZF2", language="de", site=site) == "general"
    give("ZF2", "deutsch", language="de")
    assert said("ZF2", language="de-at", site=site) == "deutsch"
    assert said("ZF2", language="den") == "general"
    give("ZF2", "österreichisch", language="de-at")
    assert said("ZF2", language="de-AT") == "österreichisch"
    assert said("ZF2", language="de") == "deutsch"
    give("ZF2", "for customers", audience="customer")
    assert said("ZF2", language="de", site=site) == "for customers"
    give("ZF2", "of the brand", site=factories.site())
    assert said("ZF2", language="de", site=site) == "of the brand"
    assert said("ZF2", language="de", site="4711") == "for customers"


def test_words_for_staff_are_not_shown_to_customers() -> None:
    give("ZF2", "credit block", audience="staff")
    assert said("ZF2") == "On hold"
    assert said("ZF2", audience="staff") == "credit block"


def test_a_code_is_one_of_its_kind() -> None:
    give("ZF2", "Being checked")
    assert word(Kind.SHIPMENT, "unknown", "In progress", raw="ZF2") == "In progress"


def test_the_language_and_site_of_the_moment_count() -> None:
    give("ZF2", "Wird geprüft", language="de", text="Wir melden uns.", site=factories.site())
    with translation.override("de"), speaking_at(str(factories.site().pk)):
        assert said("ZF2") == "Wird geprüft"
        found = entry(Kind.ORDER, "on_hold", raw="ZF2")
        assert found is not None and found.text == "Wir melden uns."
    assert said("ZF2") == "On hold" and entry(Kind.ORDER, "on_hold", raw="ZF2") is None


@pytest.mark.django_db(transaction=True)
def test_words_cost_no_query_and_an_edit_counts_at_once() -> None:
    from django.db import connection

    row = give("ZF2", "Being checked")
    assert said("ZF2") == "Being checked"
    with CaptureQueriesContext(connection) as queries:
        assert [said("ZF2") for _ in range(50)] == ["Being checked"] * 50
    assert len(queries) == 0
    row.word = "Looked at"
    row.save()
    assert said("ZF2") == "Looked at"
    row.delete()
    assert said("ZF2") == "On hold"


@pytest.mark.django_db(transaction=True)
def test_an_edit_in_another_process_counts_after_a_few_seconds() -> None:
    book.keep(book.book())
    StatusWord.objects.bulk_create([StatusWord(kind=Kind.ORDER, code="ZF2", word="New")])
    live.changed("something else")
    live.unlisten(_committed())
    live.changed(book.TOPIC)
    live.listen(_committed())
    assert said("ZF2") == "On hold"
    held, _ = book._held
    book._held = (held, time.monotonic())
    assert said("ZF2") == "New"


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_the_version_sees_the_edit_at_once() -> None:
    StatusWord.objects.bulk_create([StatusWord(kind=Kind.ORDER, code="ZF2", word="New")])
    assert not book.heed(live.FIRST_VERSION)
    assert said("ZF2") == "On hold"
    assert book.heed(live.FIRST_VERSION + 1)
    assert said("ZF2") == "New"


def _committed() -> Any:
    from oms_portal.words import actions

    return actions._committed


def test_words_of_a_site_that_went_go_with_it() -> None:
    site = Site.objects.create(hostname="b.example", root_page=factories.site().root_page)
    give("ZF2", "of the brand", site=site)
    site.delete()
    assert not StatusWord.objects.exists()
