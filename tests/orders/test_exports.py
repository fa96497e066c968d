"""The list as a file: every line of exactly these orders, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from oms_portal.customers.access import Actor, actor_for
from oms_portal.orders import exports
from oms_portal.orders.exports import heads, rows
from oms_portal.orders.filters import Filters
from oms_portal.orders.sheets import as_csv, as_xlsx, safe
from oms_portal.orders.sorting import Sort
from tests import factories, wire


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def reader(db: None) -> Actor:
    return actor_for(factories.person(company=factories.customer("C1")))


def told(actor: Actor, sort: Sort = Sort.NUMBER, most: int = 100, **query: str) -> list[Any]:
    return list(rows(actor, sort, Filters.read(query), NOW, most=most))


def read_csv(found: list[Any]) -> list[list[str]]:
    text = b"".join(as_csv(heads(), found)).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def read_xlsx(found: list[Any]) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(as_xlsx(heads(), found))))
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)
    return list(book.active.values)


def test_there_is_a_row_for_each_line_and_one_for_an_order_without(reader: Actor) -> None:
    factories.order("SO-1", lines=[wire.line("L1"), wire.line("L2", ordered="2.5")])
    factories.order("SO-2", lines=[])
    factories.order("SO-3", "C2")
    table = read_csv(told(reader))
    assert table[0][:2] == ["Order", "Your reference"] and table[0][11] == "Line"
    assert [(row[0], row[11:13]) for row in table[1:]] == [
        ("SO-1", ["1", "SKU-L1"]),
        ("SO-1", ["2", "SKU-L2"]),
        ("SO-2", []),
    ]
    first = dict(zip(table[0], table[2], strict=True))
    assert first["Ordered"] == "2.5" and first["Unit price"] == "4.5" and first["Total"] == "53.55"
    assert first["Placed"] == "2026-11-19" and first["Promised for"] == "2026-11-26"
    assert first["Status"] == "Confirmed" and first["Ship to"] == "Nordwerk plant 1"


def test_it_is_the_list_as_it_is_filtered_and_sorted(reader: Actor) -> None:
    for n in range(5):
        factories.order(f"SO-{n}", placed_at=f"2026-11-1{n}T08:00:00Z", on_hold=n == 2)
    assert [row[0] for row in told(reader, Sort.NEWEST)] == [f"SO-{n}" for n in (4, 3, 2, 1, 0)]
    assert [row[0] for row in told(reader, status="on_hold")] == ["SO-2"]
    assert told(reader, q="nowhere") == []


def test_it_is_read_bit_by_bit_and_nothing_is_lost(
    reader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for n in range(5):
        factories.order(f"SO-{n}")
    assert [row[0] for row in told(reader)] == [f"SO-{n}" for n in range(5)]


def test_where_a_file_ends_early_it_says_so(reader: Actor) -> None:
    factories.order("SO-1", lines=[wire.line(f"L{n}") for n in range(4)])
    found = told(reader, most=3)
    assert len(found) == 4
    assert found[-1] == ["This file ends after 3 lines. Narrow the list to get the rest."]
    assert len(told(reader, most=4)) == 4 and len(told(reader, most=4)[-1]) > 1


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 40", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\u00a0=1"],
)
def test_no_text_starts_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    found: list[Any] = [[text]]
    assert read_csv(found)[1][0].startswith("'")
    assert read_xlsx(found)[1][0].startswith("'")


@pytest.mark.parametrize("text", ["PO;=1+1", "PO\t=1", "PO\r\n-1", 'PO;"=1+1', "PO; @SUM(A1)"])
def test_no_text_starts_a_formula_where_a_spreadsheet_expects_another_separator(text: str) -> None:
    """A German Excel splits at semicolons, whatever the commas and quotes are for."""
    line = b"".join(as_csv([], iter([[text]]))).decode()
    cells = re.split(r'[;\t\r\n"]+', line)
    assert not any(cell.strip().startswith(("=", "-", "@")) for cell in cells), line
    assert read_xlsx([[text]])[1][0].replace("_x000D_", "") in (text, text.replace("\r\n", "\n"))


def test_numbers_stay_numbers_and_dates_dates() -> None:
    found: list[Any] = [[Decimal("-5.500000"), Decimal("1E+3"), date(2026, 11, 20), "", None]]
    assert read_csv(found)[1] == ["-5.5", "1000", "2026-11-20", "", ""]
    number, large, day = read_xlsx(found)[1][:3]
    assert (number, large, day) == (-5.5, 1000, datetime(2026, 11, 20))


def test_what_no_file_can_hold_is_left_out() -> None:
    found: list[Any] = [["a\x00b\x1f\ufffe\uffffc", "x" * 40_000, "#N/A", 'a\nb,"c']]
    assert read_csv(found)[1][0] == "abc" and read_csv(found)[1][3] == 'a\nb,"c'
    cells = read_xlsx(found)[1]
    assert cells[0] == "abc" and len(cells[1]) < 32_768 and cells[2] == "#N/A"


def test_a_workbook_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[list[Any]]:
        yield ["SO-1"]
        raise ValueError("the database is gone")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError, match="gone"):
        list(as_xlsx(["Order"], broken()))
    assert list(tmp_path.iterdir()) == []


def test_csv_begins_with_a_mark_for_spreadsheets() -> None:
    assert b"".join(as_csv(["ä"], [])).startswith("\ufeffä".encode())
