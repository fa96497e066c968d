"""The goods of a return as whoever inspects them sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.orders.locales import day
from oms_portal.orders.models import OrderLine
from oms_portal.orders.units import quantity
from oms_portal.returns.models import Evidence, Return, ReturnLine
from oms_portal.returns.receipts.judgement import past
from oms_portal.returns.receipts.judgement.checklists import (
    Entry,
    checklist_of,
    checklists_now,
    entries,
)
from oms_portal.returns.receipts.judgement.judging import Ground, grounds
from oms_portal.returns.receipts.judgement.verdicts import findings_of
from oms_portal.returns.receipts.kinds import Found
from oms_portal.returns.receipts.models import Finding, Verdict
from oms_portal.returns.terms import Terms


ZERO = Decimal(0)


@dataclass(frozen=True)
class Serial:
    """A number that was read, or should have been; ``tone`` "ok", "warn" or "bad". ``before`` are
    other returns on which it came back."""

    number: str
    word: str
    tone: str
    before: Sequence[Return] = ()


@dataclass(frozen=True)
class Goods:
    """What was counted of one article. ``codes`` are what a scanner may read off it; ``free`` the
    serial numbers that no verdict is about."""

    ground: Ground
    photos: Sequence[Evidence]
    verdicts: Sequence[Verdict]
    serials: Sequence[Serial]
    free: tuple[str, ...]
    codes: tuple[str, ...]
    checks: Sequence[Entry]
    accessories: Sequence[Entry]

    @property
    def finding(self) -> Finding:
        return self.ground.finding

    @property
    def line(self) -> ReturnLine | None:
        """The line they came for, also of something else in its place."""
        return self.finding.line

    @property
    def is_announced(self) -> bool:
        return self.ground.line is not None

    @property
    def entitlement(self) -> str:
        """By which policy it may come back, and until when: as it was when the return was sent."""
        terms = Terms.read(self.line.terms) if self.line and self.line.terms else None
        if terms is None or not terms.policy[0]:
            return ""
        policy = plain(terms.policy[0], 60)
        if terms.until is None:
            return _("“%(policy)s”, without an end") % {"policy": policy}
        said = {"policy": policy, "day": day(terms.until, UTC)}
        return _("“%(policy)s”, until %(day)s") % said

    @property
    def found(self) -> str:
        return "" if self.is_announced else str(self.finding.get_found_display())

    @property
    def sku(self) -> str:
        return plain(self.ground.line.sku if self.ground.line else self.finding.sku, 60)

    @property
    def description(self) -> str:
        told = self.ground.line or self.finding
        return plain(told.description, 120)

    @property
    def title(self) -> str:
        return self.sku or self.description or _("Something without a name")

    @property
    def left(self) -> Decimal:
        return self.finding.counted - self.finding.judged

    @property
    def sound(self) -> Decimal:
        """How many of what is left are whole, where the whole ones are judged first."""
        return max(ZERO, self.left - self.finding.damaged)

    @property
    def next(self) -> Decimal:
        """How many are judged next, unless somebody says otherwise: the whole ones, then the
        damaged ones."""
        return self.sound or self.left

    @property
    def is_damaged(self) -> bool:
        return not self.sound and bool(self.finding.damaged)

    @property
    def counts(self) -> str:
        unit = self.ground.line.unit if self.ground.line else self.finding.unit
        told = [_("%(count)s counted") % {"count": quantity(self.finding.counted, unit)}]
        if self.finding.damaged:
            told.append(_("%(count)s damaged") % {"count": quantity(self.finding.damaged, unit)})
        if self.left:
            told.append(_("%(count)s to be judged") % {"count": quantity(self.left, unit)})
        return " · ".join(told)


def goods_of(rma: Return) -> list[Goods]:
    found = list(findings_of(rma))
    photos: dict[int | None, list[Evidence]] = {}
    for photo in rma.evidence.all():
        photos.setdefault(photo.line_id, []).append(photo)
    gtins, lists = _gtins(found), checklists_now()
    before = past.returns_of({number for one in found for number in _numbers(one)}, rma)
    goods = []
    for ground in grounds(found):
        own = checklist_of(ground.category, lists)
        read = tuple(each.serial for each in ground.finding.serials.all())
        verdicts = list(ground.finding.verdicts.all())
        taken = {serial for verdict in verdicts for serial in verdict.serials}
        sku = ground.line.sku if ground.line else ground.finding.sku
        goods.append(
            Goods(
                ground=ground,
                photos=photos.get(ground.line.pk, []) if ground.line else [],
                verdicts=verdicts,
                serials=list(_serials(ground, before)),
                free=tuple(serial for serial in read if serial not in taken),
                codes=tuple(filter(None, (sku, gtins.get(ground.finding.pk, ""), *read))),
                checks=entries(own.checks) if own else [],
                accessories=entries(own.accessories) if own else [],
            )
        )
    return goods


def _numbers(finding: Finding) -> list[str]:
    """Those that were read off the goods, then those that were announced of them."""
    own = finding.line.serials if finding.line and finding.found == Found.EXPECTED else []
    return list(dict.fromkeys([*(each.serial for each in finding.serials.all()), *own]))


def _serials(ground: Ground, before: Mapping[str, Sequence[Return]]) -> Iterable[Serial]:
    """Those that were read, against those that were delivered and those that were announced."""
    shipped = {each.serial: each.shipped for each in ground.finding.serials.all()}
    for number in _numbers(ground.finding):
        if number not in shipped:
            word, tone = _("announced, not read yet"), "warn"
        elif shipped[number]:
            word, tone = _("delivered by us"), "ok"
        else:
            word, tone = _("not one that we delivered"), "bad"
        yield Serial(number, word, tone, before.get(number, ()))


def _gtins(found: Sequence[Finding]) -> Mapping[int, str]:
    places = {
        one.pk: (one.line.returnable.order_id, one.line.returnable.line_ref)
        for one in found
        if one.line is not None and one.found == Found.EXPECTED
    }
    rows = OrderLine.objects.filter(
        order__in={order for order, _ref in places.values()},
        ref__in={ref for _order, ref in places.values()},
    )
    told = {(order, ref): gtin for order, ref, gtin in rows.values_list("order", "ref", "gtin")}
    return {pk: told.get(place, "") for pk, place in places.items()}
