"""What is counted: each figure is a condition on returns, and a moment that says when it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oms_portal.notifications.models import Alert
from oms_portal.returns.kinds import PRIVATE
from oms_portal.returns.models import Return
from oms_portal.returns.parcels import ReturnParcel

from ..kinds import Found
from ..models import Finding
from .periods import Period


# Of one that was edited the newest counts alone.
_COUNTS = ~Q(state__in=PRIVATE) & ~Q(answer_code="replaced")
_DECIDED = Q(receipt__arrived_at__isnull=False)
_AUTO = Q(approval="auto")
_WRONG = Q(
    Exists(Finding.objects.filter(receipt__rma=OuterRef("pk"), found=Found.WRONG, counted__gt=0))
)
_LABELLED = Q(Exists(ReturnParcel.objects.filter(rma=OuterRef("pk"), outward=False)))
# Of the alerts that ``returns.troubles`` raises, about "return:17", the returns.
_TROUBLED = Alert.objects.filter(kind="label_trouble").annotate(
    rma=Cast(Substr("about", len("return:") + 1), BigIntegerField())
)
_TROUBLE = Q(pk__in=_TROUBLED.values("rma"))


@dataclass(frozen=True)
class Figure:
    """``moment`` is the column, from Return, of when one counts."""

    code: str
    label: Any
    moment: str
    only: Q = _COUNTS

    def rows(self, period: Period) -> QuerySet[Return]:
        """The returns behind it."""
        return Return.objects.filter(_COUNTS & self.only, period.within(self.moment))


@dataclass(frozen=True)
class Share:
    """So many of so many; both are figures, of the same moment."""

    title: Any
    part: Figure
    whole: Figure

    @property
    def moment(self) -> str:
        return self.whole.moment


ASKED = Figure("asked", pgettext_lazy("how many returns", "Asked for"), "submitted_at")
DECIDED = Figure("decided", _("Decided about at the desk"), "receipt__decided_at", _DECIDED)
APPROVED = Figure("approved", _("Approved"), "approved_at")
AUTO = Figure("auto", _("Approved by the rules alone"), "approved_at", _AUTO)
COUNTED = Figure("counted", _("Counted at the desk"), "receipt__counted_at")
WRONG = Figure("wrong", _("Something else came"), "receipt__counted_at", _WRONG)
LABELLED = Figure("labelled", _("Approved, with parcels"), "approved_at", _LABELLED)
TROUBLED = Figure(
    "label_trouble",
    _("A label could not be made or proven"),
    "approved_at",
    _LABELLED & _TROUBLE,
)
FIGURES: Mapping[str, Figure] = {
    figure.code: figure
    for figure in (ASKED, DECIDED, APPROVED, AUTO, COUNTED, WRONG, LABELLED, TROUBLED)
}
SHARES = (
    Share(_("Approved by the rules alone"), AUTO, APPROVED),
    Share(_("Something else came"), WRONG, COUNTED),
    Share(_("Trouble with labels"), TROUBLED, LABELLED),
)
