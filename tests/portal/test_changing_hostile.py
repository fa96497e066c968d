"""Whatever is typed into the forms of changes, they answer; and nothing is kept of what is odd."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from oms_portal.changes.models import ChangeRequest
from oms_portal.erp.outbox.models import Command
from oms_portal.portal import changing_page

from .test_changing import CHANGE, NEW, fresh_limits, here, hidden
from .test_changing_request import CANCEL, asked
from .test_hostile import VALUES


pytestmark = pytest.mark.django_db
__all__ = ["fresh_limits", "here"]

FIELDS = (
    "scope", "lines", "place", "address_country", "address_name", "address_lines", "address_city",
    "address_region", "address_postal_code", "contact", "phone", "instructions", "day", "day_to",
    "time_from", "time_to", "method", "pickup_ref", "find", "why", "words", "quantity:L1",
    "quantity:", "quantity:\u202e", "idempotency_key", "version", "seen", "do", "address",
    "company", "status", "state", "requested", "approved", "order", "is_staff", "[]", "\0",
)  # fmt: skip
ODD = (
    *VALUES, "x" * 5000, "😀" * 5000, "a\r\nBcc: x@example.com", "\u202eevil", "\u200b" * 40, "e\u0301" * 300,
    "delivery:", "delivery:\0", "delivery:NO", "lines", "new", "order", "25:99", "0000-00-00",
    "99999-01-01", "9999-12-31", "1e999", "-0", "ZZ", "XX", "d\ud7ff", "{'a': 1}", "[1, 2]", "\x85",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: Any) -> None:
    monkeypatch.setattr(changing_page, "PER_HOUR", 10**6)


def typed(start: int) -> dict[str, Any]:
    return {field: ODD[(start + n * 7) % len(ODD)] for n, field in enumerate(FIELDS)}


@pytest.mark.parametrize("path", [CHANGE, CANCEL])
@pytest.mark.parametrize("do", ["send", "country"])
def test_no_form_breaks_a_page_and_nothing_is_kept(
    client: Client, here: Any, path: str, do: str
) -> None:
    first = hidden(client.get(path).content.decode())
    for start in range(0, len(ODD), 6):
        sent = typed(start) | first | {"do": do}
        answer: Any = client.post(path, sent)
        assert answer.status_code == (200 if do == "country" else 422), sent
    assert not ChangeRequest.objects.exists() and not Command.objects.exists()


@pytest.mark.parametrize(
    "field", ["address_name", "address_lines", "address_city", "contact", "instructions"]
)
@pytest.mark.parametrize("text", ["x" * 5000, "a\0b", "😀", "\u202eabc", "a\u200bb", "a\x1bb"])
def test_text_that_hides_or_is_endless_is_refused_in_words(
    client: Client, here: Any, field: str, text: str
) -> None:
    first = hidden(client.get(CHANGE).content.decode())
    sent = {"scope": "order", "do": "send", **first, **NEW, field: text}

    answer: Any = client.post(CHANGE, sent)

    assert answer.status_code == 422 and f'href="#oms-{field}"' in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_odd_hidden_fields_make_no_request(client: Client, here: Any) -> None:
    first = hidden(client.get(CHANGE).content.decode())
    for odd in ODD[::8]:
        others = {"version": odd, "seen": odd, "idempotency_key": odd}
        sent = {"scope": "order", "do": "send", "instructions": "Ring", **first, **others}
        assert client.post(CHANGE, sent).status_code == 412, odd
    assert not ChangeRequest.objects.exists()


def test_no_odd_key_or_verb_breaks_the_page_of_a_request(client: Client, here: Any) -> None:
    request = asked(client, instructions="Ring at gate 3", do="check")
    for odd in ODD[::4]:
        sent = {"idempotency_key": odd, "version": odd, "address": odd, "choices": odd}
        path = f"/portal/changes/{request.key}/accept/"
        assert client.post(path, sent).status_code == 409, odd
    for odd in ("%00", "%E2%80%AE", "x" * 500, "..", "%2e%2e%2f", "'--"):
        for path in (f"/portal/changes/{odd}/", f"/portal/changes/{request.key}/{odd}/"):
            assert client.get(path).status_code in (404, 405)
            assert client.post(path).status_code in (404, 405)


def test_of_fields_given_twice_one_counts(client: Client, here: Any) -> None:
    first = hidden(client.get(CHANGE).content.decode())
    sent = {
        "scope": ["order", "lines"],
        "do": "send",
        **first,
        "instructions": ["a", "b"],
        "lines": ["L1", "L1", "L9"],
    }

    answer = client.post(CHANGE, sent)

    assert answer.status_code == 422 and not ChangeRequest.objects.exists()
