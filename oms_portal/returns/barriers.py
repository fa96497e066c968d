"""Why a delivered line can't be sent back: codes of ``reasons``, and until when it could."""

from __future__ import annotations

from datetime import UTC, date

from django.utils.translation import gettext as _

from oms_portal.orders.locales import day

from . import reasons


WINDOW, REFUSED, FINAL_SALE = "window", "refused", "final_sale"
NO_POLICY, NO_OUTCOME, NO_WAY = "no_policy", "no_outcome", "no_way"
NOT_DELIVERED, NONE_LEFT = "not_delivered", "none_left"
NOT_OFFERED, NOT_ALLOWED, ARCHIVED = "not_offered", "not_allowed", "archived"
# What staff may decide otherwise, with a reason: a policy's word, not what lies in the way.
OF_POLICY = frozenset({WINDOW, REFUSED, FINAL_SALE, NO_POLICY, NO_OUTCOME, NO_WAY})


def say(code: str, until: date | None = None, own: str = "") -> str:
    """The words of a code, with the last day on which it was possible; ``own`` are staff's in
    place of those. "" for no code."""
    if own or not code:
        return own
    if code == WINDOW and until is not None:
        return _("This could be returned until %(day)s.") % {"day": day(until, UTC)}
    return str(reasons.words(code))
