"""The life of a label: void with its return, used at the first scan, replaced by a newer version,
too old after its last day. A label that is not alive is handed out to nobody, by no way."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oms_portal.erp.inbox import TRANSIENT, writing
from oms_portal.erp.worker import every
from oms_portal.orders.moments import day_of, zone_of

from . import labels_data, moving
from .holding import hold
from .kinds import FREED, LabelState, ParcelState, ReturnState
from .models import Return, new_key
from .parcels import Label, ReturnParcel
from .receipts.judgement import outward
from .refusals import Illegal


log = logging.getLogger(__name__)

L, P = LabelState, ParcelState
ALIVE = (L.READY, L.VERIFIED)
# Of these a carrier may have made a label that nobody has used; of the others surely not.
_ASKED = (P.ASKED, P.READY)
_NOT_ASKED = (P.WANTED, P.FAILED)
_NOT_SEEN = (*_ASKED, *_NOT_ASKED, P.HANDED_OVER, P.VOIDED)
# What a label made anew has of the one before, where it is the carrier's own file.
_CARRIED = ("carried", "media_type", "codes")


def void(rma: Return) -> None:
    """End the labels of a return that were not used, in the caller's transaction, for it has come
    to nothing or no more of it is to come; what a carrier made is voided there by the worker. What
    goes back to the customer goes all the same."""
    now = timezone.now()
    ended = L.EXPIRED if rma.state == ReturnState.EXPIRED else L.VOIDED
    labels = Label.objects.filter(parcel__rma=rma.pk, parcel__outward=False, state__in=ALIVE)
    labels.update(state=ended, ended_at=now)
    parcels = ReturnParcel.objects.filter(rma=rma.pk, outward=False)
    parcels.filter(state__in=_ASKED).update(
        state=P.VOIDED, void_wanted=True, next_attempt_at=now, attempts=0
    )
    parcels.filter(state__in=_NOT_ASKED).update(state=P.VOIDED, next_attempt_at=None)


def finish(rma: Return, *, used: bool) -> None:
    """End what labels there still are of a return of which nothing more is to be sent, in the
    caller's transaction. ``used``: goods came, though nobody scanned them."""
    ended = L.USED if used else L.VOIDED
    labels = Label.objects.filter(parcel__rma=rma.pk, parcel__outward=False, state__in=ALIVE)
    labels.update(state=ended, ended_at=timezone.now())
    parcels = ReturnParcel.objects.filter(rma=rma.pk, outward=False)
    parcels.filter(state__in=_NOT_ASKED).update(state=P.VOIDED, next_attempt_at=None)


def use(parcel: ReturnParcel, at: datetime) -> bool:
    """The parcel was scanned on its way; whether that is news. In the caller's transaction, the
    return's row held. What goes although it was voided can't be voided any more."""
    Label.objects.filter(parcel=parcel.pk, state__in=ALIVE).update(state=L.USED, ended_at=at)
    early = ReturnParcel.objects.filter(pk=parcel.pk, state__in=_NOT_SEEN)
    return bool(early.update(state=P.IN_TRANSIT, void_wanted=False, next_attempt_at=None))


def reissue(
    parcel: ReturnParcel, reason: str, *, by: moving.By | None = None, now: datetime | None = None
) -> Label:
    """A new version of the label, of what the return says now; the old one and its links are dead.

    Only for a label that is alive, else Illegal. It must be proven like any other before anybody
    gets it. A carrier's own file stays as it is: it stands for one consignment, which the carrier
    knows by it until it is voided there, and another file would be another consignment, paid again.
    """
    at = now or timezone.now()
    old = newest(parcel)
    if old is None:
        raise Illegal(())
    data = labels_data.frozen(old.parcel, at)
    with writing():
        held = hold(old.parcel.rma)
        until = None if old.parcel.outward else held.rma.expires_on
        label = None if held.rma.state in FREED else _replace(old, data, until, at)
        if label is None:
            raise Illegal(())
        who = by or moving.By("staff")
        told = moving.By(who.source, who.actor, who.on_behalf_of, reason, who.key)
        moving.record(held.rma, "reissue", told, at, {}, {})
        moving.say(held.rma)
    return label


def renew(rma: Return, now: datetime) -> None:
    """Where other goods go back to the customer by now than a label of ours says, a new version of
    it, as ``reissue`` makes one; in the caller's transaction, the return's row held."""
    rows = Label.objects.filter(parcel__rma=rma.pk, parcel__outward=True, state__in=ALIVE)
    for old in rows.select_related("parcel__rma__company"):
        packed = labels_data.packed(old.parcel, now)
        # None while the ERP was told of nothing, because it said no.
        if packed[outward.GOODS] not in ([], old.data.get(outward.GOODS)):
            _replace(old, old.data | packed, None, now)


def _replace(old: Label, data: dict[str, Any], until: date | None, at: datetime) -> Label | None:
    """None where the old one is not alive any more."""
    alive = Label.objects.filter(pk=old.pk, state__in=ALIVE)
    if not alive.update(state=L.SUPERSEDED, ended_at=at):
        return None
    return Label.objects.create(
        parcel=old.parcel,
        version=old.version + 1,
        data=data,
        valid_until=until,
        created_at=at,
        **{name: getattr(old, name) for name in _CARRIED},
    )


def revoke_links(label: Label) -> None:
    """All links to it that went out are dead; the label itself lives on."""
    Label.objects.filter(pk=label.pk).update(link_key=new_key())


def newest(parcel: ReturnParcel) -> Label | None:
    rows = Label.objects.filter(parcel=parcel.pk).select_related("parcel__rma__company")
    return rows.order_by("-version").first()


def is_alive(label: Label, now: datetime | None = None) -> bool:
    """Whether it may be handed out: proven, of a return that stands, to the end of its last day
    where the customer is."""
    rma = label.parcel.rma
    return label.state == L.VERIFIED and rma.state not in FREED and not _is_over(label, now)


@every(60, "return labels too old")
def run() -> None:
    expire_labels(timezone.now())


def expire_labels(now: datetime) -> int:
    """End the labels whose last day is over, each in a transaction of its own; how many."""
    # East of Greenwich a day is over before it is at Greenwich.
    late = Q(valid_until__lt=day_of(now + timedelta(days=1), zone_of("UTC")))
    rows = Label.objects.filter(late, state__in=ALIVE).select_related("parcel__rma__company")
    return sum(_expire(label, now) for label in rows.defer("data", "carried"))


def _expire(label: Label, now: datetime) -> bool:
    if not _is_over(label, now):
        return False
    try:
        with writing():
            own = Label.objects.filter(pk=label.pk, state__in=ALIVE)
            if not own.update(state=L.EXPIRED, ended_at=now):
                return False
            moving.say(label.parcel.rma)
    except TRANSIENT:
        raise
    except Exception:
        log.exception("label %s can't be ended", label.pk)
        return False
    return True


def _is_over(label: Label, now: datetime | None) -> bool:
    if label.valid_until is None:
        return False
    zone = zone_of(label.parcel.rma.company.time_zone)
    return day_of(now or timezone.now(), zone) > label.valid_until
