"""A command that this ERP does not carry out, as it says so."""

from __future__ import annotations


class Refusal(Exception):
    """``status`` is HTTP's; ``code`` and ``text`` are this ERP's own."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text
