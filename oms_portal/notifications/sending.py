"""Mails that are due are handed to Django's mail, one after the other, in a thread of their own.

What is promised is *at least once*. A mail counts as handed over by a commit right after the
server's word; a worker killed in the moment between the two leaves it due, and it goes out once
more when the lease is over. The other way round a kill would lose the mail, and a customer who was
told nothing is worse off than one who was told twice. Both copies bear the same Message-ID, by
which mailboxes know them for one. In all other cases (lost leases, two workers, restarts) a mail
that was handed over is not sent again: the fence is looked at last of all before the hand-over.
"""

from __future__ import annotations

import logging
import random
import smtplib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings as django_settings
from django.core.mail import EmailMessage, get_connection
from django.db import Error, connections
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from oms_portal.erp.beside import Beside
from oms_portal.erp.inbox import writing
from oms_portal.erp.worker import every

from . import alerts
from .models import Mail


log = logging.getLogger(__name__)

# A hand-over is about ten steps, each of TIMEOUT at most.
LEASE = timedelta(minutes=3)
TIMEOUT = 10
PATIENCE = timedelta(days=2)
AT_ONCE = 10
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 3600.0
_LONGEST_TROUBLE = 300


@dataclass(frozen=True)
class Claim:
    pk: int
    fence: int


@every(1, "mail")
def send_due() -> None:
    """See to it that what is due is sent; returns at once."""
    if due(timezone.now()).exists():
        sender.wake()


def due(now: datetime) -> QuerySet[Mail]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Mail.objects.filter(free, sent_at=None, next_attempt_at__lte=now)


def claim(now: datetime, limit: int = AT_ONCE) -> list[Claim]:
    """Take mails that are due and that nobody holds, for LEASE from now."""
    first = due(now).order_by("next_attempt_at", "pk")
    if not first.exists():
        return []
    with writing():
        taken = first.select_for_update(skip_locked=True).values_list("pk", "fence")
        rows = list(taken[:limit])
        Mail.objects.filter(pk__in=[pk for pk, _ in rows]).update(
            lease_until=now + LEASE, fence=F("fence") + 1
        )
    return [Claim(pk, fence + 1) for pk, fence in rows]


def send() -> bool:
    """Send a handful over one connection; False where nothing more is to be done now: nothing is
    due, or the mail server is in no state to take any."""
    claims = claim(timezone.now())
    if not claims:
        return False
    connection = get_connection(timeout=min(TIMEOUT, django_settings.EMAIL_TIMEOUT or TIMEOUT))
    try:
        for at, held in enumerate(claims):
            if sender.stopping.is_set() or not _hand_over(held, connection):
                _release(claims[at:])
                return False
        return True
    finally:
        _close(connection)


def _hand_over(held: Claim, connection: Any) -> bool:
    """Send one; False where the trouble is the server's rather than this mail's."""
    try:
        connection.open()
        if not _held(held).update(lease_until=timezone.now() + LEASE):
            return True
        mail = Mail.objects.get(pk=held.pk)
        _message(mail, connection).send()
    except Error:
        raise
    except Exception as error:
        lasting = _is_lasting(error)
        log.warning("mail %s could not be sent: %s", held.pk, _words(error))
        _note_failure(held, _words(error), lasting=lasting)
        return lasting
    _note_sent(held)
    return True


def _message(mail: Mail, connection: Any) -> EmailMessage:
    """``mail`` from DEFAULT_FROM_EMAIL, under a Message-ID that is its own for ever."""
    sender = django_settings.DEFAULT_FROM_EMAIL
    host = sender.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<{uuid5(NAMESPACE_URL, f'oms-mail:{mail.key}')}@{host}>"}
    return EmailMessage(
        mail.subject, mail.body, sender, [mail.to], connection=connection, headers=headers
    )


def _is_lasting(error: Exception) -> bool:
    """Whether the same mail would be refused again: the server's own 5xx on the recipient or the
    content (RFC 5321, 4.2.1). What it says of us (the sender, the password) can be put right."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    # Django's, of what can't be written into a header.
    return isinstance(error, ValueError)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _note_sent(held: Claim) -> None:
    """Write it down, and wait for a database that is away: the mail is out."""
    ends = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            _held(held).update(
                sent_at=timezone.now(),
                next_attempt_at=None,
                lease_until=None,
                attempts=F("attempts") + 1,
                trouble="",
            )
            return
        except Error:
            if time.monotonic() > ends or sender.stopping.is_set():
                raise
            connections.close_all()
            time.sleep(0.5)


def _note_failure(held: Claim, words: str, *, lasting: bool) -> None:
    now = timezone.now()
    with writing():
        mail = _held(held).first()
        if mail is None:
            return
        over = lasting or now - mail.created_at > PATIENCE
        wait = timedelta(seconds=backoff(mail.attempts))
        _held(held).update(
            attempts=F("attempts") + 1,
            next_attempt_at=None if over else now + wait,
            lease_until=None,
            trouble=words.replace("\0", "")[:_LONGEST_TROUBLE],
        )
        # An alert about an alert's own mail would make the next.
        if over and not mail.key.startswith(alerts.MAIL_KEY):
            alerts.raise_alert("mail_refused", f"mail:{mail.pk}", to=mail.to, subject=mail.subject)


def backoff(attempts: int) -> float:
    """Seconds to the next attempt after so many, with full jitter."""
    return random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(attempts, 12)))


def _release(claims: list[Claim]) -> None:
    for held in claims:
        _held(held).update(lease_until=None)


def _held(held: Claim) -> QuerySet[Mail]:
    return Mail.objects.filter(pk=held.pk, fence=held.fence, sent_at=None)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.debug("the mail server left without a word", exc_info=True)


sender = Beside("mail", send)
