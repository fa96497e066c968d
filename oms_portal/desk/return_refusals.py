"""Why a decision about a return was not carried out, in sentences; and the note of one that was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from oms_portal.orders.locales import number
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.reasons import is_ours, words
from oms_portal.returns.refusals import Refused, Short

from .deciding import moved_on
from .logs import note
from .return_words import event_words, who_of
from .texts import plain


def why(lines: Sequence[ReturnLine], refused: Refused) -> Iterator[str]:
    """One sentence for each line that is in the way, else one for all."""
    if not refused.lines:
        yield str(words(refused.code))
        return
    items = {line.ref: line.sku or line.description for line in lines}
    left = refused.available if isinstance(refused, Short) else {}
    for ref, code in refused.lines.items():
        if ref in left:
            said = {"item": items.get(ref, ref), "count": number(left[ref])}
            yield _("%(item)s: only %(count)s can still come back.") % said
        else:
            sentence = str(words(code)) if is_ours(code) else code
            yield f"{items.get(ref, ref)}: {sentence}"


def sentence(refused: Refused) -> str:
    """What is wrong with a text that was written, else the words for its code."""
    own = next(iter(refused.fields.values()), "")
    return plain(own) if refused.code == "invalid" and own else str(words(refused.code))


def outdone(rma: Return) -> str:
    """Who was faster, and with what."""
    last = rma.events.select_related("actor").order_by("pk").last()
    return moved_on(who_of(last), event_words(last)) if last else moved_on("", "")


def write_down(rma: Return, verb: str, user: Any, reason: str) -> None:
    """In Wagtail's log."""
    told = {"number": rma.number, "customer": rma.company.name, "reason": reason or "–"}
    note(rma, f"{verb}_return", user, **told)
