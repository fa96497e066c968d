"""Whatever is typed into the steps of a return, they answer; and nothing is kept of what is odd."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from oms_portal.erp.outbox.models import Command
from oms_portal.portal.returning import page
from oms_portal.returns.models import Return
from tests.portal.test_hostile import VALUES
from tests.returns.scene import Scene

from .walking import NEW, counts, explained, hidden, url


pytestmark = pytest.mark.django_db

FIELDS = (
    "kind", "order", "page", "find", "do", "idempotency_key", "version", "seen", "terms",
    "quantity:", "quantity:SO-1/L1/SO-1-D1", "quantity:SO-1/L1", "quantity:%00/a/b", "quantity:/",
    "1-reason", "1-condition", "1-text", "1-serials", "1-lot", "1-outcome", "1-exchange_sku",
    "method", "shop", "branch", "near", "day", "time_from", "time_to", "contact", "phone",
    "carrier", "tracking_number", "parcels", "reply", "asked", "number", "company", "\0",
)  # fmt: skip
ODD = (
    *VALUES, "x" * 5000, "😀" * 2000, "a\r\nBcc: x@example.com", "\u202eevil", "\u200b" * 40, "kind:",
    "order:\0", "page:x", "page:-1", "page:99999999999999999999", "all:NO", "remove:", "add:", "25:99",
    "9999-12-31", "1e999", "-0", "٣", "{'a': 1}", "[1, 2]", "parcel_shop", "SO-1", "claim", "\x85",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: Any) -> None:
    monkeypatch.setattr(page, "PER_HOUR", 10**6)


def typed(start: int) -> dict[str, Any]:
    return {field: ODD[(start + n * 7) % len(ODD)] for n, field in enumerate(FIELDS)}


@pytest.mark.parametrize("step", ["new", "items", "reasons", "way", "check"])
def test_no_form_breaks_a_page_and_nothing_is_sent(client: Client, here: Scene, step: str) -> None:
    number = explained(client)
    path = NEW if step == "new" else url(number, step)
    for start in range(0, len(ODD), 5):
        first = hidden(client.get(path))
        for sent in (typed(start), typed(start) | first):
            answer: Any = client.post(path, sent)
            assert answer.status_code in (200, 303, 412, 422), (answer.status_code, sent)
    assert not Command.objects.exists()
    assert set(Return.objects.values_list("state", flat=True)) == {"draft"}


@pytest.mark.parametrize("name", ["kind", "order", "page", "find"])
def test_no_question_in_an_address_breaks_the_page(client: Client, here: Scene, name: str) -> None:
    for odd in ODD:
        assert client.get(NEW, {name: odd}).status_code in (200, 404), odd


@pytest.mark.parametrize("count", ["٣", "3", "3,0", " 3 "])
def test_numbers_are_read_as_people_write_them(client: Client, here: Scene, count: str) -> None:
    first = hidden(client.get(NEW))
    place = ("SO-1", "L1", "SO-1-D1", count)

    answer = client.post(
        NEW, {**first, **counts(place), "do": "next"}, headers={"accept-language": "de"}
    )

    assert answer.status_code in (303, 422)
    kept = [line.requested for made in Return.objects.all() for line in made.lines.all()]
    assert kept in ([3], [])
    assert kept == [3] or not count.strip().isascii()


def test_who_sends_very_often_waits_and_loses_nothing(
    client: Client, here: Scene, monkeypatch: Any
) -> None:
    monkeypatch.setattr(page, "PER_HOUR", 0)
    place = ("SO-1", "L1", "SO-1-D1", "3")

    answer = client.post(NEW, {**hidden(client.get(NEW)), **counts(place), "do": "next"})

    assert answer.status_code == 429 and answer["Retry-After"] == "3600"
    assert 'value="3"' in answer.content.decode() and not Return.objects.exists()
