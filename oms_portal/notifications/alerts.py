"""What staff must see to: raised once while it lasts, taken up by somebody, finished with a note."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms_portal.conf import settings

from . import mails
from .models import Alert
from .troubles import trouble_word


# The keys of the mails that tell of alerts begin with it.
MAIL_KEY = "alert:"


@dataclass(frozen=True)
class Kind:
    """``script`` is what to tell the customer, "" where no single one is concerned; ``due_in`` by
    when somebody should have taken it up. %(order)s in a text is the order's number."""

    title: Any
    todo: Any
    script: Any
    due_in: timedelta


KINDS: dict[str, Kind] = {
    "command_dead": Kind(
        gettext_lazy("A wish of a customer was given up"),
        gettext_lazy(
            "The ERP did not take it in all that time. Look at the attempts. If the ERP is well "
            "again and the wish still makes sense, send it again; else carry it out by hand in "
            "the ERP, give it up here and tell the customer."
        ),
        gettext_lazy(
            "Your wish for order %(order)s has not been carried out yet, because of a fault on "
            "our side. We are sorry. Is it still what you need? We will see to it in person and "
            "call you back as soon as it is done."
        ),
        timedelta(hours=1),
    ),
    "command_waiting": Kind(
        gettext_lazy("A wish of a customer is held up"),
        gettext_lazy(
            "It has not reached the ERP for more than a quarter of an hour. Look at the attempts: "
            "they say what the ERP answers. If time is short, carry it out by hand in the ERP and "
            "give it up here, so that it is not done twice."
        ),
        gettext_lazy(
            "We have your wish for order %(order)s and nothing of it is lost, but it is taking "
            "longer than usual. Until we confirm it, the order stands as you see it online."
        ),
        timedelta(hours=1),
    ),
    "command_unanswered": Kind(
        gettext_lazy("The ERP took a wish and never answered"),
        gettext_lazy(
            "The ERP said that it has it, but has not told what came of it. Look into the order "
            "in the ERP: was it carried out? If not, ask whoever keeps the ERP."
        ),
        gettext_lazy(
            "We have your wish for order %(order)s and are checking whether it could still be "
            "carried out. We will tell you today."
        ),
        timedelta(hours=2),
    ),
    "erp_refuses": Kind(
        gettext_lazy("The ERP does not let us in"),
        gettext_lazy(
            "The ERP refuses our key or password, so that no wishes of customers reach it. Ask "
            "whoever keeps the ERP to put the access right. The wishes wait and go out by "
            "themselves then."
        ),
        "",
        timedelta(minutes=30),
    ),
    "erp_away": Kind(
        gettext_lazy("The ERP can’t be reached"),
        gettext_lazy(
            "No wishes of customers have reached it for more than a quarter of an hour. Tell "
            "whoever keeps the ERP. The wishes wait and go out by themselves then."
        ),
        "",
        timedelta(minutes=30),
    ),
    "review": Kind(
        gettext_lazy("A request of a customer waits to be reviewed"),
        gettext_lazy(
            "Approve it, offer something else or reject it. If it changes where the goods go, "
            "call the contact that was known before."
        ),
        gettext_lazy(
            "You asked us to change order %(order)s. Before we pass it on, may we check with you "
            "that it is right?"
        ),
        timedelta(hours=2),
    ),
    "label_trouble": Kind(
        gettext_lazy("A return label could not be made"),
        gettext_lazy(
            "The customer waits for it. Read what is known: if an address or customs data are "
            "missing, complete them and have the label made again; if the carrier refuses, choose "
            "another way with the customer."
        ),
        gettext_lazy(
            "Your return is approved, but its label is not ready yet, because of a fault on our "
            "side. We are seeing to it and will tell you as soon as you can download it."
        ),
        timedelta(hours=2),
    ),
    "return_review": Kind(
        gettext_lazy("A return of a customer waits to be decided"),
        gettext_lazy(
            "Approve it, decline it with a reason, or ask the customer what you need to know."
        ),
        gettext_lazy(
            "You asked us to take back goods of order %(order)s. We are looking at it and will "
            "tell you today."
        ),
        timedelta(hours=4),
    ),
    "return_kept": Kind(
        gettext_lazy("The ERP did not cancel a return"),
        gettext_lazy(
            "The return is over here, and the ERP was asked to cancel it, but refused. Look into "
            "it in the ERP: either the goods are there already, or it must be cancelled by hand."
        ),
        gettext_lazy(
            "You withdrew a return of order %(order)s, but it looks as if the goods reached us all "
            "the same. Did you send them?"
        ),
        timedelta(hours=4),
    ),
    "receipt_refused": Kind(
        gettext_lazy("The ERP refused what the returns desk told it"),
        gettext_lazy(
            "It did not take the count or the decision of a return. Look at its answer, put right "
            "what is wrong here or in the ERP, and send it again from the return’s page."
        ),
        gettext_lazy(
            "Your return for order %(order)s is here. Booking it takes a little longer than usual; "
            "we will tell you as soon as it is done."
        ),
        timedelta(hours=4),
    ),
    "over_reserved": Kind(
        gettext_lazy("More is on returns than was sent"),
        gettext_lazy(
            "The ERP corrected what was sent, or counted goods back, below what customers have on "
            "returns. Find out what is right. Approve less of one of the returns, decline it, or "
            "have the order put right in the ERP."
        ),
        gettext_lazy(
            "You asked to return more of order %(order)s than our papers say we sent. May we go "
            "through what you have with you?"
        ),
        timedelta(hours=4),
    ),
    "mail_refused": Kind(
        gettext_lazy("An e-mail could not be delivered"),
        gettext_lazy(
            "The mail server refused it for good, so this person was not told. Check the address, "
            "and tell them by phone."
        ),
        gettext_lazy(
            "We tried to reach you by e-mail, but the message came back. May we check the address "
            "we have for you?"
        ),
        timedelta(hours=4),
    ),
}


