from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oms_portal.desk.differences import MOST, differences


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def told(before: Any, after: Any) -> list[tuple[str, str, str, str]]:
    return [(d.kind, d.path, d.before, d.after) for d in differences(before, after)[0]]


def test_fields_are_named_by_their_path():
    before = {"a": {"b": 1, "c": 2}, "gone": True}
    after = {"a": {"b": 1, "c": 3}, "new": None}

    assert told(before, after) == [
        ("changed", "a.c", "2", "3"),
        ("removed", "gone", "true", ""),
        ("added", "new", "", "null"),
    ]


def test_items_of_a_list_are_known_by_their_ref_wherever_they_stand():
    before = {"lines": [{"ref": "L1", "n": 1}, {"ref": "L2", "n": 2}]}
    after = {"lines": [{"ref": "L0", "n": 0}, {"ref": "L2", "n": 2}, {"ref": "L1", "n": 9}]}

    assert told(before, after) == [
        ("changed", "lines[L1].n", "1", "9"),
        ("added", "lines[L0]", "", '{"ref": "L0", "n": 0}'),
    ]


def test_a_list_of_bare_values_is_compared_by_position():
    assert told({"x": ["a", "b"]}, {"x": ["a", "c", "d"]}) == [
        ("changed", "x[1]", '"b"', '"c"'),
        ("added", "x[2]", "", '"d"'),
    ]


def test_another_kind_of_value_is_one_difference():
    assert told({"x": {"y": 1}}, {"x": [1]}) == [("changed", "x", '{"y": 1}', "[1]")]
    assert told({"x": 1}, {"x": True}) == [("changed", "x", "1", "true")]


def test_there_are_never_more_than_most():
    found, more = differences({}, {str(n): n for n in range(1000)})

    assert (len(found), more) == (MOST, True)


def test_values_are_cut_and_their_hidden_marks_shown():
    ((_, _, _, after),) = told({}, {"x": "\u202e" + "y" * 5000})

    assert "\\u202e" in after and "\u202e" not in after
    assert len(after) <= 300


@given(JSON)
def test_equal_documents_do_not_differ(document):
    assert differences(document, document) == ([], False)


@given(JSON, JSON)
def test_unequal_documents_differ(before, after):
    found, _ = differences(before, after)

    assert bool(found) == (repr(before) != repr(after) and before != after) or found
