"""Why a command waits or was given up, in words for staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from oms_portal.erp.outbox.deadlines import NEVER_SENT, PERHAPS_DONE


# What the outbox says of its own accord; all else is the ERP's or a person's.
WORDS: dict[str, Any] = {
    NEVER_SENT: gettext_lazy("Its time was over before the ERP took it."),
    PERHAPS_DONE: gettext_lazy("Its time was over; the ERP may have carried it out."),
    "no_carrier": gettext_lazy("No carrier of the settings takes goods back this way."),
}


def trouble_word(told: str) -> str:
    return str(WORDS.get(told, told))
