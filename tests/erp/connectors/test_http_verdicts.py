"""What a status and a body mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.erp.connectors.contract import Outcome
from oms_portal.erp.connectors.verdicts import judge, seconds_until


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def told(status: int, body: bytes = b"", retry_after: str = "") -> object:
    return judge(status, body, retry_after, NOW)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 521, 301, 307, 304])
def test_it_is_sent_again(status):
    assert told(status).outcome == Outcome.RETRY
    assert not told(status).refused


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422, 451])
def test_it_is_rejected(status):
    assert told(status).outcome == Outcome.REJECTED
    assert told(status).code == f"http-{status}"


@pytest.mark.parametrize("status", [401, 403, 407])
def test_it_is_not_let_in(status):
    assert (told(status).outcome, told(status).refused) == (Outcome.RETRY, True)


@pytest.mark.parametrize("status", [500, 502, 504, 303])
def test_it_may_have_been_carried_out(status):
    assert told(status).unknown


@pytest.mark.parametrize("status", [408, 425, 429, 503, 501, 302, 307, 401])
def test_it_was_certainly_not_carried_out(status):
    assert not told(status).unknown


def test_a_conflict_that_says_when_to_come_back_is_no_refusal():
    assert told(409, retry_after="2").outcome == Outcome.RETRY


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"{}", b'{"message": "thanks"}'])
def test_a_yes_without_an_outcome_is_accepted(body):
    assert told(200, body).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hi</html>",
        b"OK",
        b"[]",
        b"null",
        b'"applied"',
        b"{",
        b'{"outcome": "maybe"}',
        b'{"outcome": null}',
        b'{"outcome": ["applied"]}',
        b'{"outcome": "applied", "outcome": "rejected"}',
        b'{"outcome": "applied", "text": "\\u0000"}',
        b"[" * 3000,
        b"\xff\xfe",
    ],
)
def test_an_odd_yes_is_no_yes(body):
    result = told(200, body)
    assert (result.outcome, result.unknown) == (Outcome.RETRY, True)


def test_the_erps_own_words_are_kept_within_bounds():
    body = b'{"outcome":"countered","code":7,"text":"%s","counter":{"fee":1}}' % (b"x" * 9000)
    result = told(200, body)
    assert result.outcome == Outcome.NEEDS_CONFIRMATION
    assert result.code == "7"
    assert len(result.text) == 2000
    assert result.counter == {"fee": 1}


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "picked", "text": "Already picked"}',
        b'{"type": "about:blank", "title": "x", "detail": "Already picked", "code": "picked"}',
    ],
)
def test_a_refusal_has_the_erps_code(body):
    assert (told(422, body).code, told(422, body).text) == ("picked", "Already picked")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("99999999999999999999", 3600),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 12:00:00 GMT", 3600),
        ("Sunday, 22-Nov-26 12:02:00 GMT", 120),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert seconds_until(header, NOW) == seconds


@given(st.integers(100, 999), st.binary(max_size=200), st.text(max_size=40))
def test_nothing_an_erp_says_makes_it_fail(status, body, header):
    result = judge(status, body, header, NOW)
    assert result.outcome in Outcome
    if not 200 <= status < 300:
        assert result.outcome in (Outcome.RETRY, Outcome.REJECTED)
