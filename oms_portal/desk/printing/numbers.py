"""Which labels somebody at the desk means by the numbers they typed or scanned, and which of those
can't be printed, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.fragments.label_files import why_not
from oms_portal.returns import printing, proving
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.labels import digits
from oms_portal.returns.life import is_alive
from oms_portal.returns.papers import ENTITLING, Paper
from oms_portal.returns.parcels import Label, ReturnParcel
from oms_portal.returns.receipts.models import Verdict
from oms_portal.returns.receipts.scanning.codes import readings

from . import goods


# What hangs between numbers.
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass
class Picked:
    """``labels`` and ``verdicts`` in the order of the numbers; ``skipped`` as (number, why)."""

    labels: list[Label] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.labels) + len(self.verdicts)

    @property
    def carried(self) -> Label | None:
        """A carrier's own label, printed as it came, which goes alone."""
        return self.labels[0] if len(self.labels) == 1 and self.labels[0].media_type else None


def typed(text: str) -> list[str]:
    """The numbers in a text, typed or scanned, each once."""
    parts = filter(None, _BETWEEN.split(text.replace("\0", " ")))
    found = (readings(part)[0].value.upper() for part in parts)
    return list(dict.fromkeys(filter(None, found)))


def pick(numbers: list[str], paper: Paper, reason: str, verdicts: Sequence[int] = ()) -> Picked:
    """Of a return's number the labels of all its parcels, one packing slip, or what was decided of
    its goods, each with a label to put it away. As many queries for one as for a thousand."""
    picked, parcels = Picked(), _parcels(numbers)
    decided = goods.by_return(numbers) if paper.template == goods.TEMPLATE else {}
    for number in numbers:
        if number in decided:
            goods.take(picked, decided[number], reason)
        elif number not in parcels:
            picked.skipped.append((plain(number, 40), _unknown(number)))
        else:
            _take(picked, parcels[number], paper, alone=len(numbers) == 1)
    goods.take(picked, goods.named(verdicts), reason, each=True)
    return picked if reason else _first_time(picked, paper)


def _take(picked: Picked, parcels: Iterable[ReturnParcel], paper: Paper, *, alone: bool) -> None:
    for parcel in parcels:
        label = _newest(parcel)
        if why := _why_not(parcel, label, paper, alone=alone):
            picked.skipped.append((parcel.code, why))
        elif label:
            picked.labels.append(label)
            if paper.template not in ENTITLING:
                # It is of the whole return.
                return


def _first_time(picked: Picked, paper: Paper) -> Picked:
    before = printing.printed(picked.labels, paper.template)
    again = [label for label in picked.labels if label.pk in before]
    return Picked(
        [label for label in picked.labels if label.pk not in before],
        picked.verdicts,
        [*picked.skipped, *((label.parcel.code, str(goods.AGAIN)) for label in again)],
    )


def _parcels(numbers: list[str]) -> Mapping[str, list[ReturnParcel]]:
    """By each number that names any; the same parcel under the first number that does."""
    valid = [number for number in numbers if digits.is_valid(number)]
    labels = Label.objects.defer("data", "carried")
    rows = ReturnParcel.objects.select_related("rma__company")
    sent = rows.exclude(rma__state__in=PRIVATE).order_by("sequence")
    told = sent.prefetch_related(Prefetch("labels", labels))
    found: dict[str, list[ReturnParcel]] = {}
    seen: set[int] = set()
    codes = [number for number in valid if digits.is_parcels(number)]
    by_code = {parcel.code: [parcel] for parcel in told.filter(code__in=codes)}
    by_return: dict[str, list[ReturnParcel]] = {}
    for parcel in told.filter(rma__number__in=set(valid) - set(codes)):
        by_return.setdefault(parcel.rma.number, []).append(parcel)
    for number in numbers:
        named = by_code.get(number) or _on_their_way(by_return.get(number, []))
        if named:
            found[number] = [parcel for parcel in named if parcel.pk not in seen]
            seen |= {parcel.pk for parcel in named}
    return found


def _on_their_way(parcels: list[ReturnParcel]) -> list[ReturnParcel]:
    """Where goods go back to the customer, the parcels they go in."""
    return [parcel for parcel in parcels if parcel.outward] or parcels


def _unknown(number: str) -> str:
    if not digits.is_valid(number):
        return _("This is no number of a return or a parcel. Was a character lost?")
    return _("There is no parcel with this number.")


def _why_not(parcel: ReturnParcel, label: Label | None, paper: Paper, *, alone: bool) -> str:
    if label is None:
        return str(parcel.get_state_display())
    label.parcel = parcel
    if paper.template in ENTITLING and not is_alive(label):
        return why_not(label).headline
    if label.media_type and paper.template == "return":
        carriers = _("It has a label of the carrier’s own. Please print that alone.")
        return "" if alone else carriers
    if not proving.is_offered(label, paper, staff=True):
        return _("There is no such paper of it.")
    return ""


def _newest(parcel: ReturnParcel) -> Label | None:
    return max(parcel.labels.all(), key=lambda label: label.version, default=None)
