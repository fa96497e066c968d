"""What people are written about their returns, in their company's language; kept with the move."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractBaseUser
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from oms_portal.conf import settings
from oms_portal.customers.mail import language_of
from oms_portal.notifications.mails import post
from oms_portal.orders.locales import day, money
from oms_portal.orders.moments import zone_of

from . import links, reasons
from .kinds import LabelState, ParcelState, ReturnState
from .models import Return
from .parcels import Label


S, L = ReturnState, LabelState
_UNLABELLED = (ParcelState.WANTED, ParcelState.ASKED, ParcelState.FAILED)
_WAITING = (S.DRAFT, S.REQUESTED, S.IN_REVIEW, S.INFO_NEEDED, S.REJECTED, S.EXPIRED)
# What a customer is told of, and from where it is news.
_NEWS: dict[str, tuple[str, ...]] = {
    S.APPROVED: _WAITING,
    S.REJECTED: tuple(S),
    S.INFO_NEEDED: tuple(S),
    S.PARTLY_RECEIVED: tuple(S),
    S.RECEIVED: tuple(S),
    S.SETTLED: tuple(S),
    S.EXPIRED: tuple(S),
}


def tell(rma: Return, before: str) -> None:
    """Write to who asked, if what it has come to is news to them; in the caller's transaction."""
    user = rma.requested_by
    to = getattr(user, "email", "")
    if user is None or not to or rma.state == before or before not in _NEWS.get(rma.state, ()):
        return
    with translation.override(language_of(rma.company)):
        values = context(rma)
        subject = render_to_string("oms_portal/mail/return_subject.txt", values)
        body = render_to_string("oms_portal/mail/return.txt", values)
    post(f"return:{rma.number}:{rma.state}:{rma.version}:{user.pk}", to, subject, body)


def tell_labels(label: Label) -> None:
    """Write to who asked that all labels are there, with a link to each for whoever packs; in the
    caller's transaction, ``label`` the one that was proven last."""
    rma = label.parcel.rma
    user = rma.requested_by
    own = rma.parcels.filter(outward=False)
    if user is None or not user.email or own.filter(state__in=_UNLABELLED).exists():
        return
    rows = Label.objects.filter(parcel__in=own.values("pk"), state__in=(L.READY, L.VERIFIED))
    labels = list(rows.select_related("parcel").order_by("parcel__sequence"))
    if any(each.state == L.READY for each in labels):
        return
    with translation.override(language_of(rma.company)):
        values = context(rma) | {"labels": [_linked(each, user) for each in labels]}
        subject = render_to_string("oms_portal/mail/labels_subject.txt", values)
        body = render_to_string("oms_portal/mail/labels.txt", values)
    post(f"labels:{label.key}:{user.pk}", user.email, subject, body)


def _linked(label: Label, user: AbstractBaseUser) -> dict[str, str]:
    token = links.token_for(label, user)
    return {"code": label.parcel.code, "link": _absolute("label_link", token)}


def link(rma: Return) -> str:
    """The return's page, absolute where the site says what it is called; "" where it has none: no
    event of the ERP fails because a mail has no link."""
    return _absolute("return", rma.number)


def _absolute(name: str, *args: str) -> str:
    try:
        path = reverse(f"oms_portal:{name}", args=args)
    except NoReverseMatch:
        return ""
    base = settings().BASE_URL or getattr(django_settings, "WAGTAILADMIN_BASE_URL", None) or ""
    return str(base).rstrip("/") + path


def context(rma: Return) -> dict[str, Any]:
    zone = zone_of(rma.company.time_zone)
    return {
        "rma": rma,
        "company": rma.company,
        "link": link(rma),
        "until": day(rma.expires_on, zone) if rma.expires_on else "",
        "credit": _credit(rma),
        "reason": rma.answer_text or str(reasons.words(rma.answer_code)),
        "lines": rma.lines.order_by("pk"),
    }


def _credit(rma: Return) -> str:
    """The credit note's amount, "" where there is none."""
    note = rma.credit_note or {}
    try:
        return money(Decimal(note["amount"]), str(note["currency"]))
    except (KeyError, InvalidOperation):
        return ""
