"""Codes that nobody gave a word to yet."""

from __future__ import annotations

from typing import Any

import pytest

from oms_portal.words import unknown
from oms_portal.words.models import Kind, StatusWord, UnknownCode
from tests import factories, wire


pytestmark = pytest.mark.django_db(transaction=True)


def listed() -> set[tuple[str, str, int, str]]:
    return set(UnknownCode.objects.values_list("kind", "code", "times", "example"))


def test_every_kind_of_code_is_noted_with_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "PAUSE", 0)
    promises = [{"kind": "confirmed", "from": "2026-11-28", "reason": "Z04"}]
    order: dict[str, Any] = {
        "lines": [wire.line(promises=promises)],
        "shipments": [wire.shipment(status="WSTA-7")],
        "raw_status": "ZF2",
    }
    factories.order("SO-1", "C1", **order)
    factories.order("SO-2", "C1", **order)
    factories.deliver("tracking", wire.tracking(wire.scan(code="XX-99"), wire.scan("s2")))
    assert listed() == {
        ("order", "ZF2", 2, "SO-2"),
        ("shipment", "WSTA-7", 2, "SO-2"),
        ("reason", "Z04", 2, "SO-2"),
        ("tracking", "XX-99", 1, "T100"),
    }
    assert {str(row.source) for row in UnknownCode.objects.all()} == {str(factories.source())}


def test_our_own_words_and_sentences_are_no_codes() -> None:
    reasons = ("backorder", "Mould broke", "原料短缺", "")
    promises = [{"kind": "confirmed", "from": "2026-11-28", "reason": reason} for reason in reasons]
    factories.order("SO-1", "C1", lines=[wire.line(promises=promises)])
    factories.order("SO-2", "C1", shipments=[wire.shipment(status="Dispatched")])
    factories.order("SO-3", "C1", raw_status="Shipped")
    factories.deliver("tracking", wire.tracking(wire.scan(code="exception.customs")))
    assert listed() == set()


def test_a_code_with_a_word_leaves_the_list_and_stays_away() -> None:
    factories.order("SO-1", "C1", raw_status="ZF2")
    assert UnknownCode.objects.count() == 1
    StatusWord.objects.create(kind=Kind.ORDER, code="zf2", word="Being checked", language="de")
    assert not UnknownCode.objects.exists()
    factories.order("SO-2", "C1", raw_status="ZF2")
    assert not UnknownCode.objects.exists()


def test_hostile_codes_are_bounded_and_cut() -> None:
    source = factories.source()
    for number in range(0, 8_000, 20):
        codes = [(Kind.ORDER, f"{n:04}" * 60) for n in range(number, number + 20)]
        unknown.note(codes, source.pk, "X")
    assert UnknownCode.objects.count() == unknown.PER_SOURCE
    assert len(unknown._times) <= unknown._REMEMBERED + unknown.PER_EVENT
    assert len(unknown._resting) <= unknown._REMEMBERED + unknown.PER_EVENT
    assert max(len(code) for code in UnknownCode.objects.values_list("code", flat=True)) == 200
    unknown.note([(Kind.ORDER, "of another")], factories.source("other").pk, "X")
    assert UnknownCode.objects.filter(code="of another").exists()


def test_a_full_list_still_counts_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "PAUSE", 0)
    monkeypatch.setattr(unknown, "PER_SOURCE", 1)
    for code in ("A", "B", "A"):
        unknown.note([(Kind.ORDER, code)], factories.source().pk, "X")
    assert listed() == {("order", "A", 2, "X")}


def test_a_code_that_comes_often_is_written_down_once_in_a_while(
    django_assert_num_queries: Any,
) -> None:
    source = factories.source()
    with django_assert_num_queries(3):
        for _ in range(100):
            unknown.note([(Kind.ORDER, "ZF2")], source.pk, "SO-1")


def test_an_event_is_taken_though_noting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(unknown, "_write", broken)
    factories.order("SO-1", "C1", raw_status="ZF2")


def test_an_event_that_is_refused_leaves_no_code() -> None:
    factories.source("bound", all_customers=False)
    factories.company("C1")
    sender = factories.source("bound")
    factories.deliver("order", wire.order(raw_status="ZF2"), sender=sender, expect=None)
    assert not UnknownCode.objects.exists()
