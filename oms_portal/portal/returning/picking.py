"""The items that somebody chose: as typed, as drafted, judged by what can come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from oms_portal.orders.locales import number
from oms_portal.orders.models import Order
from oms_portal.returns import reasons
from oms_portal.returns.eligible import Returnable
from oms_portal.returns.kinds import FREED
from oms_portal.returns.models import Return, ReturnLine
from oms_portal.returns.quantities import is_whole
from oms_portal.returns.refusals import Refused
from oms_portal.returns.wishes import Wish, WishLine

from ..changing_scope import Trouble
from ..quantities import read_quantity
from .drafts import line_of, without_answers
from .judging import said
from .looking import Anchor
from .names import Place, id_of, place_of
from .offering import left_of


@dataclass
class Picked:
    """``typed`` are quantities as people write them; ``faults`` what is wrong with them, ``whole``
    with all of them together."""

    typed: dict[Place, str]
    counts: dict[Place, Decimal] = field(default_factory=dict)
    faults: dict[Place, str] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, posted: QueryDict) -> Picked:
        places = {name: place_of(name) for name in posted}
        return cls(
            {p: text for name, p in places.items() if p and (text := posted.get(name, "").strip())}
        )

    @classmethod
    def drafted(cls, lines: Iterable[ReturnLine]) -> Picked:
        told = {line_of(line).place: number(line.requested.normalize()) for line in lines}
        return cls(told)

    @property
    def slugs(self) -> set[str]:
        return {slug for slug, _line, _thread in self.typed}

    def take_all(self, rows: Iterable[Returnable], own: Mapping[Place, Decimal]) -> None:
        """So many as can come back, of each of these."""
        for row in rows:
            if (left := left_of(row, own)) > 0:
                self.typed[row.order.slug, row.line.ref, row.thread] = number(left.normalize())

    def judge(self, offered: Mapping[Place, Returnable], own: Mapping[Place, Decimal]) -> bool:
        """Whether all of it can come back in one return, as far as can be told now."""
        for place, text in self.typed.items():
            row = offered.get(place)
            if row is None:
                self.whole = [str(reasons.words("unknown_line"))]
            elif fault := self._fault(place, text, row, left_of(row, own)):
                self.faults[place] = fault
        self.whole += _apart([offered[place].order for place in self.typed if place in offered])
        if not self.typed:
            self.whole.append(_("Please write how many of which items you want to send back."))
        return not (self.faults or self.whole)

    def _fault(self, place: Place, text: str, row: Returnable, left: Decimal) -> str:
        try:
            count = read_quantity(text)
        except ValueError:
            return _("Please write a number that is greater than 0.")
        if left <= 0:
            return str(row.words)
        if is_whole(row.unit, row.shipped) and count != count.to_integral_value():
            return str(reasons.words("whole"))
        if count > left:
            return _("At most %(number)s can come back.") % {"number": number(left)}
        self.counts[place] = count
        return ""

    def refuse(self, refused: Refused) -> None:
        """Say at each item why the draft was not taken, and above them all where none is named."""
        places = list(self.counts)
        for at, why in refused.lines.items():
            if at.isdecimal() and int(at) < len(places):
                self.faults[places[int(at)]] = said(why)
        if not self.faults:
            self.whole.append(str(reasons.words(refused.code)))

    def part(self, troubles: Iterable[tuple[ReturnLine | None, str]]) -> None:
        """Say why the draft can't be one return as it is."""
        for line, text in troubles:
            if line is None:
                self.whole.append(text)
            else:
                self.faults[line_of(line).place] = text

    def wish(self, kind: str, drafted: Wish | None) -> Wish:
        """The draft with these items; what was said of them before stays with them."""
        known = {line.place: line for line in drafted.lines} if drafted else {}
        if drafted and drafted.kind != kind:
            known = {place: without_answers(line) for place, line in known.items()}
        lines = tuple(self._line(place, known.get(place)) for place in self.counts)
        told = vars(drafted) if drafted else {}
        return Wish(**{**told, "kind": kind, "lines": lines})

    def _line(self, place: Place, known: WishLine | None) -> WishLine:
        told = vars(known) if known else {}
        names = dict(zip(("order", "line_ref", "thread"), place, strict=True))
        return WishLine(**{**told, **names, "quantity": f"{self.counts[place].normalize():f}"})

    def troubles(self, offered: Mapping[Place, Returnable]) -> list[Trouble]:
        """What is wrong, each with the field where it can be mended."""
        found = [Trouble("", "", text) for text in self.whole]
        for place, text in self.faults.items():
            line = offered[place].line if place in offered else None
            title = (line.description or line.sku) if line else place[1]
            found.append(Trouble(id_of(place), title, text))
        return found


def own_of(rma: Return | None) -> dict[Place, Decimal]:
    """How many of each item the return holds that this draft is to replace."""
    old = rma.replaces if rma else None
    if old is None or old.state in FREED:
        return {}
    rows = old.lines.select_related("returnable__order")
    return {line_of(row).place: row.requested - row.released for row in rows}


def _apart(orders: list[Order]) -> list[str]:
    """Why these orders can't go into one return."""
    anchors = {Anchor.of(order) for order in orders}
    for member, code in (
        ("company_id", "companies"),
        ("ship_to_ref", "ship_tos"),
        ("currency", "currencies"),
    ):
        if len({getattr(anchor, member) for anchor in anchors}) > 1:
            return [str(reasons.words(code))]
    return []
