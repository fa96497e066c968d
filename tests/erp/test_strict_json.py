from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_portal.erp.strict_json import BadJson, digest, load_items, loads


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab[{"), inner, max_size=4),
    max_leaves=15,
)


@given(PLAIN)
def test_plain_json_comes_through_unchanged(value):
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"[1] 2", "not JSON"),
        (b'"\x00"', "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": 1, "b": 2, "a": 1}', 'member "a" occurs twice'),
        (b'{"a": 1, "\\u0061": 2}', 'member "a" occurs twice'),
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        (b"1e999", "too large"),
        (b"1." + b"1" * 100, "too long"),
        (b"9007199254740992", "2^53"),
        (b"-9007199254740992", "2^53"),
        (b"9" * 5000, "2^53"),
        (b'"\\u0000"', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'["\\udc00\\ud800"]', "lone surrogate"),
        (b"[" * 21 + b"]" * 21, "deeper than 20"),
        (b'{"a":' * 21 + b"1" + b"}" * 21, "deeper than 20"),
        (b"[" * 200_000, "deeper than 20"),
        (b"[[]," * 200_000, "deeper than 20"),
    ],
)
def test_what_databases_disagree_on_is_refused_with_a_reason(raw, why):
    with pytest.raises(BadJson) as refusal:
        loads(raw)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"9007199254740991",
        b"[" * 20 + b"]" * 20,
        b'"\\\\u0000"',
        b'"\\ud83d\\ude00"',
        b'"' + b"[" * 50 + b'"',
        b'"\\"' + b"[" * 50 + b'"',
        b"[[]," + b"[]," * 100 + b"[]]",
    ],
)
def test_what_only_looks_odd_is_taken(raw):
    assert loads(raw) == json.loads(raw)


@given(st.binary())
def test_nothing_but_bad_json_is_ever_raised(raw):
    for read in (loads, load_items):
        with suppress(BadJson):
            read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * 120_000,
        b'{"a":"' + b"\\" * 240_000,
        b"[" + b'"a",' * 60_000,
        b'{"x":1,' + b",".join(b'"%d":1' % n for n in range(20_000)) + b',"x":1}',
    ],
)
def test_the_time_grows_with_the_length_only(raw):
    start = time.process_time()
    with pytest.raises(BadJson):
        loads(raw)
    assert time.process_time() - start < 1


def test_the_items_of_an_array_are_judged_one_by_one():
    raw = b' [ {"a": 1} , {"a": NaN},{"a":1,"a":2}, 9007199254740992 , "\\u0000", [2] ] '

    items = load_items(raw)

    assert [item.value for item in items] == [{"a": 1}, None, None, None, None, [2]]
    assert [bool(item.refusal) for item in items] == [False, True, True, True, True, False]
    assert items[0].raw == b'{"a": 1}'
    assert items[1].raw == b'{"a": NaN}'


def test_an_item_may_be_as_deep_as_an_event_alone():
    deep, deeper = b"[" * 20 + b"]" * 20, b"[" * 21 + b"]" * 21

    items = load_items(b"[" + deep + b"," + deeper + b"]")

    assert [item.refusal for item in items] == ["", "nested deeper than 20 levels"]


@pytest.mark.parametrize("before", [b"1", b"NaN", b'{"a": 1, "a": 2}'])
def test_an_item_however_deep_blocks_none_of_the_others(before):
    deepest = b"[" + before + b',{"]": ' + b"[" * 9999 + b"]" * 9999 + b"}]"

    items = load_items(b'[{"a": 1},' + deepest + b',{"b": 2}]')

    assert [item.value for item in items] == [{"a": 1}, None, {"b": 2}]
    assert items[1].raw == deepest and items[1].refusal


def test_an_empty_array_has_no_items():
    assert load_items(b" [ ] ") == []


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[1,]", b"[1 2]", b"[1", b"[1] x", b"[,]", b"[" * 9999]
)
def test_what_is_no_array_is_refused_as_a_whole(raw):
    with pytest.raises(BadJson):
        load_items(raw)


def test_the_digest_is_of_the_content_not_of_its_spelling():
    one = loads(b'{"b": [1, 2], "a": "\\u00e9"}')
    same = loads('{"a":"é","b":[1,2]}'.encode())

    assert digest(one) == digest(same)
    assert digest(one) != digest(loads(b'{"a":"e","b":[1,2]}'))
