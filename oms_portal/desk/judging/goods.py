"""The goods of a return as whoever inspects them sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.orders.models import OrderLine
from oms_portal.orders.units import quantity
from oms_portal.returns.models import Evidence, Return, ReturnLine
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


ZERO = Decimal(0)


@dataclass(frozen=True)
class Serial:
    """A number that was read, or should have been; ``tone`` "ok", "warn" or "bad"."""

    number: str
    word: str
    tone: str


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
                serials=list(_serials(ground)),
                free=tuple(serial for serial in read if serial not in taken),
                codes=tuple(filter(None, (sku, gtins.get(ground.finding.pk, ""), *read))),
                checks=entries(own.checks) if own else [],
                accessories=entries(own.accessories) if own else [],
            )
        )
    return goods


def _serials(ground: Ground) -> Iterable[Serial]:
    """Those that were read, against those that were delivered and those that were announced."""
    announced = list(ground.line.serials) if ground.line else []
    read = list(ground.finding.serials.all())
    for each in read:
        if each.shipped:
            yield Serial(each.serial, _("delivered by us"), "ok")
        else:
            yield Serial(each.serial, _("not one that we delivered"), "bad")
    seen = {each.serial for each in read}
    for number in announced:
        if number not in seen:
            yield Serial(number, _("announced, not read yet"), "warn")


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
