"""Verdicts as they are shown: what was decided, by whom, and what may still be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.desk.traces import person
from oms_portal.orders.units import quantity
from oms_portal.returns.receipts.judgement.second import may_second
from oms_portal.returns.receipts.models import Verdict

from .goods import Goods
from .words import fee_of


@dataclass(frozen=True)
class Given:
    """One verdict in words; "" where there is nothing to say."""

    pk: int
    title: str
    quantity: str
    grade: str
    accepted: bool
    answer: str
    becomes: str
    otherwise: str
    fee: str
    missing: str
    serials: str
    reason: str
    note: str
    who: str
    second: str
    waits: bool
    can_second: bool
    can_take_back: bool


def given_of(goods: Sequence[Goods], user: Any, currency: str) -> list[Given]:
    """In the order in which they were given; one query."""
    verdicts = [(one, verdict) for one in goods for verdict in one.verdicts]
    people = {verdict.actor_id for _one, verdict in verdicts}
    people |= {verdict.second_id for _one, verdict in verdicts}
    users = get_user_model()._default_manager.in_bulk(people - {None})
    told = (_given(one, verdict, users, user, currency) for one, verdict in verdicts)
    return sorted(told, key=lambda each: each.pk)


def _given(
    goods: Goods, verdict: Verdict, users: Mapping[Any, Any], user: Any, currency: str
) -> Given:
    missing = dict(goods.accessories)
    unit = goods.ground.line.unit if goods.ground.line else goods.finding.unit
    waits = verdict.needs_second and verdict.second_id is None
    departs = verdict.suggested and verdict.suggested != verdict.disposition
    return Given(
        pk=verdict.pk,
        title=goods.title,
        quantity=quantity(verdict.quantity, unit),
        grade=str(verdict.grade or ""),
        accepted=verdict.accepted,
        answer=_("accepted") if verdict.accepted else _("not accepted"),
        becomes=str(verdict.get_disposition_display()),
        otherwise=_("otherwise than suggested") if departs and goods.is_announced else "",
        fee=fee_of(verdict, currency),
        missing=", ".join(missing.get(code, code) for code in verdict.missing),
        serials=", ".join(verdict.serials),
        reason=plain(verdict.reason, 500),
        note=plain(verdict.note, 500),
        who=_named(_("Judged by %(name)s"), users.get(verdict.actor_id)),
        second=_named(_("Confirmed by %(name)s"), users.get(verdict.second_id)),
        waits=waits,
        can_second=may_second(verdict, user),
        can_take_back=verdict.told_at is None,
    )


def _named(words: str, user: Any) -> str:
    return words % {"name": person(user)} if user else ""
