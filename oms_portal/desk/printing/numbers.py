"""Which labels somebody at the desk means by the numbers they typed or scanned, and which of those
can't be printed, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from oms_portal.desk.texts import plain
from oms_portal.fragments.label_files import why_not
from oms_portal.returns import labels_data, printing, proving
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.labels import digits
from oms_portal.returns.labels.data import LabelData
from oms_portal.returns.life import is_alive
from oms_portal.returns.papers import Paper
from oms_portal.returns.parcels import Label, ReturnParcel


# What hangs between numbers, and what scanners put before a code (ISO/IEC 15424, AIM identifiers).
_BETWEEN = re.compile(r"[\s,;]+")
_SCANNED = re.compile(r"^\][A-Za-z][0-9]")


@dataclass
class Picked:
    """``labels`` in the order of the numbers; ``skipped`` as (number, why)."""

    labels: list[Label] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def typed(text: str) -> list[str]:
    """The numbers in a text, each once."""
    found = (_SCANNED.sub("", part).upper() for part in _BETWEEN.split(text.replace("\0", " ")))
    return list(dict.fromkeys(filter(None, found)))


def pick(numbers: list[str], paper: Paper, reason: str) -> Picked:
    """Of a return's number the labels of all its parcels. Each is proven in this size first: not
    for inside a transaction."""
    picked, parcels = Picked(), _parcels(numbers)
    for number in numbers:
        if number not in parcels:
            picked.skipped.append((plain(number, 40), _unknown(number)))
        for parcel in parcels.get(number, ()):
            if why := _why_not(parcel, paper):
                picked.skipped.append((parcel.code, why))
            elif label := _newest(parcel):
                picked.labels.append(label)
    return picked if reason else _first_time(picked, paper)


def _first_time(picked: Picked, paper: Paper) -> Picked:
    before = printing.printed(picked.labels, paper.template)
    again = [label for label in picked.labels if label.pk in before]
    words = _("It was printed before. Please say why you print it again.")
    return Picked(
        [label for label in picked.labels if label.pk not in before],
        [*picked.skipped, *((label.parcel.code, words) for label in again)],
    )


def _parcels(numbers: list[str]) -> Mapping[str, list[ReturnParcel]]:
    """By each number that names any; the same parcel under the first number that does."""
    valid = [number for number in numbers if digits.is_valid(number)]
    rows = ReturnParcel.objects.select_related("rma__company").prefetch_related("labels")
    sent = rows.exclude(rma__state__in=PRIVATE).order_by("sequence")
    found: dict[str, list[ReturnParcel]] = {}
    seen: set[int] = set()
    by_code = {parcel.code: [parcel] for parcel in sent.filter(code__in=valid)}
    by_return: dict[str, list[ReturnParcel]] = {}
    for parcel in sent.filter(rma__number__in=valid):
        by_return.setdefault(parcel.rma.number, []).append(parcel)
    for number in numbers:
        named = by_code.get(number) or by_return.get(number)
        if named:
            found[number] = [parcel for parcel in named if parcel.pk not in seen]
            seen |= {parcel.pk for parcel in named}
    return found


def _unknown(number: str) -> str:
    if not digits.is_valid(number):
        return _("This is no number of a return or a parcel. Was a character lost?")
    return _("There is no parcel with this number.")


def _why_not(parcel: ReturnParcel, paper: Paper) -> str:
    label = _newest(parcel)
    if label is None:
        return str(parcel.get_state_display())
    label.parcel = parcel
    if not is_alive(label):
        return why_not(label).headline
    if label.media_type and paper.template == "return":
        return _("It has a label of the carrier’s own. Please print that from its own file.")
    if not proving.is_offered(label, paper, staff=True):
        return _("There is no such paper of it.")
    try:
        proving.proven(label, paper)
    except (proving.Unprintable, proving.Unreadable) as why:
        return str(why)
    return ""


def _newest(parcel: ReturnParcel) -> Label | None:
    return max(parcel.labels.all(), key=lambda label: label.version, default=None)


def drawn_from(labels: list[Label], template: str) -> Iterator[tuple[str, LabelData]]:
    """What ``labels.batch`` is to draw, one after the other."""
    for label in labels:
        data, _dress = labels_data.read(label)
        yield label.parcel.code, replace(data, template=template)
