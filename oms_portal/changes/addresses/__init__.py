"""Addresses that customers type. In: what a form holds, and the customer's own book. Out: clean
text, errors in words by field, and what was perhaps meant. Nothing is corrected unseen."""

from .book import book_of, place_of
from .checking import Checked, check
from .fields import Field, fields_for
from .phones import check_phone
from .suggestions import Suggestion
from .texts import clean_line, clean_text


__all__ = [
    "Checked",
    "Field",
    "Suggestion",
    "book_of",
    "check",
    "check_phone",
    "clean_line",
    "clean_text",
    "fields_for",
    "place_of",
]
