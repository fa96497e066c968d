"""Rows as CSV and as XLSX, bit by bit; no cell of theirs ever starts a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from .exports import Cell


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The signs that spreadsheets take for the start of a formula, wide ones too, and what they skip.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_STARTS = re.compile(rf"[\t\r\n]|\s*[{_SIGNS}]")
# Where a spreadsheet that expects other separators than commas would begin a cell of its own.
_WITHIN = re.compile(rf'([;\t\r\n]["\s]*)(?=[{_SIGNS}])')
# What no XML holds, so no workbook either.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
_CHUNK, _ROWS = 64 * 1024, 100


def safe(text: str) -> str:
    """Text that stays text: an apostrophe stands before what would be calculated."""
    text = _IMPOSSIBLE.sub("", text)[: _LONGEST - 1]
    return f"'{text}" if _STARTS.match(text) else text


def separated(text: str) -> str:
    """As ``safe``, for a file whose separators the reader's spreadsheet guesses."""
    return _WITHIN.sub(r"\1'", safe(text))


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, commas, decimal points, ISO dates; a piece for some rows."""
    held = StringIO()
    writer = csv.writer(held)
    writer.writerow(map(separated, heads))
    yield "\ufeff".encode() + held.getvalue().encode()
    held.seek(0)
    held.truncate()
    for count, row in enumerate(rows, 1):
        writer.writerow(map(_plain, row))
        if count % _ROWS == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{_short(cell):f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return separated(cell or "")


def as_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A workbook with one sheet, its head fixed. It is written to a file first, then given away:
    its parts stand in an order that nobody knows before its end."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head) for head in heads])
    with TemporaryFile() as file:
        try:
            for row in rows:
                sheet.append([_cell(sheet, cell) for cell in row])
        finally:
            # One that breaks off too: else its parts lie on the disk until the process ends.
            book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _cell(sheet: Any, value: Cell) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return _short(value)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell if value.year >= 1900 else value.isoformat()
    cell = WriteOnlyCell(sheet, safe(value))
    # A text that begins so would be taken for a formula, or for an error's name.
    cell.data_type = "s"
    return cell


def _short(number: Decimal) -> Decimal:
    """Without the zeros that the column's scale adds."""
    return number.normalize() if number else Decimal(0)


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
