"""What grows when the desk finds something: the return's topic, the desk's, its company's lists."""

from __future__ import annotations

from oms_portal import live
from oms_portal.customers.lineage import lineage
from oms_portal.customers.models import Company
from oms_portal.returns.models import Return
from oms_portal.returns.moving import return_topic, returns_topic

from ..topics import DESK


def counted(rma: int | None) -> None:
    """Something was counted: lists of customers say nothing of that."""
    if rma is not None:
        live.changed(return_topic(rma), DESK)


def arrived(rma: Return) -> None:
    """A parcel is here; ``rma`` with its company and that one's parent, so that nothing is asked."""
    lists = (returns_topic(pk) for pk in _lineage(rma.company))
    live.changed(return_topic(rma.pk), *lists, DESK)


def _lineage(company: Company) -> list[int]:
    parent = company.parent
    if parent is None or parent.parent_id is None:
        return [each.pk for each in (company, parent) if each]
    return lineage(company.pk)