def kind_of(alert: Alert) -> Kind:
    """What is known of its kind; an alert of a kind that is no more is shown by its name."""
    return KINDS.get(alert.kind) or Kind(alert.kind, "", "", timedelta())


def raise_alert(
    kind: str,
    about: str,
    *,
    order_ref: str = "",
    due_in: timedelta | None = None,
    quiet: bool = False,
    **data: Any,
) -> None:
    """Have staff see to ``about`` ("command:17"), in the caller's transaction; while there is an
    open alert of the same kind about it, nothing more. ``due_in`` is the kind's own where none is
    given; ``quiet`` sends no e-mail; ``data`` (JSON) is shown with it.
    """
    now = timezone.now()
    due = now + (KINDS[kind].due_in if due_in is None else due_in)
    row = Alert(kind=kind, about=about, order_ref=order_ref, data=data, raised_at=now, due_at=due)
    Alert.objects.bulk_create([row], ignore_conflicts=True)
    if quiet or not settings().ALERT_EMAILS:
        return
    for alert in Alert.objects.filter(kind=kind, about=about, done_at=None):
        _tell(alert, settings().ALERT_EMAILS)


def settle_alert(kind: str, about: str) -> bool:
    """Close the open alert, because what it was about has passed; whether there was one."""
    return _close(Alert.objects.filter(kind=kind, about=about))


def take(alert: Alert, user: Any, *, instead_of: Any = None) -> bool:
    """Make it ``user``'s to see to: False where it is finished, or somebody other than
    ``instead_of`` (None: nobody) has it."""
    free = Alert.objects.filter(pk=alert.pk, done_at=None, owner=instead_of)
    return bool(free.update(owner=user))


def finish(alert: Alert, user: Any, note: str) -> bool:
    """Close it with what was done; False where it was closed already, and then nothing changes."""
    rows = Alert.objects.filter(pk=alert.pk)
    return _close(rows, done_by=user, note=note.replace("\0", ""))


def finish_about(about: str, user: Any, note: str) -> None:
    """Close all alerts about this thing: somebody saw to it where it lies."""
    _close(Alert.objects.filter(about=about), done_by=user, note=note.replace("\0", ""))


def acknowledge(kind: str, about: str, user: Any, note: str, *, order_ref: str = "") -> None:
    """Note that ``user`` knows of it, so that no alert is raised for what is so by their hand."""
    finish_about(about, user, note)
    now = timezone.now()
    known = {"raised_at": now, "due_at": now, "done_at": now, "done_by": user}
    Alert.objects.create(kind=kind, about=about, order_ref=order_ref, note=note, **known)


def _close(rows: QuerySet[Alert], **values: Any) -> bool:
    return bool(rows.filter(done_at=None).update(done_at=timezone.now(), **values))


def _tell(alert: Alert, addresses: Iterable[str]) -> None:
    kind = kind_of(alert)
    with translation.override(django_settings.LANGUAGE_CODE):
        subject = f"{kind.title}: {alert.order_ref}" if alert.order_ref else str(kind.title)
        lines = [str(kind.title), str(kind.todo), *_particulars(alert)]
        body = "\n\n".join(line for line in lines if line)
    for address in addresses:
        mails.post(f"{MAIL_KEY}{alert.pk}:{address}"[:200], address, subject, body)


def _particulars(alert: Alert) -> Iterable[str]:
    if alert.order_ref:
        yield _("Order: %(ref)s") % {"ref": alert.order_ref}
    if name := alert.data.get("source"):
        yield _("ERP: %(name)s") % {"name": name}
    if trouble := alert.data.get("trouble"):
        yield _("What is known: %(words)s") % {"words": trouble_word(trouble)}
    yield _("To be taken up by: %(when)s") % {"when": _moment(alert.due_at)}
    base = str(getattr(django_settings, "WAGTAILADMIN_BASE_URL", "") or "").rstrip("/")
    with suppress(NoReverseMatch):
        yield base + reverse("oms_alerts:inspect", args=[alert.pk])


def _moment(when: datetime) -> str:
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M %Z}"
